"""Cleaning of one row: from texts under targets to the values of a lead. Pure Python.

What needs the database (countries, statuses, phone formats) is asked of ``lookups``.
"""

from dataclasses import dataclass, field

from . import cleaning
from .targets import CODES, IGNORE, LEAVE_OUT, NOTES

NAMES = {"contact_name", "first_name", "last_name"}
PLAIN = {"street": "street", "street2": "street2", "city": "city", "zip": "zip", "function": "function",
         "website": "website"}  # fmt: skip
BY_NAME = {"source": "_source", "medium": "_medium", "marketing_campaign": "_campaign"}
UNKNOWN = "_unknown_"  # before a target: the names that a row has there and that nothing has
LONGEST_LABEL = 255  # of what is looked up by its name: no index of the database takes much longer ones
LONGEST = {"notes": 131_000, "tags": 8_000, **dict.fromkeys(BY_NAME, LONGEST_LABEL)}
MAX_EMAIL, MAX_DIGITS, MAX_NAME_KEY = 254, 25, 300  # longer ones are none, and no index takes them
PRIORITIES = {"low": "0", "medium": "1", "normal": "1", "high": "2", "very high": "3", "urgent": "3", "highest": "3"}


@dataclass(slots=True)
class Cleaned:
    """A row after cleaning.

    ``values`` are fields of the lead; names that are not resolved yet begin with ``_``.
    ``problems``: (code, parameters) that reject the row. ``changes``: codes of what was done.
    ``odd_values``: (target, text) that are no names of ours; ``left_out``: the one that a person wants left out.
    ``tags``: all that the row names; those in ``values`` are the ones that the lead gets.
    """

    values: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    email_key: str | None = None
    phone_keys: list = field(default_factory=list)
    name_key: str | None = None
    do_not_call: str | None = None
    tags: list = field(default_factory=list)
    odd_values: list = field(default_factory=list)
    left_out: tuple | None = None


