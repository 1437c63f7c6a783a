from ..context import at
from ..data import Kept
from .codec import Codec

BLOCKS = "lead_finding.status_filters"
ROWS = "odoo.pools"
HOLDERS = {
    "active_salespeople": "active_member",
    "inactive_salespeople": "inactive_member",
    "unassigned": "unassigned",
}


class PoolsCodec(Codec):
    """Whose leads are taken: one block a holder, or rows of ``odoo.pools`` where blocks cannot say it."""

    def load(self, values):
        rows = []
        for key, block in self.get(BLOCKS, {}).items():
            if key in HOLDERS:
                rows.append(self._load_row(HOLDERS[key], block, at(BLOCKS, key)))
                if block.get("date_range_days") == 0:
                    text = self._("0 days are no limit: leads of any age are taken.")
                    self.context.warn(f"{BLOCKS}.{key}.date_range_days", text)
        for number, block in enumerate(self.get(ROWS, [])):
            rows.append(self._load_row(block.get("holder", "unassigned"), block, at(ROWS, number)))
        self._warn_contradictions(values, {row["holder"] for row in rows})
        return {"pool_ids": rows, "pool_mode": "pools" if rows else "all"}

    def _load_row(self, holder, block, path):
        if "statuses" in block and not block["statuses"]:
            self.context.tell((*path, "statuses"), self._("No status is named: leads of any status are taken."))
        return {
            "holder": holder,
            "include_former_users": block.get("include_former_users", False),
            "status_ids": self.context.find_statuses(block.get("statuses", []), (*path, "statuses")).ids,
            "max_age_days": block.get("date_range_days", 0),
        }

    def _warn_contradictions(self, values, holders):
        if values["exclude_assigned"] and holders and "unassigned" not in holders:
            text = self._(
                "The pools take only leads that somebody holds, and assigned leads are left out: none remain."
            )
            self.context.warn(BLOCKS, text, lasting=False)
        if values["exclude_inactive_users"] and "inactive_member" in holders:
            text = self._("Leads of inactive people are left out, so the pool of inactive members stays empty.")
            path = "lead_finding.additional_filters.assignment_filters.exclude_inactive_users"
            self.context.warn(path, text, lasting=False)

    @staticmethod
    def dump(campaign, names):
        pools = campaign.pool_ids.sorted(lambda pool: (pool.sequence, pool.id))
        holders = pools.mapped("holder")
        statuses = {pool: sorted(pool.status_ids.mapped("code")) for pool in pools}
        if len(set(holders)) < len(pools) or any(pools.mapped("include_former_users")):
            rows = [
                {
                    "holder": pool.holder,
                    "include_former_users": pool.include_former_users,
                    "statuses": statuses[pool],
                    "date_range_days": pool.max_age_days,
                }
                for pool in pools
            ]
            return {ROWS: rows}
        keys = {holder: key for key, holder in HOLDERS.items()}
        # a pool of any status and age is a pool, too
        return {
            f"{BLOCKS}.{keys[pool.holder]}": Kept(statuses=statuses[pool], date_range_days=pool.max_age_days or None)
            for pool in pools
        }
