# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""A filter that somebody typed, looked at with that person's eyes.

What it may ask is a list of fields by model (``REACHABLE``), and the leads are searched with the
rights of who wrote it: otherwise counts of leads would tell about anything that hangs on a lead.
"""

from datetime import date
from typing import NamedTuple

import psycopg2

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger

from ..names import MANAGERS
from ..tools.fit import works_for
from .scope import get_moment
from .typed_filter import SHOWN, FilterRefused, read_filter

# what may be asked of any record that a lead points to
NAMES = frozenset({"id", "name", "display_name"})
PLACE = NAMES | {"code"}
# what besides; a lead's own fields may all be used
REACHABLE = {
    "crm.lost.reason": NAMES | {"active"},
    "crm.stage": NAMES | {"sequence", "is_won", "team_id", "team_ids", "fold"},
    "crm.tag": NAMES | {"color"},
    "crm.team": NAMES | {"active", "company_id"},
    "crm.lead.status": NAMES | {"active", "code", "category", "is_closed", "sequence"},
    "lead.distribution.campaign": NAMES | {"active", "company_id"},
    "mail.activity": NAMES | {"activity_type_id", "date_deadline", "summary", "user_id", "state"},
    "mail.activity.type": NAMES,
    "res.company": NAMES,
    "res.country": PLACE,
    "res.country.group": PLACE,
    "res.country.state": PLACE | {"country_id"},
    "res.lang": PLACE,
    "res.partner": NAMES | {
        "active", "category_id", "city", "commercial_company_name", "commercial_partner_id", "company_id",
        "company_name", "company_type", "country_id", "create_date", "email", "email_normalized", "function",
        "industry_id", "is_company", "lang", "parent_id", "phone", "ref", "state_id", "street", "street2", "team_id",
        "tz", "user_id", "vat", "website", "zip",
    },
    "res.users": NAMES | {"company_id", "sale_team_id"},
    "utm.campaign": NAMES | {"title", "stage_id", "tag_ids", "user_id"},
}  # fmt: skip
# of these nothing at all: rights, keys, messages, files
CLOSED = ("ir.", "mail.", "discuss.", "bus.", "auth", "res.users.", "res.groups", "base.", "iap.", "sms.")
SEARCHES = {
    "=", "!=", "<", ">", "<=", ">=", "in", "not in", "like", "not like", "ilike", "not ilike", "=like", "not =like",
    "=ilike", "not =ilike", "=?", "child_of", "parent_of", "any", "not any",
}  # fmt: skip


class Look(NamedTuple):
    """The leads that pass a filter; with a problem, why it cannot be used, and so lets nothing through."""

    domain: Domain
    problem: str = ""


class OwnFilter:
    """A typed filter on leads.

    :param text: what was typed
    :param author: the user (``res.users``) with whose rights it looks; may be empty
    :param moment: a ``typed_filter.Moment``, from which dates are counted
    :param uid: id of the user that ``uid`` in the filter means; without: the author's
    :param more: {model: names of fields} that may be asked besides ``REACHABLE``
    """

    def __init__(self, text, author, moment, *, uid=None, more=None):
        self.text = text
        self.author = author
        self.env = author.env
        self._ = author.env._
        self.moment = moment
        self.uid = uid or author.id
        self.more = more or {}

    def read_domain(self):
        """Return the filter as a ``Domain`` whose every part is allowed.

        :raise FilterRefused: with a text for users
        """
        items = read_filter(self.text, self.uid, self.moment, self._)
        self._check_items(items, "crm.lead")
        try:
            return Domain(items)
        except (TypeError, ValueError) as error:
            raise FilterRefused(self._("its parts do not fit together")) from error

    def get_key(self):
        """Return what tells filters apart: two with the same key let in the same leads."""
        return f"{self.author.id}:{list(self.read_domain())!r}"

    def explain_author(self, companies):
        """Return why nobody's eyes are left to look with, or an empty text.

        :param companies: of the campaign; empty for all
        """
        _, author = self._, self.author.sudo()  # about the author, not by the author
        if author.id == SUPERUSER_ID:
            return ""
        if not author:
            return _("whoever wrote it is not known any more")
        if not author.active:
            return _("%s, who wrote it, has left", author.name)
        if not author.has_group(MANAGERS):
            return _("%s, who wrote it, is no sales manager any more", author.name)
        if not works_for(author, companies):
            return _("%s, who wrote it, does not work for the company any more", author.name)
        return ""

    def look(self, companies):
        """Return the leads that pass, or why none do: the filter cannot be looked at as its author would.

        :param companies: of the campaign; empty for all
        """
        try:
            if self.read_domain().is_true():
                return Look(Domain.TRUE)
            problem = self.explain_author(companies)
            return Look(Domain.FALSE, problem) if problem else Look(self.get_domain())
        except FilterRefused as error:
            return Look(Domain.FALSE, str(error))

    def get_leads(self):
        """Return the model of leads as the author sees it, whoever asks."""
        author = self.author.sudo()  # only to know what to look with
        context = {"allowed_company_ids": author.company_ids.ids, "lang": author.lang, "tz": self.moment.zone}
        return self.env["crm.lead"].with_user(author).with_context(active_test=True, **context)

    def get_domain(self):
        """Return the leads that fit and that the author may read, as a condition for any search.

        :raise FilterRefused: with a text for users
        """
        domain, leads = self.read_domain(), self.get_leads()
        if domain.is_true():
            return domain
        self._search(domain, leads)
        domain = domain.optimize_full(leads)
        rule = self.env["ir.rule"].with_env(leads.env)._compute_domain("crm.lead", "read")

        def to_sql(_model, alias, query):
            everything = leads.sudo().with_context(active_test=False)  # a rule is not itself under rules
            return SQL(
                "(%s) AND (%s)",
                domain._to_sql(leads, alias, query),
                rule.optimize_full(everything)._to_sql(everything, alias, query),
            )

        def fits(lead):
            return bool(lead.with_env(leads.env).filtered_domain(domain))

        return Domain.custom(to_sql=to_sql, predicate=fits)

    def check(self):
        """Try the filter on the database, without reading a lead.

        :raise FilterRefused: with a text for users
        """
        query = self._search(self.read_domain(), self.get_leads())
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.env.cr.execute(SQL("EXPLAIN %s", query.select()))
        except (psycopg2.DataError, psycopg2.ProgrammingError) as error:
            raise FilterRefused(self._("a value does not fit its field")) from error

    def _search(self, domain, leads):
        """Return the search for the leads that fit; nothing is read.

        :raise FilterRefused: if the author may not ask so, or a value is of the wrong type
        """
        try:
            return leads._search(domain)
        except UserError as error:  # no access, among others
            raise FilterRefused(str(error).splitlines()[0].rstrip(".")) from error
        except (TypeError, ValueError, NotImplementedError, RecursionError) as error:
            raise FilterRefused(self._("a value does not fit its field")) from error

    def _check_items(self, items, model):
        for item in items:
            if isinstance(item, (list, tuple)):
                self._check_condition(*item, model)

    def _check_condition(self, path, operator, value, model):
        if path in (0, 1) and operator == "=" and value == 1:  # always, or never
            return
        if not isinstance(path, str) or operator not in SEARCHES:
            raise FilterRefused(self._("“%s” is no condition", f"{path} {operator}"[:SHOWN]))
        target = self._follow(path, model)
        if operator in ("any", "not any"):
            if not target:
                raise FilterRefused(self._("“%s” has no records of its own", path[:SHOWN]))
            self._check_items(value, target)
        elif not self._is_plain(value):
            raise FilterRefused(self._("the value of “%s” must be a text, a number, a date or a list", path[:SHOWN]))

    @staticmethod
    def _is_plain(value):
        values = value if isinstance(value, (list, tuple)) else [value]
        return all(isinstance(item, (str, int, float, date, type(None))) for item in values)

    def _follow(self, path, model):
        """Return the model that a path of fields ends in, or None where it ends in a plain value."""
        names = path.split(".")
        while names:
            name = names.pop(0)
            field = self._get_field(name, model, path)
            if field.type == "properties" and len(names) == 1:
                return None
            if field.type in ("date", "datetime") and len(names) == 1:
                return None  # a part of the date, such as its month
            if name == "id":
                target = model
            else:
                target = field.comodel_name if field.relational else None
            if target and name != "id" and target.startswith(CLOSED) and target not in REACHABLE:
                raise FilterRefused(self._explain(path, name))
            if names and (not target or name == "id"):
                raise FilterRefused(self._explain(path, names[0]))
            model = target
        return model

    def _get_field(self, name, model, path):
        field = self.env[model]._fields.get(name)
        if field is None:
            raise FilterRefused(self._("there is no field “%(name)s” in “%(path)s”", name=name, path=path)[:200])
        allowed = REACHABLE.get(model, NAMES) | self.more.get(model, frozenset())
        if (model != "crm.lead" and name not in allowed) or not (field.store or field.search):
            raise FilterRefused(self._explain(path, name))
        return field

    def _explain(self, path, name):
        return self._("a filter may not ask for “%(name)s” in “%(path)s”", name=name[:SHOWN], path=path[:SHOWN])


def make_own_filter(campaign, filterable):
    """Return the filter on leads that somebody typed in a campaign.

    :param filterable: {model: names of fields} that may be asked besides ``REACHABLE``
    """
    return OwnFilter(campaign.own_domain, campaign.own_domain_user_id, get_moment(campaign), more=filterable)


def get_own_domain(campaign, filterable):
    """Return the leads that pass the own filter of a campaign; parameters as ``make_own_filter``."""
    return look_by_own_filter(campaign, filterable).domain


def look_by_own_filter(campaign, filterable):
    """Return the leads that pass the own filter of a campaign, or why none do, see ``Look``."""
    if (campaign.own_domain or "[]").strip() == "[]":
        return Look(Domain.TRUE)
    return make_own_filter(campaign, filterable).look(campaign.company_id)
