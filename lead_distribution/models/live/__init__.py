from . import waiting
from . import not_taken
from . import absence
from . import presence
from . import screens
from . import res_users
from . import leaves
