"""Turns the condition of a database query into a domain; never into SQL."""

import re
from dataclasses import dataclass

# what may be asked of users; all else (passwords, keys …) is refused
FIELDS = {
    "id": "id",
    "name": "name",
    "login": "login",
    "email": "email",
    "active": "active",
    "company_id": "company_id",
    "sales_team_id": "sale_team_id",
    "sale_team_id": "sale_team_id",
    "team_id": "sale_team_id",
    "share": "share",
}
MAX_LENGTH = 1000
MAX_NESTED = 40
TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<operator><=|>=|<>|!=|=|<|>)"
    r"|(?P<mark>[(),])|(?P<word>[A-Za-z_][\w.]*))"
)
LITERALS = {"TRUE": True, "FALSE": False}


class NotUnderstood(ValueError):
    """The condition has a part that is not supported; the argument is that part."""


@dataclass
class _Tokens:
    items: list
    position: int = 0

    def peek(self):
        return self.items[self.position] if self.position < len(self.items) else ("end", "")

    def take(self):
        token = self.peek()
        self.position += 1
        return token

    def take_word(self, *words):
        kind, value = self.peek()
        if kind == "word" and value.upper() in words:
            self.position += 1
            return value.upper()
        return None

    def expect(self, mark):
        if self.peek()[1] != mark:
            raise NotUnderstood(self.peek()[1] or mark)
        self.position += 1


def parse_where(text):
    """Return a condition as a domain in list form.

    Understood: ``=``, ``<>``, ``<``, ``>``, ``IN``, ``LIKE``, ``IS NULL``, ``AND``, ``OR``,
    ``NOT``, brackets, and the columns of ``FIELDS``.

    :raise NotUnderstood: for anything else

    >>> parse_where("active = true AND sales_team_id = 1")
    ['&', ('active', '=', True), ('sale_team_id', '=', 1)]
    >>> parse_where("name IN ('Ann', 'Bob') OR NOT id > 5")
    ['|', ('name', 'in', ['Ann', 'Bob']), '!', ('id', '>', 5)]
    >>> parse_where("1=1; DROP TABLE res_users")
    Traceback (most recent call last):
    ...
    lead_distribution.config.where_clause.NotUnderstood: ; DROP TABLE res_users
    """
    tokens = _Tokens(_split(text))
    domain = _parse_or(tokens)
    if tokens.peek()[0] != "end":
        raise NotUnderstood(tokens.peek()[1])
    return domain


def _split(text):
    if len(text) > MAX_LENGTH:
        raise NotUnderstood(text[:40])
    tokens, position = [], 0
    text = text.rstrip()
    if max(text.count("("), text.upper().count("NOT")) > MAX_NESTED:
        raise NotUnderstood(text[:40])
    while position < len(text):
        found = TOKEN.match(text, position)
        if not found:
            raise NotUnderstood(text[position:].strip())
        tokens.append((found.lastgroup, found.group(found.lastgroup)))
        position = found.end()
    return tokens


def _parse_or(tokens):
    left = _parse_and(tokens)
    while tokens.take_word("OR"):
        left = ["|", *left, *_parse_and(tokens)]
    return left


def _parse_and(tokens):
    left = _parse_not(tokens)
    while tokens.take_word("AND"):
        left = ["&", *left, *_parse_not(tokens)]
    return left


def _parse_not(tokens):
    if tokens.take_word("NOT"):
        return ["!", *_parse_not(tokens)]
    if tokens.peek()[1] == "(":
        tokens.take()
        inner = _parse_or(tokens)
        tokens.expect(")")
        return inner
    return _parse_comparison(tokens)


def _parse_comparison(tokens):
    kind, column = tokens.take()
    name = FIELDS.get(column.lower().rpartition(".")[2]) if kind == "word" else None
    if not name:
        raise NotUnderstood(column)
    if tokens.take_word("IS"):
        negated = tokens.take_word("NOT")
        if not tokens.take_word("NULL"):
            raise NotUnderstood(tokens.peek()[1])
        return [(name, "!=" if negated else "=", False)]
    negated = tokens.take_word("NOT")
    word = tokens.take_word("IN", "LIKE", "ILIKE")
    if word == "IN":
        return [(name, "not in" if negated else "in", _parse_list(tokens))]
    if word:
        operator = {"LIKE": "=like", "ILIKE": "=ilike"}[word]
        condition = [(name, operator, _parse_value(tokens))]
        return ["!", *condition] if negated else condition
    kind, operator = tokens.take()
    if kind != "operator" or negated:
        raise NotUnderstood(operator)
    return [(name, "!=" if operator == "<>" else operator, _parse_value(tokens))]


def _parse_list(tokens):
    tokens.expect("(")
    values = [_parse_value(tokens)]
    while tokens.peek()[1] == ",":
        tokens.take()
        values.append(_parse_value(tokens))
    tokens.expect(")")
    return values


def _parse_value(tokens):
    kind, value = tokens.take()
    if kind == "text":
        return value[1:-1].replace("''", "'")
    if kind == "number":
        return float(value) if "." in value else int(value)
    if kind == "word" and value.upper() in LITERALS:
        return LITERALS[value.upper()]
    raise NotUnderstood(value)
