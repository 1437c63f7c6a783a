from . import experiment
from . import deal
from . import dealt
