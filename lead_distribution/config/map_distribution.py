# pylint: disable=prefer-env-translation
"""``distribution``: strategy, override and advanced rules (specification 4, 17.7)."""

from .check import parse_trigger

HERE = "distribution"
RULES = (HERE, "advanced_rules")
SKILLS = (*RULES, "skill_matching")


class DistributionMapper:
    """Turns how leads are shared into values of the campaign."""

    def __init__(self, context):
        self.context = context
        self._ = context._
        self.get = context.get

    def map(self, loaded):
        level_based = self.get(HERE, "level_based", default={})
        loaded.values.update(
            strategy=self._get_strategy(),
            fill_strategy=level_based.get("fill_strategy", "highest_priority_first"),
            allow_overflow=level_based.get("allow_overflow", False),
            overflow_limit=level_based.get("overflow_limit", 10),
            lead_order="random",
            **self._map_override(),
            **self._map_written(),
            **self._map_rules(),
            **self._map_skills(loaded),
            **self._map_caps(loaded),
        )

    def _get_strategy(self):
        name = self.get(HERE, "strategy")
        if name:
            picked = self.context.pick_choice("lead.distribution.campaign", "strategy", name, (HERE, "strategy"))
            return picked or "round_robin"
        if self.get(HERE, "level_based"):
            text = self._("No strategy is named, but levels are: it is level_based.")
            self.context.warn((HERE, "strategy"), text, lasting=False)
            return "level_based"
        return "round_robin"

    def _map_override(self):
        path = (HERE, "round_robin_override")
        override = self.get(*path, default={})
        order = override.get("distribution_order", self.get(HERE, "distribution_order"))
        counts = {"lead_count": 0, "salespeople_count": 0}
        for trigger in override.get("trigger_conditions", []):
            what, below = parse_trigger(trigger)
            if what in counts:  # any one is enough, so of several the largest decides (reading R59)
                counts[what] = max(below, counts[what])
        return {
            "use_override": override.get("enabled", False),
            "override_lead_count": counts["lead_count"],
            "override_people_count": counts["salespeople_count"],
            "distribution_order": order or "random",
            "rotation_reset": override.get("cycle_reset", "never"),
        }

    def _map_written(self):
        status, team = self.get(HERE, "status_reset"), self.get(HERE, "team_assignment")
        if self.get(HERE, "randomize_order") is False:
            self.context.tell((HERE, "randomize_order"), self._("Ties are always broken by chance."))
        return {
            "status_reset_id": self.context.find_status(status, (HERE, "status_reset")).id if status else False,
            "team_id": self.context.find_team(team, (HERE, "team_assignment")).id if team else False,
        }

    def _map_rules(self):
        balancing = self.get(*RULES, "workload_balancing", default={})
        balanced = balancing.get("enabled", False)
        bands = self.get(*RULES, "priority_handling", default={})
        places = self.get(*RULES, "geographic_distribution", default={})
        by_place = places.get("enabled", False)
        least, most = balancing.get("min_daily_distribution", 0), balancing.get("max_daily_distribution", 0)
        if balanced and most and least > most:
            path = (*RULES, "workload_balancing", "min_daily_distribution")
            self.context.warn(path, self._("The smallest number a day is above the largest."), lasting=False)
        return {
            "max_daily": most if balanced else 0,
            "min_daily": least if balanced else 0,
            "count_weekends": balancing.get("consider_weekend_workload") if balanced else None,
            "band_high": bands.get("high_priority_leads", "all_levels"),
            "band_medium": bands.get("medium_priority_leads", "all_levels"),
            "band_low": bands.get("low_priority_leads", "all_levels"),
            "use_territory": by_place and places.get("region_matching", True),
            "use_calling_hours": by_place and places.get("timezone_consideration", False),
        }

    def _map_skills(self, loaded):
        """Skills are tags of leads, with weights in the order of the names."""
        block = self.get(*SKILLS, default={})
        names, weights = block.get("required_skills", []), block.get("skill_weights", [])
        if len(weights) > len(names):
            text = self._("There are more weights than skills.")
            self.context.warn((*SKILLS, "skill_weights"), text)
        pairs = [(name, weights[n] if n < len(weights) else 1.0) for n, name in enumerate(names)]
        own = [(row["tag"], row.get("weight", 1.0)) for row in self.get("odoo", "skills", default=[]) if row.get("tag")]
        loaded.rows["skill_ids"] = [{"tag": name, "weight": weight} for name, weight in dict([*pairs, *own]).items()]
        if block.get("enabled") and not loaded.rows["skill_ids"]:
            self.context.warn(SKILLS, self._("No skill is named: every lead goes to anybody."), lasting=False)
        return {"use_skills": block.get("enabled", False), "skill_fallback": block.get("fallback")}

    def _map_caps(self, loaded):
        """More limits a person, from ``odoo.caps``: of everybody, or of one person."""
        rows = []
        for number, cap in enumerate(self.get("odoo", "caps", default=[])):
            path = ("odoo", "caps", number)
            user = self.context.find_users([cap["user"]], (*path, "user")) if cap.get("user") else None
            if cap.get("user") and not user:
                continue
            measure = cap.get("measure", "day")
            if "lead.distribution.cap" in self.context.env:
                picked = self.context.pick_choice("lead.distribution.cap", "measure", measure, (*path, "measure"))
                measure = picked or "day"
            rows.append(
                {
                    "measure": measure,
                    "maximum": cap.get("maximum", 0),
                    "only_campaign": cap.get("only_campaign", False),
                    "user_id": user.id if user else False,
                }
            )
        loaded.rows["cap_ids"] = rows
        return {}
