from . import batch
from . import work
from . import wizard
from . import row
from . import key
from . import caller
from . import column
from . import template
