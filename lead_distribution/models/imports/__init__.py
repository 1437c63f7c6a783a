from . import batch
from . import wizard
from . import row
from . import key
from . import caller
from . import column
from . import template
