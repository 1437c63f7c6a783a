from . import status
from . import lead
from . import classification
from . import faster
from . import mail_message
from . import lead_import
from . import my_leads
from . import team_leader
