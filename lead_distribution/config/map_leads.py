# pylint: disable=prefer-env-translation
"""``lead_finding``: window, pools, activities and the plain filters (specification 3.1, 3.4)."""

from ..names import PRESETS
from .nodes import LONGEST

HERE = "lead_finding"
RANGE = (HERE, "date_range")
MORE = (HERE, "additional_filters")
POOLS = {
    "active_salespeople": "active_member",
    "inactive_salespeople": "inactive_member",
    "unassigned": "unassigned",
}
WINDOW = {"older_than_days": 0, "younger_than_days": 30}


class LeadsMapper:
    """Turns what says which leads are looked at into values of the campaign."""

    def __init__(self, context):
        self.context = context
        self._ = context._
        self.get = context.get

    def map(self, loaded):
        loaded.values.update(self._map_window())
        loaded.values.update(self._map_plain())
        self._map_pools(loaded)
        self._warn_contradictions(loaded)

    def _map_window(self):
        values = self.get(*RANGE)
        if values is None:
            if self.get(HERE, "date_range_strategies"):
                text = self._("No date_range: there is no window. Choose one with date_range: {strategy: …}.")
                self.context.tell((HERE, "date_range_strategies"), text)
            return {"use_window": False, **WINDOW}
        days = {**WINDOW, **self._get_named_range(values.get("strategy"))}
        days.update({key: values[key] for key in WINDOW if key in values})
        start, end = values.get("custom_start_date"), values.get("custom_end_date")
        if start and end and start > end:
            self.context.problem((*RANGE, "custom_end_date"), self._("The window ends before it starts."))
        if not (start or end) and days["younger_than_days"] <= days["older_than_days"]:
            self.context.warn(RANGE, self._("The window is empty: no lead can be in it."), lasting=False)
        return {
            "use_window": True,
            **{key: min(value, LONGEST) for key, value in days.items()},
            "custom_date_from": start or False,
            "custom_date_to": end or False,
            "exclude_weekends": values.get("exclude_weekends", False),
            "exclude_holidays": values.get("exclude_holidays", False),
        }

    def _get_named_range(self, name):
        """Return the day counts of a named range: one of the configuration's own, or of the three of 3.1."""
        if not name:
            return {}
        named = self.get(HERE, "date_range_strategies", default={})
        if name in named:
            return {key: named[name][key] for key in WINDOW if key in named[name]}
        if name in PRESETS:
            return dict(zip(WINDOW, PRESETS[name], strict=True))
        if name != "custom_range":
            known = ", ".join([*named, *PRESETS])
            self.context.problem((*RANGE, "strategy"), self._("There is no range “%(name)s”, only: %(known)s.",
                                                              name=name, known=known))  # fmt: skip
        return {}

    def _map_plain(self):
        get, context = self.get, self.context
        assignment = get(*MORE, "assignment_filters", default={})
        status_filters = get(HERE, "status_filters", default={})
        deadline = get(HERE, "activity_deadline")
        assigned = (
            get(*MORE, "exclude_assigned"), assignment.get("exclude_assigned"),
            status_filters.get("exclude_assigned_leads"),
        )  # fmt: skip
        closed = (
            get(*MORE, "exclude_closed"), assignment.get("exclude_closed"), status_filters.get("exclude_closed_leads"),
        )  # fmt: skip
        return {
            "exclude_assigned": any(assigned),
            "exclude_closed": any(closed),
            "exclude_inactive_users": assignment.get("exclude_inactive_users", False),
            "protect_activities": deadline is not None,
            "activity_days": context.days(HERE, "activity_deadline", "exclude_within_days", default=4),
            "exclude_without_activity": (deadline or {}).get("exclude_missing_deadline", False),
            "protected_user_ids": context.find_users(
                get(HERE, "excluded_users", default=[]), (HERE, "excluded_users")
            ).ids,
            "required_field_ids": context.find_fields(
                get(*MORE, "required_fields", default=[]), (*MORE, "required_fields")
            ).ids,
            **self._map_priority(),
        }

    def _map_priority(self):
        block = self.get(*MORE, "priority_range")
        low, high = self.get(*MORE, "min_priority"), self.get(*MORE, "max_priority")
        path = (*MORE, "max_priority")
        if block is not None:
            low, high, path = block.get("min"), block.get("max"), (*MORE, "priority_range")
        used = block is not None or low is not None or high is not None
        low, high = (1 if low is None else low), (5 if high is None else high)
        if low > high:
            self.context.problem(path, self._("The smallest priority is above the largest."))
        return {"use_priority": used, "priority_min": low, "priority_max": high}

    def _map_pools(self, loaded):
        blocks = self.get(HERE, "status_filters", default={})
        own = self.get("odoo", "pools")
        rows = []
        for name in blocks:
            if name in POOLS:
                path = (HERE, "status_filters", name)
                rows.append(self._prepare_pool(POOLS[name], blocks[name], path))
        for number, pool in enumerate(own or []):
            rows.append(self._prepare_pool(pool.get("holder", "unassigned"), pool, ("odoo", "pools", number)))
        loaded.rows["pool_ids"] = rows
        loaded.values["pool_mode"] = "pools" if rows else "all"

    def _prepare_pool(self, holder, block, path):
        statuses = self.context.find_statuses(block.get("statuses", []), (*path, "statuses"))
        if "statuses" in block and not block["statuses"]:
            self.context.tell((*path, "statuses"), self._("No status is named: leads of any status are taken."))
        if block.get("date_range_days") == 0 and path[0] == HERE:
            self.context.warn((*path, "date_range_days"), self._("0 days are no limit: leads of any age are taken."))
        return {
            "holder": holder,
            "include_former_users": block.get("include_former_users", False),
            "status_ids": statuses.ids,
            "max_age_days": min(block.get("date_range_days", 0), LONGEST),
        }

    def _warn_contradictions(self, loaded):
        holders = {row["holder"] for row in loaded.rows["pool_ids"]}
        if loaded.values["exclude_assigned"] and holders and "unassigned" not in holders:
            text = self._(
                "The pools take only leads that somebody holds, and assigned leads are left out: none remain."
            )
            self.context.warn((HERE, "status_filters"), text, lasting=False)
        if loaded.values["exclude_inactive_users"] and "inactive_member" in holders:
            text = self._("Leads of inactive people are left out, so the pool of inactive members stays empty.")
            self.context.warn((*MORE, "assignment_filters", "exclude_inactive_users"), text, lasting=False)
