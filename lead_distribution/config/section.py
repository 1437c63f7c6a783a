# pylint: disable=prefer-env-translation
class SectionMapper:
    """Reads one section of a configuration; ``HERE`` is its path.

    :param context: what is shared while a configuration is read
    """

    HERE = ()

    def __init__(self, context):
        self.context = context
        self._ = context._

    def get(self, *path, default=None):
        """Return the value at a path below the section, or the default where it is not given."""
        return self.context.get(*self.HERE, *path, default=default)
