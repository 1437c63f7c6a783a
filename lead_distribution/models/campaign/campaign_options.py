from odoo import fields, models
from odoo.exceptions import ValidationError

from ... import engine
from ...tools.limits import FIRST_YEAR, WHOLE, is_whole, read_date

OPTIONS = {
    "max_leads", "date_from", "date_to", "force_round_robin", "strategy", "seed", "lead_ids", "user_ids",
}  # fmt: skip


class LeadDistributionCampaign(models.Model):
    """The options of one run: what callers may ask for, and what is wrong with it."""

    _inherit = "lead.distribution.campaign"

    def _check_options(self, options):
        """Return the options in their normal form; tell all problems at once."""
        problems = [self.env._("unknown option “%s”", name) for name in options.keys() - OPTIONS]
        checked = {name: value for name, value in options.items() if value is not None}
        for name in {"date_from", "date_to"} & checked.keys():
            try:
                date = read_date(checked[name])
            except ValueError:
                date = None
            if not date:
                problems.append(
                    self.env._(
                        "“%(name)s” is no date from the year %(first)s on: %(value)s",
                        name=name,
                        first=FIRST_YEAR,
                        value=str(checked[name])[:40],
                    )
                )
                continue
            checked[name] = fields.Date.to_string(date)
        dates = [checked.get("date_from"), checked.get("date_to")]
        if all(dates) and not problems and dates[0] > dates[1]:
            problems.append(self.env._("“date_from” is later than “date_to”"))
        for name in {"lead_ids", "user_ids"} & checked.keys():
            ids = getattr(checked[name], "ids", checked[name])
            if isinstance(ids, (list, tuple, set)) and all(is_whole(record_id) for record_id in ids):
                checked[name] = list(dict.fromkeys(ids))
            else:
                problems.append(self.env._("“%s” must be a list of ids", name))
                checked.pop(name)
        problems += self._tell_unknown_users(checked.get("user_ids") or [])
        problems += [
            self.env._("“%(name)s” must be a whole number from 0 to %(largest)s", name=name, largest=WHOLE)
            for name in {"max_leads", "seed"} & checked.keys()
            if not is_whole(checked[name])
        ]
        strategy = checked.get("strategy")
        if strategy and (not isinstance(strategy, str) or strategy not in engine.STRATEGIES):
            problems.append(self.env._("unknown strategy “%s”", str(strategy)[:40]))
        if not isinstance(checked.get("force_round_robin", False), (bool, int)):
            problems.append(self.env._("“force_round_robin” must be true or false"))
        if problems:
            raise ValidationError(self.env._("These options do not work: %s.", "; ".join(sorted(problems))))
        return checked

    def _tell_unknown_users(self, user_ids):
        """Tell the ids that are nobody's: neither a member's, nor of a user whom the caller may see."""
        if not user_ids:
            return []
        members = self.sudo().with_context(active_test=False).member_ids
        seen = self.env["res.users"].with_context(active_test=False).search([("id", "in", user_ids)])
        unknown = sorted(set(user_ids) - set(members.user_id.ids) - set(seen.ids))
        text = self.env._("“user_ids”: there are no people with the ids %s", ", ".join(map(str, unknown)))
        return [text] if unknown else []
