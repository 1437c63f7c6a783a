# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Reads a configuration: YAML or JSON text, or a dict, into plain data with line numbers.

Files are hostile: no tags that make objects, no keys written twice, no aliases that grow
without end, no bottomless nesting, no text of any size.
"""

import json
import re
from collections import Counter
from datetime import date, datetime

from ..tools.storable import is_storable
from .report import Report

try:
    import yaml
except ImportError:  # JSON and dicts can still be read
    yaml = None

MAX_CHARACTERS = 2_000_000
MAX_VALUES = 200_000
MAX_DEPTH = 40
SHORT_TEXT = 100_000
MAX_NUMBER = 40  # characters; anything longer is a text
LARGEST = 10**18
# a notation of manuals for "one of these": key: "a" | "b". No YAML, so nobody means it as a text
QUOTED = r"""(?:"[^"]*"|'[^']*')"""
ALTERNATIVES = re.compile(rf"""^([^:|]*:[ \t]+)({QUOTED})[ \t]+\|[ \t]""")
PLAIN_TAGS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
PLAIN = (str, int, float, bool, date, datetime, type(None))
NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


def _make_loader(text):
    """Return a reader of YAML: for long texts libyaml's quick one, but nested in Python, which notices depth.

    Python's own says more exactly where something is wrong.
    """
    if len(text) < SHORT_TEXT or not yaml.__with_libyaml__:
        return yaml.SafeLoader(text)
    from yaml.cyaml import CParser

    class Loader(yaml.composer.Composer, CParser, yaml.resolver.Resolver):
        def __init__(self, stream):
            CParser.__init__(self, stream)
            yaml.composer.Composer.__init__(self)
            yaml.resolver.Resolver.__init__(self)

    return Loader(text)


class Unreadable(Exception):
    """The text cannot be read any further; the report says why."""


