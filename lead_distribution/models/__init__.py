from . import base
from . import campaign
from . import people
from . import run
from . import lead
from . import settings
from . import reports
from . import imports
