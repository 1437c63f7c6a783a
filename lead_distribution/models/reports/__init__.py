from . import report
from . import dashboard
from . import who_is_there
