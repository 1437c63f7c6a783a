from . import typed
from . import guard
from . import form
