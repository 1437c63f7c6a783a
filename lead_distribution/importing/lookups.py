import re
from functools import cached_property, lru_cache

from babel import Locale
from babel.core import get_global

from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize

from odoo.addons.phone_validation.tools.phone_validation import phone_format

from ..finding.languages import fold, get_language_envs, index_names
from ..finding.statuses import index_statuses, normalize_code
from ..names import DNC_TAGS
from .keys import claim
from .targets import normal
from .uncalled import Uncalled
from .value_names import value_key

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
OTHER_NAMES = {
    "usa": "US", "u s a": "US", "u s": "US", "america": "US", "united states of america": "US", "uk": "GB",
    "u k": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "holland": "NL", "uae": "AE",
    "emirates": "AE", "korea": "KR", "south korea": "KR", "russia": "RU", "czech republic": "CZ", "brd": "DE",
}  # fmt: skip
NAMED = {
    "source": ("utm.source", "name"),
    "medium": ("utm.medium", "name"),
    "marketing_campaign": ("utm.campaign", "title"),
    "tags": ("crm.tag", "name"),
}
# e-mails that Odoo's normal form leaves as they are, nearly all: reading one as a header of a mail takes long
PLAIN_EMAIL = re.compile(r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@[a-z0-9]+(?:[.-][a-z0-9]+)*\.[a-z]+")
BLOCKING = {normal(tag) for tag in DNC_TAGS}


@lru_cache(maxsize=1)
def country_names():
    """Return {normal name: code}: the names of all countries in some languages, codes of two and three letters."""
    names = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names.setdefault(normal(name), code)
    for alias, codes in get_global("territory_aliases").items():
        if len(alias) == 3 and alias.isalpha() and len(codes) == 1:
            names.setdefault(alias.lower(), codes[0])
    return {**names, **OTHER_NAMES}


def get_target_labels(env):
    """Return {target: name} of everything a column can mean."""
    return dict(env["lead.import.column"]._fields["target"]._description_selection(env))


def make_lookups(batch):
    """Return the ``Lookups`` of an import."""
    return Lookups(batch.env, batch.company_id, get_target_labels(batch.env))


def read_names(env, target):
    """Return {name as it is compared: id} of all sources, mediums, campaigns or tags, in every language."""
    model, field = NAMED[target]
    records = env[model].with_context(active_test=False).search_fetch([(field, "!=", False)], [field])
    return index_names(records, field=field)


def get_point(batch):
    """Return the sign before decimals in the language of who imports.

    The cells of workbooks are numbers, not texts in somebody's language.
    """
    language = batch.env["res.lang"]._lang_get(batch.user_id.lang) if batch.file_kind == "csv" else None
    return (language and language.decimal_point) or "."


class Lookups:
    """What the cleaning of rows asks of the database; each table is read once.

    :param company: its country is that of rows without one
    :param labels: {target: name shown to people}
    """

    def __init__(self, env, company, labels):
        self.env = env(su=True)
        self.labels = labels
        self.company_country = company.country_id.id
        countries = self.env["res.country"].search_fetch([("code", "!=", False)], ["code", "name", "phone_code"])
        self._code_of = {country.id: country.code for country in countries}
        self._dial_of = {country.id: country.phone_code for country in countries}
        by_code = {country.code: country.id for country in countries}
        self._countries = {name: by_code[code] for name, code in country_names().items() if code in by_code}
        self._countries.update(index_names(countries, normal))
        self._countries.update({code.lower(): country_id for code, country_id in by_code.items()})
        self._load_statuses()
        self._named, self._names_by_id = {}, {}
        self._blocked_emails, self._blocked_phones = set(), set()
        self.phone = lru_cache(maxsize=20_000)(self._format_phone)

    @cached_property
    def _states(self):
        """{(normal name or code, id of its country or None): (state, country)}; None: the only one of that name."""
        found, ambiguous = {}, set()
        # there are thousands, and most files name none
        for state in self.env["res.country.state"].search_fetch(
            [("name", "!=", False)], ["name", "code", "country_id"]
        ):
            country = state.country_id.id
            for text in {normal(state.name), normal(state.code or "")} - {""}:
                found.setdefault((text, country), (state.id, country))
                if (text, None) in found:
                    ambiguous.add(text)
                found.setdefault((text, None), (state.id, country))
        for text in ambiguous:
            del found[text, None]
        return found

    def _load_statuses(self):
        statuses = self.env["crm.lead.status"].with_context(active_test=False).search([("code", "!=", False)])
        self._statuses = index_statuses(statuses)
        blocked = statuses.filtered(lambda status: status.category == "do_not_call")
        self._blocked_statuses = set(blocked.ids)
        self.uncalled = Uncalled(statuses)

    def label(self, target):
        return self.labels.get(target, target)

    def country(self, text):
        return self._countries.get(normal(text))

    def state(self, text, country):
        """Return (state, country) for a name or code; without a country, that of the company or the only one."""
        text = normal(text)
        if country:
            return self._states.get((text, country))
        return self._states.get((text, self.company_country)) or self._states.get((text, None))

    def status(self, text):
        return self._statuses.get(normalize_code(text))

    def status_names(self):
        """Return {name or code, as it is compared: id} of all lead statuses."""
        # of names that are alike the first, as in ``index_statuses``
        return {value_key(text): status_id for text, status_id in reversed(self._statuses.items())}

    def country_names(self):
        """Return {name or code, as it is compared: id} of all countries."""
        return self._countries

    def names(self, target):
        """Return {name, as it is compared: id} of all sources, mediums, campaigns or tags."""
        # of names that are alike the first, as in ``read_names``
        return {value_key(name): record_id for name, record_id in reversed(self._get_named(target).items())}

    def name_of(self, target, record_id):
        """Return the name of a source, medium, campaign or tag, in the language of who imports."""
        if target not in self._names_by_id:
            named = reversed(self._get_named(target).items())
            self._names_by_id[target] = {known_id: name for name, known_id in named}
        return self._names_by_id[target].get(record_id)

    def email(self, text):
        if PLAIN_EMAIL.fullmatch(text):
            return text
        return email_normalize(text, strict=False) or None

    def _format_phone(self, text, country):
        """Return the number in the international notation, or None if it is none of its country."""
        country = country or self.company_country
        try:
            return phone_format(text, self._code_of.get(country), self._dial_of.get(country), "INTERNATIONAL")
        except UserError:
            return None

    def known(self, target, name):
        return fold(name) in self._get_named(target)

    def _get_named(self, target):
        if target not in self._named:
            self._named[target] = read_names(self.env, target)
        return self._named[target]

    def named_id(self, target, name):
        """Return the id of a source, medium, campaign or tag, which is created if it does not exist."""
        named, key = self._get_named(target), fold(name)
        if key not in named:
            model, field = NAMED[target]
            claim(self.env, [f"{target} {key}"])  # another import may be creating it just now
            named[key] = self.env[model].create({field: name.strip()}).id
        return named[key]

    def forget_named(self):
        """Have sources, tags and the like read anew: some that were created have been taken back."""
        self._named, self._names_by_id = {}, {}

    def load_blacklists(self, emails, phones):
        """Read which of these are on Odoo's blacklists: two queries for all rows of a batch."""
        self.env["mail.blacklist"].flush_model(["email", "active"])
        self.env["phone.blacklist"].flush_model(["number", "active"])
        # not by search: that would bring each number into its normal form again
        found = self.env.execute_query(
            SQL(
                "SELECT 'e', email FROM mail_blacklist WHERE active AND email = ANY(%s::text[]) UNION ALL "
                "SELECT 'p', number FROM phone_blacklist WHERE active AND number = ANY(%s::text[])",
                list(emails),
                [f"+{digits}" for digits in phones],
            )
        )
        self._blocked_emails = {value for kind, value in found if kind == "e"}
        self._blocked_phones = {value.lstrip("+") for kind, value in found if kind == "p"}

    def is_blocked(self, status, tags):
        """Return why a row must not be handed to anybody, by what the row itself says.

        :param status: id of its lead status, or None
        :param tags: all that it names, also those that do not exist and that its lead does not get
        """
        if status in self._blocked_statuses:
            return "status"
        if BLOCKING & {normal(tag) for tag in tags}:
            return "tag"
        return None

    def list_blocking_tags(self):
        """Return the ids of the tags that say that nobody may call, in whatever language."""
        return sorted(
            {
                tag.id
                for env in get_language_envs(self.env)
                for tag in env["crm.tag"].search_fetch([("name", "!=", False)], ["name"])
                if normal(tag.name) in BLOCKING
            }
        )

    def is_blacklisted(self, email, phones):
        return email in self._blocked_emails or not self._blocked_phones.isdisjoint(phones)
