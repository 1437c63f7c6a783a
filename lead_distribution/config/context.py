# pylint: disable=prefer-env-translation
"""What loading shares: the checked configuration, the records it names, and the report."""

from odoo import SUPERUSER_ID
from odoo.fields import Domain
from odoo.tools import escape_psql, split_every

from ..finding.choosable import ANY, find_choosable
from ..finding.languages import find_by_name
from ..finding.lead_fields import resolve_field_name
from ..finding.statuses import find_or_create_status, find_status, normalize_code
from ..tools.fit import works_for
from .check import explain_choice
from .find_campaign import explain_several, find_campaigns
from .table import list_given
from .tables import Files

NAMES_AT_ONCE = 200


def at(path, *below):
    """Return a place in a configuration: the path of a key in the table, and parts below it."""
    return (*path.split("."), *below)


class Context:
    """One configuration on its way into records.

    Wherever a path is asked for, it is that of a key in the table, or the parts of any place.
    """

    def __init__(self, env, config, report, files=None, campaign=None, budget=None):
        self.env = env
        self._ = env._
        self.given = dict(list_given(config))  # path of a key or section in the table → its value
        self.budget = budget  # of time, for all regular expressions
        self.report = report
        self.files = Files(files, report, env._)
        self.campaign = campaign if campaign is not None else env["lead.distribution.campaign"]
        self.company = self.campaign.company_id if self.campaign else env.company  # none: of all companies
        self.known = {}  # (model, name): the record that was found
        self.namesakes = {}  # name in lower case: logins of those who have it

    def _add(self, kind, path, text, line=None, *, lasting=False):
        self.report.add(kind, path.split(".") if isinstance(path, str) else path, text, line, lasting=lasting)

    def problem(self, path, text, line=None):
        self._add("problem", path, text, line)

    def warn(self, path, text, line=None, *, lasting=True):
        """Add a warning.

        :param lasting: whether the campaign's runs tell it, too; not what the campaign itself shows
        """
        self._add("warning", path, text, line, lasting=lasting)

    def pick(self, *paths):
        """Return the value of the first of some keys that is given; tell the others that say something else.

        :param paths: keys that mean the same; None: none of them is given
        """
        first, *others = [path for path in paths if path in self.given] or [None]
        for path in others:
            if self.given[path] != self.given[first]:
                self.warn_overruled(path, first)
        return self.given.get(first)

    def warn_overruled(self, path, by):
        """Add a warning about a key that does not count because of another one."""
        self.warn(path, self._("%s is there, too, and counts instead.", by))

    def tell_person(self, path, text, line=None):
        """Add a warning about somebody, which every run tells, too."""
        self._add("person", path, text, line, lasting=True)

    def tell(self, path, text):
        self._add("info", path, text)

    def find_users(self, names, path, *, tell=True):
        """Return the internal users with these names or logins, archived ones included.

        Whoever does not exist is left out, with a warning.
        """
        found = self.index_users(names)
        users = self.env["res.users"].browse()
        for name in names:
            user = found.get(name.strip().casefold())
            if user:
                users |= user
                self.tell_namesakes(name, user, path)
            elif tell:
                self.tell_unknown(name, path)
        return users

    def tell_unknown(self, name, path, line=None):
        text = self._("There is no user “%s”; the name was left out.", name)
        self.tell_person(path, text, line)

    def tell_namesakes(self, name, user, path, line=None):
        """Add a warning where a name is that of several people, of whom one was taken."""
        logins = self.namesakes.get(str(name).strip().casefold(), ())
        if len(logins) > 1 and user.login in logins:
            text = self._(
                "%(count)s users are called “%(name)s”: the one with the login %(login)s was taken. Write the login.",
                count=len(logins), name=name, login=user.login,
            )  # fmt: skip
            self.tell_person(path, text, line)

    def index_users(self, names, ids=()):
        """Return {name in lower case, or id: user} for those that exist; a few queries."""
        names = {name.strip() for name in names if name and name.strip()}
        users = self._search_users(Domain("name", "in", names) | Domain("login", "in", names) | Domain("id", "in", ids))
        known = {text.casefold() for user in users for text in (user.name, user.login)}
        rest = sorted(name for name in names if name.casefold() not in known)
        for part in split_every(NAMES_AT_ONCE, rest):
            pairs = [(key, escape_psql(name)) for name in part for key in ("name", "login")]
            users |= self._search_users(Domain.OR(Domain(key, "=ilike", name) for key, name in pairs))
        allowed = users.filtered(lambda user: works_for(user, self.company))
        index = {}
        # the last one written wins: logins, then names, each the best user last
        best_last = users.sorted(lambda u: (u in allowed, u.active, -u.id))
        for key in ("login", "name"):
            index.update({(user[key] or "").strip().casefold(): user for user in best_last})
        self._note_namesakes(best_last, allowed)
        index.update({user.id: user for user in users})
        return index

    def _note_namesakes(self, users, allowed):
        """Keep the logins of people with the same name, as good as each other."""
        alike = {}
        for user in users:
            alike.setdefault((user.name or "").strip().casefold(), []).append(
                (user in allowed, user.active, user.login)
            )
        for name, found in alike.items():
            best = max(found)[:2]
            self.namesakes[name] = {login for *rank, login in found if tuple(rank) == best}

    def _search_users(self, domain):
        domain &= Domain("share", "=", False) & Domain("id", "!=", SUPERUSER_ID)
        return self.env["res.users"].with_context(active_test=False).search(domain, order="id")

    def find_campaign(self, name, path):
        """Return the campaign with this name; several of one name are a problem."""
        found = find_campaigns(self.env, name)
        if len(found) > 1:
            self.problem(path, explain_several(name, len(found), self._))
        return found[:1]

    def find_team(self, name, path, *, written=True):
        """Return the sales team with this name; one that does not exist is told of."""
        teams = self.env["crm.team"].with_context(active_test=False)
        team = self._look_up(teams, name, teams._check_company_domain(self.company), "active desc, company_id, id")
        if written and not team:
            self.warn(path, self._("There is no sales team “%s”; leads keep their team.", name))
        return team

    def find_tag(self, name):
        """Return the tag of leads with this name, in whatever language, or none."""
        return self._look_up(self.env["crm.tag"], name)

    def _look_up(self, records, name, *options):
        """Return the record with this name, which many rows may have: it is looked for once."""
        key = (records._name, name)
        if key not in self.known:
            self.known[key] = find_by_name(records, name, *options)
        return self.known[key]

    def find_status(self, name, path):
        """Return the lead status with this code or label; one that does not exist is created."""
        status = find_status(self.env, name)
        if status or not name.strip():
            return status
        if not normalize_code(name).strip("_"):
            self.problem(path, self._("“%s” names no lead status.", name))
            return status
        self.tell(path, self._("The lead status “%s” was created.", name.strip()))
        return find_or_create_status(self.env, name)

    def find_statuses(self, names, path):
        statuses = self.env["crm.lead.status"].browse()
        for name in names:
            statuses |= self.find_status(name, path)
        return statuses

    def find_named(self, model, names, path):
        """Return the records with these names, in whatever language; those that do not exist are created."""
        records, found = self.env[model], self.env[model]
        for name in filter(None, map(str.strip, names)):
            record = find_by_name(records, name)
            if not record:
                self.tell(path, self._("“%s” was created.", name))
                record = records.create({"name": name})
            found |= record
        return found

    def find_field(self, name, path, domain=None):
        """Return the field of leads, by the name that people write or that Odoo has; or add a problem.

        :param domain: of those that may be named here, see ``finding/choosable.py``; without: any
        """
        resolved = resolve_field_name(self.env, name)
        if not resolved:
            self.problem(path, self._("Leads have no field “%s”.", name))
            return self.env["ir.model.fields"]
        found = find_choosable(self.env, resolved, domain or ANY)
        if not found:
            self.problem(path, self._("The field “%s” of leads cannot be used here.", name))
        return found

    def find_fields(self, names, path):
        found = self.env["ir.model.fields"]
        place = path.split(".") if isinstance(path, str) else path
        for number, name in enumerate(names):
            found |= self.find_field(name, (*place, number))
        return found

    def pick_choice(self, model, field_name, value, path):
        """Return a value of a selection field, or add a problem that names the right ones."""
        choices = [key for key, _label in self.env[model]._fields[field_name]._description_selection(self.env)]
        if value in choices:
            return value
        self.problem(path, explain_choice(value, choices, self._))
        return None
