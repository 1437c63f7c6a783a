from . import decline_reason
from . import stopped
from . import by_hand
from . import follow
from . import cover
from . import handover
from . import hours
from . import declining
