from . import lead_status
from . import lead
from . import lead_classification
from . import lead_received
from . import faster
from . import mail_message
from . import lead_import
