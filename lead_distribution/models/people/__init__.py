from . import level
from . import skill
from . import cap
from . import member
from . import member_rules
from . import member_presence
from . import res_users
from . import member_pause
