"""Values of a column that are none of ours: what they mean, by a person's choice, an earlier file, or a guess.

The check of the rows meets them one by one and counts them; they are shown once, with how many rows each, and
what is chosen holds for all rows at the next check and is kept for the next file.
"""

from typing import NamedTuple

from odoo.fields import Command

from ..work.system import as_system
from .targets import LEAVE_OUT
from .value_names import PRIORITY_WORDS, STATUS_WORDS, guess, value_key

ASKED = ("status", "priority", "country")  # of these people are asked; the others are shown
MOST_VALUES = 300  # different ones of a column: more are no fixed vocabulary, and go to the notes
MOST_KEPT, LONGEST = 2_000, 255
TEMPLATES = 200


class Vocabulary(NamedTuple):
    """Where a meaning is chosen: the field of ``lead.import.value``, and its model, if it is a record."""

    field: str
    model: str | None = None


VOCABULARIES = {
    "status": Vocabulary("status_id", "crm.lead.status"),
    "priority": Vocabulary("priority"),
    "country": Vocabulary("country_id", "res.country"),
    "source": Vocabulary("source_id", "utm.source"),
    "medium": Vocabulary("medium_id", "utm.medium"),
    "marketing_campaign": Vocabulary("marketing_campaign_id", "utm.campaign"),
}


class Meanings:
    """What values mean, and how often they were met.

    :param lookups: knows the names of the database
    :param chosen: {(target, key): meaning} of a person, now or for an earlier file; None: for the notes
    :param met: {target: {key: [text, rows]}} of rows that were checked before
    """

    def __init__(self, lookups, chosen, met=None):
        self.lookups, self.chosen = lookups, chosen
        self.met = {target: dict(values) for target, values in (met or {}).items()}
        self._guesses, self._names = {}, {}

    def find(self, target, text):
        """Return the meaning of a text that is no name of ours: id, stars, ``LEAVE_OUT``, or None for the notes."""
        key = value_key(text)
        if (target, key) in self.chosen:
            return self.chosen[target, key]
        if (target, key) not in self._guesses and len(self._guesses) < MOST_VALUES * len(VOCABULARIES):
            self._guesses[target, key] = self._guess(target, key)
        return self._guesses.get((target, key))

    def _guess(self, target, key):
        if target == "priority":
            return guess(key, PRIORITY_WORDS)
        names = self._get_names(target)
        if target == "status":
            return guess(key, names) or self.lookups.status(guess(key, STATUS_WORDS) or "")
        # names that people make up are guessed only where they are another way of writing the same
        return guess(key, names, typing_errors=target in ASKED)

    def _get_names(self, target):
        """Return {name, as it is compared: id}; read once."""
        if target not in self._names:
            of = {"status": self.lookups.status_names, "country": self.lookups.country_names}
            self._names[target] = of[target]() if target in of else self.lookups.names(target)
        return self._names[target]

    def count(self, values):
        """Count the values that were met in a row.

        :param values: list of (target, text)
        """
        for target, text in values:
            met, key = self.met.setdefault(target, {}), value_key(text)
            if key in met:
                met[key] = [met[key][0], met[key][1] + 1]
            elif len(met) < MOST_VALUES:
                met[key] = [text.strip()[:LONGEST], 1]


def load_meanings(batch, lookups):
    """Return the ``Meanings`` of an import: as chosen now, else as kept from earlier files."""
    chosen = {**get_kept_meanings(batch), **get_chosen(batch)}
    return Meanings(lookups, chosen, batch.values_met)


def get_chosen(batch):
    """Return {(target, key): meaning} that the page of values shows."""
    return {(value.target, value.key): get_meaning(value) for value in batch.value_ids}


def get_meaning(value):
    """Return what a value means: an id, a number of stars, that its rows are left out; None: nothing.

    :param value: ``lead.import.value``
    """
    if value.left_out:
        return LEAVE_OUT
    vocabulary = VOCABULARIES[value.target]
    meaning = value[vocabulary.field]
    return (meaning.id if vocabulary.model else meaning) or None


def describe_meaning(value):
    """Return in words what becomes of a value."""
    vocabulary = VOCABULARIES[value.target]
    meaning = value[vocabulary.field]
    if value.left_out:
        return value.env._("left out")
    if not meaning:
        return value.env._("kept in the notes")
    if vocabulary.model:
        return meaning.display_name
    return dict(value._fields[vocabulary.field]._description_selection(value.env))[meaning]


