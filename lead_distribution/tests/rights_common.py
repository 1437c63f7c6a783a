"""The table of rights, and one record of everything to hold it against."""

import csv
import inspect
from pathlib import Path

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.modules import get_module_path

from ..importing.keys import claim
from .common import MANAGER, SALESPERSON, DistributionCase

KINDS = ("public", "portal", "internal", "salesperson", "all_leads", "member", "manager", "other_manager",
         "administrator", "sales_administrator")  # fmt: skip
COLUMNS = ("what", "model", "name", *KINDS)
OPERATIONS = {"read": "r", "write": "w", "create": "c", "unlink": "d"}
OURS = ("lead_distribution", "lead_distribution_queue_job", "lead_distribution_privacy")
ALL_LEADS = "base.group_user,sales_team.group_sale_salesman_all_leads"
AWAY = {"date_from": "2030-01-01 08:00:00", "date_to": "2030-01-02 08:00:00"}


def read_table(env):
    """Return {(what, model, name): {kind: right}} of ``security/rights.csv`` of every installed addon of ours."""
    table = {}
    for module in env.registry._init_modules.intersection(OURS):
        path = Path(get_module_path(module), "security", "rights.csv")
        with path.open(newline="", encoding="utf-8") as file:
            table.update({(row["what"], row["model"], row["name"]): row for row in csv.DictReader(file)})
    return table


def is_ours(thing):
    """Whether a class or function is defined in one of our addons."""
    return getattr(thing, "__module__", "").startswith(tuple(f"odoo.addons.{name}." for name in OURS))


def get_public_methods(model):
    """Return the names of the methods of a model that our addons define and every client may call."""
    names = {name for cls in type(model).__mro__ if is_ours(cls) for name, value in vars(cls).items()
             if inspect.isfunction(getattr(value, "__func__", value)) and not name.startswith("_")}  # fmt: skip
    return sorted(
        name for name in names
        if not hasattr(models.BaseModel, name) and not getattr(getattr(type(model), name), "_api_private", False)
    )  # fmt: skip


class _Undo(Exception):
    pass


