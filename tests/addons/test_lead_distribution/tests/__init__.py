from . import test_data_protection
from . import test_extension
from . import test_warm_browser
