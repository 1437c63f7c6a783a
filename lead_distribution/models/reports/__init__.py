from . import report
from . import dashboard
