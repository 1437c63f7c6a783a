from . import run
from . import line_up
from . import apply
from . import figures
from . import tracking_line
from . import assignment
from . import report
from . import costs
