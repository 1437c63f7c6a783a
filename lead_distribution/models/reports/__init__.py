from . import report
from . import salesperson
from . import analytics
from . import dashboard
from . import dashboard_runs
from . import dashboard_own
