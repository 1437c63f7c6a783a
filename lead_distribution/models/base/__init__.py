from . import ir_cron
from . import aside
from . import referring
from . import typed
from . import guard
from . import part
from . import form
from . import partly_open