class Reader:
    """Reads one source; afterwards ``report.lines`` has the line of each path."""

    def __init__(self, report: Report, _):
        self.report = report
        self._ = _
        self.values = 0
        self.characters = 0

    def read_source(self, source):
        """Return the data of a source.

        :param source: YAML or JSON text, bytes in UTF-8, or a dict
        :raise Unreadable: after adding what is wrong to the report
        """
        if isinstance(source, (bytes, bytearray)):
            try:
                source = bytes(source).decode("utf-8-sig")
            except UnicodeDecodeError:
                self._stop(self._("The file is no text in UTF-8."))
        if isinstance(source, str):
            data = self._read_text(source.removeprefix("\ufeff"))
        else:
            data = self._copy(source, ())
        if data is None:
            self._stop(self._("The configuration is empty."))
        if not isinstance(data, dict):
            self._stop(self._("A configuration consists of keys and values, like “campaign: …”."))
        return data

    def _stop(self, text, line=None):
        self.report.add("problem", (), text, line)
        raise Unreadable(text)

    def _read_text(self, text):
        if len(text) > MAX_CHARACTERS:
            self._stop(self._("The text is longer than %s characters.", MAX_CHARACTERS))
        if not is_storable(text):
            self._stop(self._("The text contains a character that cannot be stored."))
        if text.lstrip().startswith("{"):
            try:
                return self._copy(json.loads(text, object_pairs_hook=self._pairs), ())
            except ValueError as error:
                if yaml is None:
                    self._stop(self._("This is no JSON: %s.", error), getattr(error, "lineno", None))
            except RecursionError:
                self._stop(self._("The values are nested too deeply."))
        if yaml is None:
            self._stop(self._("To read YAML, the server needs the Python package PyYAML. JSON works without it."))
        try:
            node, chosen = self._compose(text)
            data = self._build(node, (), 0)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            details = ", ".join(part for part in (error.context, error.problem) if part)
            self._stop(self._("This is no YAML: %s.", details), mark and mark.line + 1)
        except yaml.YAMLError as error:
            self._stop(self._("This is no YAML: %s.", str(error).splitlines()[0]))
        except RecursionError:
            self._stop(self._("The values are nested too deeply."))
        self._tell_alternatives(chosen)
        return data

    def _compose(self, text):
        """Return the nodes of a YAML text, and the lines that have several values: {line: its values}."""
        try:
            return _make_loader(text).get_single_node(), {}
        except yaml.YAMLError:
            text, chosen = self._choose_first(text)
            if not chosen:
                raise
            return _make_loader(text).get_single_node(), chosen

    def _pairs(self, pairs):
        data = dict(pairs)
        if len(data) < len(pairs):
            twice = [key for key, count in Counter(key for key, _value in pairs).items() if count > 1]
            for key in twice:
                self.report.add("problem", (key,), self._("The key is there twice."))
        return data

    def _choose_first(self, text):
        """Take the first of several values, so that the rest of the text can be checked, too."""
        chosen, lines = {}, text.split("\n")
        for number, line in enumerate(lines):
            found = ALTERNATIVES.match(line)
            if found:
                key, first = found.groups()
                lines[number] = key + first
                values = line[len(key) :].split(" #", 1)[0].split("|")
                chosen[number + 1] = ", ".join(value.strip().strip("\"'") for value in values)
        return "\n".join(lines), chosen

    def _tell_alternatives(self, chosen):
        paths = {line: path for path, line in self.report.lines.items()}
        for line, values in chosen.items():
            if line in paths:  # else it is a line of a text
                self.report.add("problem", paths[line], self._("Write one of these values: %s.", values), line)

    def _count(self, path):
        self.values += 1
        if self.values > MAX_VALUES:
            self._stop(self._("There are more than %s values.", MAX_VALUES))
        if len(path) > MAX_DEPTH:
            self._stop(self._("The values are nested too deeply."))

    def _count_characters(self, text):
        """Texts that are repeated by aliases or variables count each time."""
        self.characters += len(text)
        if self.characters > MAX_CHARACTERS:
            self._stop(self._("The text is longer than %s characters.", MAX_CHARACTERS))

    def _build(self, node, path, depth):
        """Return the value of a YAML node; aliases are written out, and counted."""
        if node is None:
            return None
        self._count(path)
        self.report.lines.setdefault(path, node.start_mark.line + 1)
        if not isinstance(node, yaml.ScalarNode) and node.tag not in PLAIN_TAGS:
            self.report.add("problem", path, self._("The tag %s is not allowed here.", node.tag))
            return None
        if isinstance(node, yaml.MappingNode):
            return self._build_mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self._build(item, (*path, number), depth + 1) for number, item in enumerate(node.value)]
        self._count_characters(node.value)
        if node.tag in NUMBERS and len(node.value) > MAX_NUMBER:
            return node.value
        try:
            return yaml.constructor.SafeConstructor().construct_object(node)
        except yaml.constructor.ConstructorError:
            self.report.add("problem", path, self._("The tag %s is not allowed here.", node.tag))
            return None
        except (ValueError, OverflowError):  # e.g. a date that does not exist
            return node.value

    def _build_mapping(self, node, path, depth):
        data, merged = {}, {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.report.add("problem", path, self._("A key must be a text."), key_node.start_mark.line + 1)
                continue
            key, below = key_node.value, (*path, key_node.value)
            if key_node.tag == "tag:yaml.org,2002:merge":
                merged.update(self._build_merged(value_node, path, depth))
                continue
            line = key_node.start_mark.line + 1
            if key in data:
                text = self._("The key is there twice; the first one is in line %s.", self.report.lines.get(below))
                self.report.add("problem", below, text, line)
                continue
            self.report.lines[below] = line
            data[key] = self._build(value_node, below, depth + 1)
        return {**merged, **data}

    def _build_merged(self, node, path, depth):
        value = self._build(node, (*path, "<<"), depth + 1)
        parts = value if isinstance(value, list) else [value]
        return {key: part[key] for part in reversed(parts) if isinstance(part, dict) for key in part}

    def _copy(self, value, path):
        """Return plain data as it is; anything else is no configuration."""
        self._count(path)
        if isinstance(value, dict):
            return {self._copy_key(key, path): self._copy(item, (*path, str(key))) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._copy(item, (*path, number)) for number, item in enumerate(value)]
        if isinstance(value, str):
            self._count_characters(value)
        if isinstance(value, int) and abs(value) > LARGEST:
            self.report.add("problem", path, self._("The number is too large."))
            return None
        if not isinstance(value, PLAIN):
            self.report.add("problem", path, self._("A value of the type %s is not allowed.", type(value).__name__))
            return None
        return value

    def _copy_key(self, key, path):
        if not isinstance(key, PLAIN) or (isinstance(key, int) and abs(key) > LARGEST):
            self.report.add("problem", path, self._("A key must be a text."))
            raise Unreadable(str(path))
        self._count_characters(str(key))
        return str(key)
