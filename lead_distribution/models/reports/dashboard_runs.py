# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...importing.failing import describe_failed, find_failed
from ...reporting.words import describe_left_over

UNTOUCHED_HOURS = 24
FULL = 100.0  # percent of the target


class LeadDistributionDashboard(models.AbstractModel):
    """The last runs on the dashboard, and what needs attention."""

    _inherit = "lead.distribution.dashboard"

    @api.model
    def _get_last_runs(self, campaign):
        """Return the last run of each campaign, plans left out, the newest first; two queries."""
        runs = self.env["lead.distribution.run"]
        domain = Domain("state", "not in", ("planned", "cancelled"))
        if campaign:
            domain &= Domain("campaign_id", "=", campaign.id)
        else:
            domain &= Domain("company_id", "in", [*self.env.companies.ids, False])
        ids = [run_id for _campaign, run_id in runs._read_group(domain, ["campaign_id"], ["id:max"])]
        return runs.browse(sorted(ids, reverse=True))

    @api.model
    def _get_last_run_data(self, runs):
        """Return funnel and shares of the newest of these runs that was carried out.

        Imports bring leads instead of choosing some: they have no funnel, and come last.
        """
        applied = runs.filtered("is_applied")
        run = (applied.filtered(lambda run: run.origin != "import") or applied)[:1]
        if not run:
            return {"last_run": None, "funnel": [], "shares": []}
        figures = run._get_figures()
        return {
            "last_run": {
                "id": run.id,
                "name": run.name,
                "date": figures["date"],
                "open": self._open("lead.distribution.run", [("id", "=", run.id)], run.name),
            },
            "funnel": [
                {"name": self.env._("Looked at"), "count": figures["leads_looked_at"], "code": None},
                *({"name": s["name"], "count": s["remaining"], "refused": s["refused"], "code": s["code"]}
                  for s in figures["funnel"]),
                {"name": self.env._("Handed out"), "count": figures["leads_distributed"], "code": None},
            ],
            "shares": self._get_shares(run, figures),
        }  # fmt: skip

    @api.model
    def _get_shares(self, run, figures):
        """Return received against promised: the share that the strategy promises, of what was handed out."""
        people = figures["salespeople"]
        equal = figures["leads_distributed"] / len(people) if people else 0
        return [
            {
                "name": person["name"],
                "received": person["received"],
                "promised": round(person.get("promised", equal), 1),
                "open": self._open(
                    "lead.distribution.assignment",
                    [("run_id", "=", run.id), ("user_id", "=", person["user_id"]), ("kind", "=", "distribution")],
                    person["name"],
                ),
            }
            for person in people
        ]

    @api.model
    def _get_attention(self, domain, last_runs, load):
        """Return what somebody should look at, the most pressing first."""
        return [
            *self._tell_failed_runs(domain),
            *self._tell_last_runs(last_runs),
            *self._tell_full_people(load["people"]),
            *self._tell_untouched(domain),
        ]

    @api.model
    def _tell_failed_runs(self, domain):
        runs = self.env["lead.distribution.run"].search(domain & Domain("state", "=", "failed"))
        if not runs:
            return []
        text = self.env._("Failed runs: %(count)s. The last one: %(error)s", count=len(runs), error=runs[0].error or "")
        return [{"level": "danger", "text": text, "open": self._open(runs._name, [("id", "in", runs.ids)], text)}]

    @api.model
    def _tell_failed_imports(self, campaign):
        """Tell of the imports that stopped and wait for somebody to go on."""
        batches = find_failed(self.env, campaign)
        if not batches:
            return []
        text = describe_failed(batches)
        return [{"level": "danger", "text": text, "open": self._open(batches._name, [("id", "in", batches.ids)], text)}]

    @api.model
    def _tell_last_runs(self, runs):
        """Tell what the last run of each campaign left over, by reason, and its warnings."""
        items = []
        for run in runs:
            for reason, count in (run.left_over or {}).items():
                text = self.env._(
                    "%(campaign)s, leads left over: %(count)s (%(reason)s)",
                    campaign=run.campaign_id.name, count=count, reason=describe_left_over(run.env, reason),
                )  # fmt: skip
                call = {"method": "action_view_left_over", "run_id": run.id, "arguments": [reason]}
                has_leads = (run.left_over_leads or {}).get(reason)
                opened = call if has_leads else self._open(run._name, [("id", "=", run.id)], run.name)
                items.append({"level": "warning", "text": text, "open": opened})
            items += [
                {"level": "warning", "text": f"{run.campaign_id.name}: {text}",
                 "open": self._open(run._name, [("id", "=", run.id)], run.name)}
                for text in run.warnings or []
            ]  # fmt: skip
        return items

    @api.model
    def _tell_full_people(self, people):
        full = [person for person in people if person["utilization"] >= FULL and person["target"]]
        if not full:
            return []
        names = ", ".join(f"{person['name']} ({person['leads']}/{person['target']})" for person in full[:5])
        names += ", …" if full[5:] else ""
        text = self.env._("At or above the target: %s", names)
        ids = [person["user_id"] for person in full]
        return [{"level": "info", "text": text,
                 "open": self._open("lead.distribution.member", [("user_id", "in", ids)], text)}]  # fmt: skip

    @api.model
    def _get_untouched_domain(self):
        """Return the assignments of more than a day ago that wait for a first touch."""
        limit = fields.Datetime.now() - timedelta(hours=UNTOUCHED_HOURS)
        return Domain("is_waiting", "=", True) & Domain("applied_on", "<", limit)

    @api.model
    def _tell_untouched(self, domain):
        untouched = domain & self._get_untouched_domain()
        groups = self.env["lead.distribution.assignment"]._read_group(
            untouched, ["user_id"], ["__count"], order="__count DESC", limit=5
        )
        return [
            {
                "level": "info",
                "text": self.env._("%(name)s, new leads not touched for a day or more: %(count)s",
                                   name=user.name or "?", count=count),
                "open": self._open("lead.distribution.assignment", untouched & Domain("user_id", "=", user.id),
                                   user.name or "?"),
            }
            for user, count in groups
        ]  # fmt: skip
