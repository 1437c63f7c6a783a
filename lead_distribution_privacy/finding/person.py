"""A person by name and e-mail address: found in texts, and taken out of them."""

import html
import json
import re

from markupsafe import escape

from odoo.addons.lead_distribution.names import MASKED

# a letter before or after is another name; in JSON, a new line is written as the letters \n
_NAME = r"(^|[^[:alnum:]]|\\[nrt])({})($|[^[:alnum:]])"
_ADDRESS = r"(^|[^[:alnum:]._%+-]|\\[nrt])({})($|[^[:alnum:].-]|\.($|[^[:alnum:]]))"
WRITTEN = (str, html.escape, lambda word: str(escape(word)), lambda word: json.dumps(word, ensure_ascii=False)[1:-1])


class Person:
    """Somebody to be found.

    :param name: as it may stand in texts
    :param email: normalized address
    """

    def __init__(self, name, email):
        self.name = " ".join(name.split())
        self.email = email
        # in pages and in JSON, some signs of a name are written otherwise: a quotation mark, an apostrophe
        names = [r"\s+".join(re.escape(write(word)) for word in self.name.split()) for write in WRITTEN]
        self._names = [text for text in dict.fromkeys(names) if text]
        self._address = re.escape(email)
        inside = "|".join([*(rf"(?<![^\W_]){text}(?![^\W_])" for text in self._names),
                           rf"(?<![\w.%+-]){self._address}(?![\w-]|\.\w)"])  # fmt: skip
        self._inside = re.compile(inside, re.IGNORECASE)

    def get_pattern(self):
        """Return a regular expression of PostgreSQL, for ``~*``."""
        found = [_NAME.format("|".join(self._names))] if self._names else []
        return "|".join([*found, _ADDRESS.format(self._address)])

    def get_word_patterns(self):
        """Return one such expression for each word of the name; none of a name of one word."""
        words = self.name.split()
        return [_NAME.format(re.escape(word)) for word in words] if len(words) > 1 else []

    def is_named_in(self, text):
        """Whether a text names the person.

        >>> ann = Person("Ann Lee", "ann@x.com")
        >>> [ann.is_named_in(text) for text in ("for ann  LEE.", "Joann Lee", "<Ann@x.com>", "joann@x.com", "")]
        [True, False, True, False, False]
        >>> mia = Person("Mia O'Brien", "mia@x.com")
        >>> [mia.is_named_in(text) for text in ("by Mia O&#39;Brien", "Mia O&#x27;Brien", "Mia O'Brien's")]
        [True, True, True]
        """
        return bool(text and self._inside.search(text))

    def is_named_by(self, texts):
        """Whether texts name the person together, as first and last name in two cells do.

        >>> Person("Ann Lee", "ann@x.com").is_named_by(["Lee", "Ann"])
        True
        """
        cells = {word.casefold() for text in texts for word in text.split()}
        words = self.name.casefold().split()
        return self.is_named_in(" | ".join(texts)) or (len(words) > 1 and cells.issuperset(words))

    def mask(self, value):
        """Return a text, list or dict in which dots stand for the person.

        >>> Person("Ann Lee", "ann@x.com").mask({"Ann Lee": ["to ann@x.com", 5]})
        {'•••': ['to •••', 5]}
        """
        if isinstance(value, str):
            return self._inside.sub(MASKED, value)
        if isinstance(value, list):
            return [self.mask(item) for item in value]
        if isinstance(value, dict):
            return {self.mask(key): self.mask(item) for key, item in value.items()}
        return value
