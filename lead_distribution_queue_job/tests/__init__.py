from . import test_jobs
from . import test_import_jobs
from . import test_live_jobs