def get_kept_meanings(batch):
    """Return {(target, key): meaning} of earlier files; a saved mapping, and the same columns, count most."""
    templates = batch.env["lead.import.template"]
    domain = [("kind", "=", batch.kind), ("company_id", "in", (False, batch.company_id.id))]
    found = templates.search([*domain, ("meanings", "!=", False)], limit=TEMPLATES, order="write_date desc")
    same = found.filtered(lambda template: batch.header_signature and template.signature == batch.header_signature)
    kept = {}
    for template in (*reversed(found), *reversed(same), *batch.template_id):
        for target, meanings in (template.meanings or {}).items():
            kept.update({(target, key): meaning for key, meaning in meanings.items()})
    return _drop_deleted(batch.env, kept)


def _drop_deleted(env, kept):
    """Leave out meanings whose record is gone."""
    there = {}
    for target, vocabulary in VOCABULARIES.items():
        ids = {meaning for (of, _key), meaning in kept.items() if of == target and isinstance(meaning, int)}
        if vocabulary.model and ids:
            there[target] = set(env[vocabulary.model].browse(ids).exists().ids)
    return {
        (target, key): meaning
        for (target, key), meaning in kept.items()
        if not isinstance(meaning, int) or meaning in there.get(target, ())
    }


def show_values(batch, meanings):
    """Put what the check has met on the page of values, with what each was taken for."""
    known = {(value.target, value.key): value for value in batch.value_ids}
    commands = []
    for target, met in meanings.met.items():
        for key, (text, rows) in met.items():
            value = known.pop((target, key), None)
            if value:
                commands.append(Command.update(value.id, {"rows": rows}))
            else:
                commands.append(Command.create(_prepare_value(meanings, target, key, text, rows)))
    commands += [Command.delete(value.id) for value in known.values()]
    batch.value_ids = commands
    as_system(batch).values_read = _describe_chosen(batch)


def _prepare_value(meanings, target, key, text, rows):
    meaning = meanings.find(target, text)
    is_kept = (target, key) in meanings.chosen
    certainty = "kept" if is_kept else "guess" if meaning is not None else "none"
    chosen = {"left_out": True} if meaning == LEAVE_OUT else {VOCABULARIES[target].field: meaning}
    return {"target": target, "key": key, "value": text, "rows": rows, "certainty": certainty, **chosen}


def has_questions(batch):
    """Say whether there are values that nobody has looked at, and that cost something if they are misread."""
    return any(value.certainty in ("none", "guess") and value.target in ASKED for value in batch.value_ids)


def shows_values(batch):
    """Say whether the page of values is one of the steps, and not only to be had on demand."""
    return any(value.target in ASKED for value in batch.value_ids)


def settle_values(batch):
    """Take the page of values as it is; return whether the rows must be checked anew for it."""
    batch.value_ids.certainty = "chosen"
    return batch.values_read != _describe_chosen(batch)


def _describe_chosen(batch):
    """Return what the values mean, to see whether that was changed since."""
    return sorted([target, key, str(meaning)] for (target, key), meaning in get_chosen(batch).items())


def prepare_meanings(batch):
    """Return {target: {key: meaning}} to be kept: of fixed vocabularies also that a value means nothing."""
    kept = {}
    for value in batch.value_ids:
        meaning = get_meaning(value)
        if meaning is not None or (value.target in ASKED and value.certainty in ("chosen", "kept")):
            kept.setdefault(value.target, {})[value.key] = meaning
    return kept


def is_meaning_table(table):
    """Say whether something is {target: {key: meaning}}."""
    if not isinstance(table, dict) or not table.keys() <= VOCABULARIES.keys():
        return False
    return all(
        isinstance(part, dict) and len(part) <= MOST_KEPT and all(_is_meaning(meaning) for meaning in part.values())
        for part in table.values()
    )


def _is_meaning(meaning):
    is_id = isinstance(meaning, int) and not isinstance(meaning, bool) and 0 < meaning < 2**31
    return meaning is None or is_id or meaning in ("0", "1", "2", "3", LEAVE_OUT)
