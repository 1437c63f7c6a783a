from . import decline_reason
from . import stopped
from . import by_hand
from . import follow
from . import hours
from . import declining
