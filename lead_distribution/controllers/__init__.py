from . import main
from . import reports
