from . import main
from . import lead_import
from . import reports