class RowCleaner:
    """Cleans rows of leads.

    :param lookups: has ``country(text)``, ``state(text, country_id)``, ``status(text)``,
        ``email(text)``, ``phone(text, country_id)``, ``known(target, name)``, ``is_blocked(...)``
    :param date_order: which comes first in dates that leave it open
    :param create_missing: names of sources and tags that do not exist may be created
    :param date_proved: the column shows that this is the order of its dates
    :param meanings: has ``find(target, text)`` for values that are no names of ours; without it nobody is asked,
        and an unknown status rejects the row
    :param point: the sign before decimals where a number leaves it open
    """

    def __init__(self, lookups, date_order="dmy", create_missing=False, date_proved=False, meanings=None, point="."):
        self.lookups = lookups
        self.date_order = date_order
        self.create_missing = create_missing
        self.date_proved = date_proved
        self.meanings = meanings
        self.point = point

    def clean(self, cells):
        """Return the cleaned row.

        :param cells: list of (target, name of the column, text)
        """
        row = Cleaned()
        texts = self._read_texts(row, cells)
        self._set_plain(row, texts)
        self._set_names(row, texts)
        self._set_place(row, texts)
        self._set_email(row, texts)
        self._set_phones(row, texts)
        self._set_status(row, texts)
        self._set_others(row, texts)
        self._finish(row, texts)
        return row

    def _read_texts(self, row, cells):
        texts = {}
        for target, header, raw in cells:
            if target == IGNORE or not raw:
                continue
            text = cleaning.clean_text(raw, lines=target == NOTES)
            if len(text) > LONGEST.get(target, cleaning.MAX_TEXT):
                row.problems.append(("too_long", {"name": header or self.lookups.label(target),
                                                  "limit": LONGEST.get(target, cleaning.MAX_TEXT)}))  # fmt: skip
                continue
            if text != raw:
                row.changes.append("trimmed" if text == raw.strip() else "cleaned")
            if cleaning.is_missing(text, is_code=target in CODES):
                row.changes.append("missing") if text else None
                continue
            target = _find_free(target, texts)
            if target == NOTES:
                row.notes.append(f"{header}: {text}" if header else text)
            elif target == "tags" and "tags" in texts:
                texts["tags"] = f"{texts['tags']}, {text}"
            else:
                texts[target] = text
        return texts

    def _set_plain(self, row, texts):
        if "website" in texts and not cleaning.is_website(texts["website"]):
            self._note(row, "website", texts.pop("website"), "bad_website")
        for target, name in PLAIN.items():
            if target in texts:
                row.values[name] = texts[target]
        if "company" in texts:
            row.values["partner_name"] = texts["company"]

    def _set_names(self, row, texts):
        for target in NAMES & texts.keys():
            fixed = cleaning.fix_name(texts[target])
            if fixed != texts[target]:
                row.changes.append("name_case")
                texts[target] = fixed
        full = texts.get("contact_name")
        if full:
            ordered = cleaning.order_name(full)
            if ordered != full:
                row.changes.append("name_order")
            full = ordered
        name = cleaning.join_name(texts.get("first_name"), full, texts.get("last_name"))
        if name:
            row.values["contact_name"] = name

    def _set_place(self, row, texts):
        country = self.lookups.country(texts["country"]) if "country" in texts else None
        if "country" in texts and not country:
            country = self._ask(row, "country", texts["country"])
        if country:
            row.values["country_id"] = country
        elif "country" in texts:
            self._note_unknown(row, "country", texts["country"])
        if "state" in texts:
            found = self.lookups.state(texts["state"], country)
            if found:
                row.values["state_id"], state_country = found
                row.values.setdefault("country_id", state_country)
            else:
                self._note_unknown(row, "state", texts["state"])

    def _ask(self, row, target, text):
        """Return what a value means that is no name of ours; None if it means nothing."""
        if not self.meanings:
            return None
        row.odd_values.append((target, text))
        meaning = self.meanings.find(target, text)
        if meaning == LEAVE_OUT:
            row.left_out = (target, text)
            return None
        return meaning

    def _note(self, row, target, text, change):
        """Keep what could not be understood in the notes, so that nothing is lost."""
        row.notes.append(f"{self.lookups.label(target)}: {text}")
        row.changes.append(change)

    def _note_unknown(self, row, target, text):
        """Keep a name of nothing that there is: in the notes, and for campaigns whose do-not-call rows name it."""
        self._note(row, target, text, f"unknown_{target}")
        row.values.setdefault(UNKNOWN + target, []).append(text)

    def _set_email(self, row, texts):
        text = texts.get("email")
        if not text:
            return
        normalized = self.lookups.email(text)
        if not normalized or len(normalized) > MAX_EMAIL:
            self._note(row, "email", text, "bad_email")
            row.email_key = text.lower()[:MAX_EMAIL]
            return
        if normalized != text:
            row.changes.append("email")
            if len(text) > len(normalized) and ("," in text or ";" in text):
                row.notes.append(f"{self.lookups.label('email')}: {text}")
        row.values["email_from"] = row.email_key = normalized

    def _set_phones(self, row, texts):
        """The first number becomes the phone; a second one goes to the notes, and is compared, too."""
        country = row.values.get("country_id")
        for target in ("phone", "mobile"):
            text = texts.get(target)
            digits = text and cleaning.digits_of(text)
            if not digits or len(digits) > MAX_DIGITS:
                self._note(row, target, text, "bad_phone") if text else None
                continue
            formatted = self.lookups.phone(text, country)
            keys = [digits, cleaning.digits_of(formatted)] if formatted else [digits]
            row.phone_keys += [key for key in dict.fromkeys(keys) if key not in row.phone_keys]
            if "phone" in row.values:
                row.notes.append(f"{self.lookups.label(target)}: {formatted or text}")
                continue
            row.values["phone"] = formatted or text
            if formatted:
                row.values["_e164"] = f"+{keys[-1]}"
            if not formatted:
                row.changes.append("odd_phone")
            elif formatted != text:
                row.changes.append("phone")

    def _set_status(self, row, texts):
        if "status" not in texts:
            return
        status = self.lookups.status(texts["status"]) or self._ask(row, "status", texts["status"])
        if status:
            row.values["lead_status_id"] = status
        elif self.meanings:
            self._note_unknown(row, "status", texts["status"])
        else:
            row.problems.append(("unknown_status", {"status": texts["status"]}))

    def _set_others(self, row, texts):
        for target, name in BY_NAME.items():
            if target in texts:
                self._set_named(row, target, name, [texts[target]])
        if "tags" in texts:
            tags = [tag for tag in (part.strip() for part in texts["tags"].replace(";", ",").split(",")) if tag]
            if any(len(tag) > LONGEST_LABEL for tag in tags):
                row.problems.append(("too_long", {"name": self.lookups.label("tags"), "limit": LONGEST_LABEL}))
            row.tags = tags
            self._set_named(row, "tags", "_tags", tags)
        if "priority" in texts:
            self._set_priority(row, texts["priority"])
        if "date" in texts:
            self._set_date(row, texts["date"])
        if "revenue" in texts:
            number = cleaning.read_number(texts["revenue"], self.point)
            if number is None:
                self._note(row, "revenue", texts["revenue"], "bad_number")
            else:
                row.values["expected_revenue"] = number

    def _set_named(self, row, target, name, texts):
        if target != "tags":
            texts = [self._read_name(row, target, text) for text in texts]
        known = [text for text in texts if self.create_missing or self.lookups.known(target, text)]
        for text in texts:
            if text not in known:
                self._note_unknown(row, target, text)
        if known:
            row.values[name] = known if target == "tags" else known[0]

    def _read_name(self, row, target, text):
        """Return the name that a text stands for, else the text."""
        if self.lookups.known(target, text):
            return text
        found = self._ask(row, target, text)
        return (found and self.lookups.name_of(target, found)) or text

    def _set_priority(self, row, text):
        """Stars: 0 to 3 as Odoo counts, or the names of its levels."""
        value = PRIORITIES.get(text.lower()) or (text if text in ("0", "1", "2", "3") else None)
        value = value or self._ask(row, "priority", text)
        if value is None:
            self._note(row, "priority", text, "bad_priority")
        else:
            row.values["priority"] = value

    def _set_date(self, row, text):
        day, is_ambiguous = cleaning.read_date(text, self.date_order)
        if day is None:
            self._note(row, "date", text, "bad_date")
            return
        if is_ambiguous and not self.date_proved:
            row.changes.append("ambiguous_date")
        row.values["source_date"] = day.isoformat()

    def _finish(self, row, texts):
        values = row.values
        if not (values.get("contact_name") or texts.get("name") or values.get("partner_name")
                or values.get("email_from") or values.get("phone")):  # fmt: skip
            row.problems.append(("no_identity", {}))
            return
        values["name"] = (texts.get("name") or values.get("contact_name") or values.get("partner_name")
                          or values.get("email_from") or values.get("phone"))  # fmt: skip
        name, company = values.get("contact_name"), values.get("partner_name")
        if name and company:
            row.name_key = f"{name}\n{company}".lower()[:MAX_NAME_KEY]
        if row.notes:
            values["description"] = "\n".join(row.notes)
        row.do_not_call = self.lookups.is_blocked(values.get("lead_status_id"), row.tags)


def _find_free(target, texts):
    """Return where a text goes: what was said already (“phone”, “telephone”) is a second phone, or a note.

    In a file no two columns mean the same; the keys of a request may.
    """
    if target not in texts or target == "tags":
        return target
    return "mobile" if target == "phone" and "mobile" not in texts else NOTES
