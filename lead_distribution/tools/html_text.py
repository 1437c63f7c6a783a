"""Text that goes where HTML is kept: it stays text. Pure Python with markupsafe."""

from markupsafe import Markup


def text_to_html(text):
    """Return the HTML that shows a text as it is: nothing in it is a tag, a link or a picture, lines stay lines.

    >>> str(text_to_html("<Bob>\\nhttp://a"))
    '<p>&lt;Bob&gt;<br>http://a</p>'
    """
    return Markup("<p>%s</p>") % Markup("<br>").join(text.splitlines())
