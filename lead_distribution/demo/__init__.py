from . import demo_data
from . import demo_history
from . import demo_live
from . import demo_following
from . import demo_experiments
