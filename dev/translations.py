"""Checks of the translations, without Odoo: ``python dev/translations.py``, with Odoo's Python.

The templates have the terms of the source, each language has all terms of the template, and a translation keeps what
its term has in it: places for values, tags, blanks at its ends. ``make terms`` brings all files up to the source;
what is said here and not mended by it has to be translated.
"""

import re
import sys
from collections import Counter

import polib
import terms
from common import ROOT, say

SAME = ROOT / "dev" / "same_words.txt"
HOLES = re.compile(r"%\(\w+\)[.\d]*[a-z]|%[.\d]*[sdf]|%%|\$?\{+[^{}]*\}+|<[^<>]+>")
QUOTES = {"de": "„“", "es": "«»", "fr": "«»"}  # of one language each; the others quote as English does
ALL_QUOTES = set("“”„«»")
HAS_WORDS = re.compile(r"[^\W\d_]{2}")


def check(addon):
    """Yield what is wrong with the terms and the languages of an addon."""
    path = terms.get_template(addon)
    if not path.exists():
        yield f"{path.relative_to(ROOT)}: is missing; make terms makes it"
        return
    template = polib.pofile(str(path))
    yield from check_template(addon.name, terms.list_literals(addon), template)
    same = read_same(SAME.read_text())
    for path in terms.list_languages(addon):
        where = path.relative_to(ROOT)
        if not path.exists():
            yield f"{where}: is missing; make terms makes it"
            continue
        language = polib.pofile(str(path))
        yield from (f"{where}: {fault}" for fault in check_language(template, language, same.get(path.stem, ())))
        yield from (f"{where}: {fault}" for fault in check_quotes(path.stem, language))


def check_template(name, literals, template):
    """Yield where the template is not what the source says.

    :param literals: see ``terms.list_literals``
    """
    known = {entry.msgid for entry in template}
    for place, texts in literals.items():
        new = (text for text in sorted(texts) if text not in known and HAS_WORDS.search(HOLES.sub("", text)))
        yield from (f"{name}/{place}: the template has no “{shorten(text)}”: make terms" for text in new)
    prefix = f"code:addons/{name}/"
    for entry in template:
        for place, _line in entry.occurrences:
            path = place.removeprefix(prefix)
            if path != place and path.endswith((".py", ".js")) and entry.msgid not in literals.get(path, ()):
                yield f"{name}/{path}: “{shorten(entry.msgid)}” stands in the template only: make terms"


def check_language(template, language, same=()):
    """Yield what is wrong with the file of a language.

    :param same: terms that are the same in this language
    """
    counts = Counter(entry.msgid for entry in language if not entry.obsolete)
    yield from (f"“{shorten(term)}” stands there {count} times" for term, count in counts.items() if count > 1)
    if language.obsolete_entries():
        yield f"{len(language.obsolete_entries())} terms nobody uses any more"
    wanted = {entry.msgid for entry in template}
    yield from (f"“{shorten(term)}” is missing" for term in sorted(wanted - set(counts)))
    yield from (f"“{shorten(term)}” is no term" for term in sorted(set(counts) - wanted))
    for entry in language:
        if not entry.obsolete:
            fault = "is marked as fuzzy" if entry.fuzzy else find_fault(entry.msgid, entry.msgstr, same)
            if fault:
                yield f"“{shorten(entry.msgid)}” {fault}"


def check_quotes(code, language):
    """Yield the translations whose quotation marks are those of another language, or stand alone."""
    opening, closing = QUOTES.get(code, "“”")
    for entry in language:
        text = "" if entry.obsolete else entry.msgstr
        if set(text) & (ALL_QUOTES - {opening, closing}) or text.count(opening) != text.count(closing):
            yield f"“{shorten(entry.msgid)}” has other quotation marks than {opening}…{closing}"


def find_fault(term, text, same=()):
    """Return what is wrong with a translation, or nothing.

    >>> find_fault("%(count)s leads", "%(anzahl)s Leads")
    'does not keep what is filled in: %(count)s, but %(anzahl)s'
    """
    if not text.strip():
        return "is not translated"
    holes, found = Counter(HOLES.findall(term)), Counter(HOLES.findall(text))
    if holes != found:
        lost, new = ", ".join((holes - found).elements()), ", ".join((found - holes).elements())
        return f"does not keep what is filled in: {lost or 'nothing missing'}, but {new or 'nothing instead'}"
    if get_ends(term) != get_ends(text):
        return "has other blanks at its ends"
    if text == term and term not in same and HAS_WORDS.search(HOLES.sub("", term)):
        return f"is left in English; if it is the same word, it belongs into {SAME.relative_to(ROOT)}"
    return ""


def get_ends(text):
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def read_same(text):
    """Return {language: terms that are the same in it}; a line each: languages, a tab, the term as it is written.

    >>> read_same("# why\\nde fr\\tStatus\\n")
    {'de': {'Status'}, 'fr': {'Status'}}
    """
    same = {}
    for line in text.splitlines():
        languages, tab, term = line.partition("\t")
        for language in languages.split() if tab else ():
            same.setdefault(language, set()).add(term.replace("\\n", "\n"))
    return same


def shorten(text):
    """Return the beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def main():
    """Print all findings; return 1 if there are any."""
    findings = [line for addon in terms.list_addons() for line in check(addon)]
    for line in findings:
        say(line)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
