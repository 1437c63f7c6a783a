from . import test_data_protection
from . import test_extension
