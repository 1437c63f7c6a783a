from . import queue_job
from . import lead_distribution_campaign
from . import lead_distribution_run
from . import lead_import_batch
from . import lead_distribution_waiting
