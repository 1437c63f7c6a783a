from . import waiting
from . import not_taken
from . import change
from . import absence
from . import presence
from . import screens
from . import res_users
from . import leaves
