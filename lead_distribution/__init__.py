from . import controllers
from . import models
from . import demo
from . import wizards
from .hooks import pre_init_hook, uninstall_hook
