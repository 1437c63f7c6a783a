from . import status
from . import lead
from . import by_hand
from . import classification
from . import faster
from . import mail_message
from . import lead_import
from . import my_leads