class RightsCase(DistributionCase):
    """People of all kinds, and records of the company of Ann, Bob and Mia.

    Ann is the *member*: every model whose records concern a person has one of hers and one of Bob's.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = read_table(cls.env)
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        there = {"company_id": cls.elsewhere.id, "company_ids": [(6, 0, cls.elsewhere.ids)]}
        cls.people = {
            "public": cls.env.ref("base.public_user"),
            "portal": cls.make_user("porta", "base.group_portal"),
            "internal": cls.make_user("inter", "base.group_user"),
            "salesperson": cls.make_user("sal", SALESPERSON),
            "all_leads": cls.make_user("ada", ALL_LEADS),
            "member": cls.ann,
            "manager": cls.manager,
            "other_manager": cls.make_user("oli", MANAGER, **there),
            "administrator": cls.make_user("adam", "base.group_user,base.group_system"),
            "sales_administrator": cls.make_user("ali", f"{MANAGER},base.group_system"),
        }
        both = {**there, "company_ids": [(6, 0, (cls.elsewhere | cls.env.company).ids)]}
        cls.switched = cls.make_user("tom", MANAGER, **both)
        cls._make_records()

    @classmethod
    def _make_records(cls):
        """Fill ``cls.records``: {model: (what concerns Ann, what concerns Bob)}; once if it concerns nobody."""
        env, campaign = cls.env, cls.campaign
        campaign.user_id = cls.manager
        cls.leads = cls.make_leads(6)
        run = campaign.distribute(seed=1)
        alone = cls.make_campaign("Bob alone", cls.bob)
        cls.make_leads(2)
        other_run = alone.distribute()
        line, row = run.member_line_ids, run.assignment_ids
        mine, his = (lambda r: r.user_id == cls.ann), (lambda r: r.user_id == cls.bob)
        tag = env["crm.tag"].create({"name": "Solar"})
        rule = env["lead.distribution.dropback.rule"].create({"campaign_id": campaign.id, "name": "old"})
        batch = env["lead.import.batch"].with_user(cls.manager).sudo().create({"campaign_id": campaign.id})
        part = {"batch_id": batch.id}
        values = {
            "lead.distribution.pool": {"campaign_id": campaign.id, "holder": "unassigned"},
            "lead.distribution.filter": {"campaign_id": campaign.id, "values_text": "web"},
            "lead.distribution.dropback.threshold": {"campaign_id": campaign.id, "days": 30},
            "lead.distribution.skill": {"campaign_id": campaign.id, "tag_id": tag.id},
            "lead.distribution.cap": {"campaign_id": campaign.id, "user_id": cls.ann.id, "maximum": 9},
            "lead.import.row": {**part, "number": 1, "state": "ready"},
            "lead.import.column": {**part, "name": "Name"},
            "lead.import.value": {**part, "target": "status", "key": "neu"},
            "lead.import.sheet": {**part, "name": "Sheet"},
            "lead.import.caller": {**part, "user_id": cls.ann.id},
            "lead.import.template": {"name": "Usual"},
            "lead.distribution.decline.reason": {"name": "No budget"},
            "lead.distribution.change": {"campaign_id": campaign.id, "kind": "people"},
            "lead.distribution.stopped": {"user_id": cls.ann.id, **AWAY},
        }
        records = {name: (env[name].create(vals),) for name, vals in values.items()}
        members = campaign.member_ids
        claim(env, ["ann@example.com"])
        came = [{"lead_id": lead.id, "company_id": campaign.company_id.id} for lead in cls.make_leads(2)]
        came[1]["looked_on"] = fields.Datetime.now()
        away = [{"user_id": user.id, **AWAY} for user in (cls.ann, cls.bob)]
        given = {"lead_id": cls.leads[0].id, "user_id": cls.ann.id, "company_id": campaign.company_id.id}
        cls.records = {
            **records,
            **cls._make_experiment(),
            "crm.lead": (cls.leads.filtered(mine)[0], cls.leads.filtered(his)[0]),
            "res.users": (cls.ann, cls.bob),
            "crm.lead.status": (cls.status["new"],),
            "lead.distribution.level": (cls.level["senior"],),
            "lead.distribution.campaign": (campaign,),
            "lead.distribution.dropback.rule": (rule,),
            "lead.distribution.member": (members.filtered(mine), members.filtered(his)),
            "lead.distribution.run": (run, other_run),
            "lead.distribution.run.member": (line.filtered(mine), line.filtered(his)),
            "lead.distribution.assignment": (row.filtered(mine)[0], row.filtered(his)[0]),
            "lead.distribution.absence": tuple(env["lead.distribution.absence"].create(away)),
            "lead.distribution.waiting": (env["lead.distribution.waiting"].create(came[0]),),
            "lead.distribution.not.taken": (env["lead.distribution.not.taken"].create(came[1]),),
            "lead.distribution.presence": (env["lead.distribution.presence"].create({"user_id": cls.ann.id}),),
            "lead.distribution.by.hand": (env["lead.distribution.by.hand"].create(given),),
            "lead.import.batch": (batch,),
            "lead.import.key": (env["lead.import.key"].search([], limit=1),),
        }
        env.flush_all()

    @classmethod
    def _make_experiment(cls):
        experiment = cls.env["lead.distribution.experiment"].create(
            {"campaign_id": cls.campaign.id, "strategy_b": "weighted", "user_id": cls.manager.id}
        )
        dealt = {"experiment_id": experiment.id, "arm": "a", "dealt_on": fields.Datetime.now()}
        deal = cls.env["lead.distribution.experiment.deal"].create({**dealt, "lead_id": cls.leads[0].id})
        return {experiment._name: (experiment,), deal._name: (deal,)}

    def make_form(self, name, user):
        """Return a form (transient record) of a user about the records above; made with full rights."""
        made, (campaign,) = self.env, self.records["lead.distribution.campaign"]
        row = self.records["lead.distribution.assignment"][0]
        of_campaign = {"campaign_id": campaign.id}
        values = {
            "crm.lead.decline": {"lead_ids": [(6, 0, self.leads.ids)]},
            "crm.lead.distribute": {**of_campaign, "lead_ids": [(6, 0, self.leads.ids)]},
            "crm.lead.why.not": {**of_campaign, "lead_id": self.leads[0].id},
            "lead.distribution.compare": of_campaign,
            "lead.distribution.config.load": {"config_text": "campaign: {name: Typed}"},
            "lead.distribution.config.text": of_campaign,
            "lead.distribution.handover": {"user_id": self.ann.id, "way": "campaign", **of_campaign},
            "lead.distribution.in.time": of_campaign,
            "lead.distribution.line.up": {"assignment_id": row.id},
            "lead.distribution.pull": {**of_campaign, "count": 1},
            "lead.distribution.pause": {"user_ids": [(6, 0, self.ann.ids)]},
            "lead.distribution.report.request": {"kind": "salesperson", "user_id": user.id},
            "lead.distribution.revert": {"run_id": row.run_id.id},
            "lead.distribution.report.send": {"run_id": self.records["lead.distribution.run"][0].id},
            "lead.distribution.start": {"name": "Started", "user_ids": [(6, 0, self.ann.ids)]},
            "lead.distribution.verification": of_campaign,
        }
        parents = {
            "crm.lead.why.not.line": "wizard_id", "lead.distribution.compare.line": "wizard_id",
            "lead.distribution.line.up.line": "wizard_id", "lead.distribution.verification.line": "verification_id",
            "lead.distribution.verification.agent": "verification_id", "crm.lead.why.not.campaign": "wizard_id",
            "crm.lead.distribute.refusal": "wizard_id",
        }  # fmt: skip
        if name == "privacy.lookup.wizard.line":
            looked_up = made["privacy.lookup.wizard"].with_user(user).sudo().create({"name": "Eve", "email": "e@x.y"})
            model = made["ir.model"]._get_id("lead.distribution.assignment")
            values[name] = {"wizard_id": looked_up.id, "res_model_id": model, "res_id": row.id}
        vals = values.get(name)
        if vals is None:
            self.assertIn(name, parents, f"say in make_form of rights_common how a {name} is made")
            parent = parents[name]
            vals = {parent: self.make_form(name.rpartition(".")[0], user).id}
            vals |= {"user_id": self.ann.id} if name.endswith(".agent") else {}
        return made[name].with_user(user).sudo().create(vals)

    def get_env(self, user):
        """Return the environment of a user in the company he or she is in by default."""
        return self.env(user=user, context={"allowed_company_ids": user.company_id.ids})

    def get_records(self, name, user):
        """Return the records of a model in the user's environment: what concerns Ann first."""
        env = self.get_env(user)
        if env[name]._transient:
            return self.make_form(name, user).with_env(env), self.make_form(name, self.cem).with_env(env)
        return tuple(record.with_env(env) for record in self.records.get(name, ()))

    def get_first_record(self, name, user):
        """Return the record of a model that concerns Ann, in the user's environment; an empty one if there is none."""
        env = self.get_env(user)
        if env[name]._transient:
            return self.make_form(name, user).with_env(env)
        records = self.records.get(name)
        return records[0].with_env(env) if records else env[name]

    def try_to(self, call):
        """Return “yes” unless rights forbid the call, whatever else may keep it from working; undone in any case."""
        self.env.flush_all()
        self.env.invalidate_all()  # what is known already is read without asking
        try:
            with self.env.cr.savepoint():
                call()
                raise _Undo()
        except AccessError:
            return "no"
        except (_Undo, UserError):
            return "yes"
        finally:
            self.env.invalidate_all()

    def compare(self, found, *begin):
        """Hold what was found against the table; tells how to bring the table up to date.

        :param found: {(what, model, name): {kind: right}}
        :param begin: what, or what and model, that the rows of the table begin with which are looked at; default
            what was found
        """
        lines = [(key, ",".join((*key, *(rights[kind] for kind in KINDS)))) for key, rights in sorted(found.items())]
        wrong = [line for key, line in lines if not self._says(key, found[key])]
        begins = {begin} if begin else {key[:1] for key in found}
        looked_at = [key for key in self.table if any(key[: len(start)] == start for start in begins)]
        stale = [",".join(key) for key in looked_at if self._is_stale(key, found)]
        self.assertFalse(
            wrong or stale,
            "\n\nsecurity/rights.csv says otherwise. If it is meant to be so, put these lines there "
            f"({','.join(COLUMNS)}), and run “python3 dev/rights_document.py”, which writes docs/rights.md:\n"
            + "\n".join(wrong)
            + ("\n\nand take these away, which nothing stands for:\n" + "\n".join(stale) if stale else ""),
        )

    def _is_stale(self, key, found):
        is_installed = not key[1] or key[1] in self.env
        return is_installed and key[2] != "*" and key not in found

    def _says(self, key, rights):
        row = self.table.get(key) or self.table.get((*key[:2], "*"))
        return bool(row) and all(row[kind] == rights[kind] for kind in KINDS)
