from . import experiment
from . import result
from . import deal
from . import dealt
