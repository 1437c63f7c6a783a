from ...engine.matching import read_values
from ...names import DNC_STATUSES, DNC_TAGS
from ..context import at
from ..keys.leads import MORE, SHORT_DNC
from .codec import Codec
from .rows_of_filters import load_rows, prepare_row

BLOCK = f"{MORE}.dnc_filtering"
REGEXES = ("^dnc.*", "^do_not_call.*", "^dont_call.*", ".*no_call.*", ".*blocked.*", ".*opt_out.*")


class DoNotCallCodec(Codec):
    """Which leads nobody may call: a block, or a few keys without one; ``odoo.filters`` for all other rows."""

    def load(self, values):
        own = load_rows(self.context, "dnc")
        block = self._find_block()
        if block is None:
            return {"use_dnc": False, "dnc_filter_ids": own}
        mode, case_sensitive = block.get("match_mode", "exact"), block.get("case_sensitive", False)
        texts = block.get("statuses", list(DNC_STATUSES))
        if mode == "regex":
            texts = block.get("regex_patterns", list(REGEXES))
        tags = block.get("dnc_tags", list(DNC_TAGS)) if block.get("exclude_dnc_tags", True) else []
        path = at(BLOCK)
        rows = [
            prepare_row(self.env, name, "exclude", row_mode, case_sensitive, found, purpose="dnc", path=path)
            for name, row_mode, found in (("lead_status_id", mode, texts), ("tag_ids", "exact", tags))
            if found
        ]
        if block["enabled"] and not rows:
            self.context.warn(BLOCK, self._("Nothing is named: no lead counts as not to be called."), lasting=False)
        return {"use_dnc": block["enabled"], "dnc_filter_ids": [*rows, *own]}

    def _find_block(self):
        """Return the block, made of the short form where there is none."""
        block = self.get(BLOCK)
        short = {key: self.get(f"{MORE}.{key}") for key in SHORT_DNC if self.get(f"{MORE}.{key}") is not None}
        is_on = self.get(f"{MORE}.exclude_dnc", False)
        if block is not None:
            for key in short:
                self.context.warn_overruled(f"{MORE}.{key}", "dnc_filtering")
            return {"enabled": True, **block}
        if not short and not is_on:
            return None
        return {"enabled": is_on, **{SHORT_DNC[key]: value for key, value in short.items()}}

    @staticmethod
    def dump(campaign, names):
        if list_rows_of_no_block(campaign) or not campaign.dnc_filter_ids:
            return {}  # the switch itself is a setting
        rows = {row.field_name: row for row in campaign.dnc_filter_ids}
        statuses = rows["lead_status_id"]
        tags = rows.get("tag_ids")
        block = {
            "enabled": campaign.use_dnc,
            "regex_patterns" if statuses.mode == "regex" else "statuses": read_values(
                statuses.values_text, statuses.mode
            ),
            "case_sensitive": statuses.case_sensitive,
            "match_mode": statuses.mode,
            "exclude_dnc_tags": bool(tags),
            "dnc_tags": read_values(tags.values_text, tags.mode) if tags else None,
        }
        return {BLOCK: block}


def list_rows_of_no_block(campaign):
    """Return the rows, unless they are what a block gives: statuses, then tags that are equal."""
    rows = campaign.with_context(active_test=False).dnc_filter_ids.sorted()
    fits = (
        rows.mapped("field_name") in (["lead_status_id"], ["lead_status_id", "tag_ids"])
        and len(set(rows.mapped("case_sensitive"))) == 1
        and all(_fits_block(row) for row in rows)
    )
    return rows.browse() if fits else rows


def _fits_block(row):
    modes = ("exact",) if row.field_name == "tag_ids" else ("exact", "partial", "regex")
    is_plain = row.active and row.kind == "exclude" and not row.wildcards_text
    return is_plain and row.mode in modes and bool((row.values_text or "").strip())
