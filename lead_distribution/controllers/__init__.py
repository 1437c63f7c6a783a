from . import main
from . import lead_import
