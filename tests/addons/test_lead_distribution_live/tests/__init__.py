from . import test_time_off
from . import test_ways_in
from . import test_website_news
