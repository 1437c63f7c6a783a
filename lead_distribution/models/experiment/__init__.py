from . import experiment
from . import course
from . import result
from . import report
from . import deal
from . import dealt
