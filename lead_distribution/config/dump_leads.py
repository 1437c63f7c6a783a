"""Writes which leads are taken: window, filters, pools, do not call, sales filter, dropback."""

from ..engine.matching import read_lines, read_patterns, read_values
from ..finding.filter_rows import is_empty
from .compact import Kept
from .dump_people import name_users
from .map_leads import POOLS
from .map_sales import COMPARED

DROPBACK_FIELDS = (
    "dropback_threshold_ids", "dropback_rule_ids", "dropback_status_id", "dropback_required_field_ids",
    "dropback_exclude_status_ids", "dropback_exclude_tag_ids", "dropback_exclude_tags_text", "dropback_user_ids",
)  # fmt: skip
SALES_FIELDS = ("sales_date_field_id", *(setting for setting, _usual, _paths in COMPARED))
HOLDERS = {holder: name for name, holder in POOLS.items()}


class LeadsDumper:
    def __init__(self, campaign):
        self.campaign = campaign
        self.extra = {}  # what goes to the section ``odoo``

    def dump(self):
        c = self.campaign
        filters = self._dump_filters()
        return {
            "date_range": self._dump_window(),
            "web_sources": filters.pop("web_sources", None),
            "campaigns": filters.pop("campaigns", None),
            "status_filters": self._dump_pools(),
            "activity_deadline": {
                "exclude_within_days": c.activity_days,
                "exclude_missing_deadline": c.exclude_without_activity,
            }
            if c.protect_activities
            else None,
            "excluded_users": name_users(c, c.protected_user_ids),
            "additional_filters": {
                # a fixed order: that of the records is another one after loading
                **{key: filters.get(key) for key in ("status", "exclude_tags", "include_tags")},
                **self._dump_plain(),
                "dnc_filtering": self._dump_dnc(),
            },
            "sales_filter": self._dump_sales(),
            "dropback_filter": self._dump_dropback(),
        }

    def _dump_window(self):
        c = self.campaign
        if not c.use_window:
            return None
        return {
            "older_than_days": c.older_than_days,
            "younger_than_days": c.younger_than_days,
            "custom_start_date": c.custom_date_from or None,
            "custom_end_date": c.custom_date_to or None,
            "exclude_weekends": c.exclude_weekends,
            "exclude_holidays": c.exclude_holidays,
        }

    def _dump_plain(self):
        c = self.campaign
        return {
            "required_fields": sorted(c.required_field_ids.mapped("name")),
            "priority_range": {"min": c.priority_min, "max": c.priority_max} if c.use_priority else None,
            "assignment_filters": {
                "exclude_assigned": c.exclude_assigned,
                "exclude_closed": c.exclude_closed,
                "exclude_inactive_users": c.exclude_inactive_users,
            },
        }

    def _dump_pools(self):
        pools = self.campaign.pool_ids.sorted(lambda pool: (pool.sequence, pool.id))
        holders = pools.mapped("holder")
        if len(set(holders)) < len(pools) or any(pools.mapped("include_former_users")):
            self.extra["pools"] = [
                {
                    "holder": pool.holder,
                    "include_former_users": pool.include_former_users,
                    "statuses": sorted(pool.status_ids.mapped("code")),
                    "date_range_days": pool.max_age_days,
                }
                for pool in pools
            ]
            return None
        return {
            # a pool of any status and age is a pool, too
            HOLDERS[pool.holder]: Kept(
                statuses=sorted(pool.status_ids.mapped("code")), date_range_days=pool.max_age_days or None
            )
            for pool in pools
        }

    def _dump_filters(self):
        """Use the specification's sections for a field with one row that fits there, ``odoo.filters`` for all else."""
        rows = self.campaign.with_context(active_test=False).filter_ids.sorted(lambda row: (row.sequence, row.id))
        sections, others = {}, []
        for row in rows:
            key = self._get_section(row)
            same = rows.filtered(lambda r, row=row: (r.field_id, r.kind) == (row.field_id, row.kind))
            if key and len(same) == 1:
                sections[key] = self._dump_section(key, row)
            else:
                others.append(self._dump_row(row))
        others += self._dump_dnc_rows()
        if others:
            self.extra["filters"] = others
        return sections

    @staticmethod
    def _get_section(row):
        if not row.active or is_empty(row) or row.mode == "wildcard":
            return None
        return {
            ("source_id", "include"): "web_sources",
            ("campaign_id", "include"): "campaigns",
            ("lead_status_id", "include"): "status",
            ("tag_ids", "include"): "include_tags",
            ("tag_ids", "exclude"): "exclude_tags",
        }.get((row.field_name, row.kind))

    @staticmethod
    def _dump_section(key, row):
        values = read_values(row.values_text, row.mode)
        block = {"match_mode": row.mode, "case_sensitive": row.case_sensitive}
        block["match_patterns"] = read_lines(row.wildcards_text)
        if row.mode == "regex":
            return {**block, "regex_patterns": values}
        if key == "web_sources":
            return {"source_type": "config", "source_config": {"sources": values}, **block}
        return {"types" if key == "campaigns" else "values": values, **block}

    @staticmethod
    def _dump_row(row):
        return {
            "purpose": row.purpose,
            "field": row.field_name,
            "lets_in": row.kind,
            "mode": row.mode,
            "case_sensitive": row.case_sensitive,
            "active": row.active,
            "values": read_values(row.values_text, row.mode),
            "patterns": read_lines(row.wildcards_text),
        }

    def _get_dnc_rows(self):
        return self.campaign.with_context(active_test=False).dnc_filter_ids.sorted(lambda row: (row.sequence, row.id))

    def _fits_dnc_block(self):
        """Whether the rows are what a block of the specification gives: statuses, then tags that are equal."""
        rows = self._get_dnc_rows()
        names = rows.mapped("field_name")
        plain = all(
            r.active and r.kind == "exclude" and not r.wildcards_text and read_lines(r.values_text) for r in rows
        )
        return (
            plain
            and names in (["lead_status_id"], ["lead_status_id", "tag_ids"])
            and len(set(rows.mapped("case_sensitive"))) == 1
            and all(r.mode == "exact" for r in rows if r.field_name == "tag_ids")
            and all(r.mode != "wildcard" for r in rows)
        )

    def _dump_dnc_rows(self):
        return [] if self._fits_dnc_block() else [self._dump_row(row) for row in self._get_dnc_rows()]

    def _dump_dnc(self):
        if not self._fits_dnc_block():
            return None  # the switch itself is a setting
        values = {row.field_name: read_values(row.values_text, row.mode) for row in self._get_dnc_rows()}
        modes = {row.field_name: row.mode for row in self._get_dnc_rows()}
        key = "regex_patterns" if modes.get("lead_status_id") == "regex" else "statuses"
        return {
            "enabled": self.campaign.use_dnc,
            key: values["lead_status_id"],
            "case_sensitive": self._get_dnc_rows()[0].case_sensitive,
            "match_mode": modes["lead_status_id"],
            "exclude_dnc_tags": "tag_ids" in values,
            "dnc_tags": values.get("tag_ids"),
        }

    def _dump_sales(self):
        c = self.campaign
        if not c.use_sales_filter and not any(c[name] for name in SALES_FIELDS):
            return None
        return {
            "enabled": c.use_sales_filter,
            "primary_match": {
                "lead_field": c.sales_partner_field_id.name or None,
                "opportunity_field": c.sales_opportunity_partner_field_id.name or None,
            },
            "secondary_matches": {
                "email_match": {
                    "enabled": c.sales_match_email,
                    "lead_field": c.sales_email_field_id.name or None,
                    "opportunity_field": c.sales_opportunity_email_field_id.name or None,
                },
                "phone_match": {
                    "enabled": c.sales_match_phone,
                    "lead_field": c.sales_phone_field_id.name or None,
                    "opportunity_field": c.sales_opportunity_phone_field_id.name or None,
                },
            },
            "performance": {"timeout_seconds": c.sales_seconds or None},
            "reporting": {"export_excluded_leads": True} if c.sales_export else None,
            "opportunity_criteria": {
                "exclude_stages": read_lines(c.sales_exclude_stages),
                "include_stages": read_lines(c.sales_include_stages),
                "active_only": c.sales_active_only,
                "date_filter": {
                    "enabled": bool(c.sales_days),
                    "field_name": c.sales_date_field_id.name or "date_open",
                    "newer_than_days": c.sales_days or None,
                },
            },
        }

    def _dump_dropback(self):
        c = self.campaign
        if not c.use_dropback and not any(c[name] for name in DROPBACK_FIELDS):
            return None
        names = [name.strip() for name in (c.dropback_source_fields or "").split(",") if name.strip()]
        rules = c.dropback_rule_ids.sorted(lambda rule: (rule.sequence, rule.id))
        return {
            "enabled": c.use_dropback,
            "age_thresholds": self._dump_thresholds(),
            "web_source_campaign_mapping": {"default_campaign": rules.filtered("is_default").name or " "},
            "web_source_matching": {
                "primary_field": names[0] if names else None,
                "fallback_fields": [{"field": name} for name in names[1:]],
                "campaign_patterns": {
                    rule.name: Kept(
                        exact_matches=read_lines(rule.sources_text), pattern_matches=read_patterns(rule.patterns_text)
                    )
                    for rule in rules
                },
            },
            "assignment_rules": {rule.name: self._dump_rule(rule) for rule in rules},
            "assignment_config": {
                "update_status": c.dropback_update_status,
                "dropback_status": c.dropback_status_id.code or " ",
                "override_existing_assignments": c.dropback_override,
                "preserve_team_assignment": c.dropback_preserve_team,
            },
            "additional_criteria": self._dump_criteria(),
            "reporting": {"export_dropback_report": True} if c.dropback_export else None,
        }

    def _dump_thresholds(self):
        thresholds = self.campaign.dropback_threshold_ids.sorted(lambda t: (t.sequence, t.id))
        return Kept(
            {
                f"age_{number}": {
                    "description": one.name or " ",
                    "days": one.days,
                    "field_name": one.date_field_id.name or "source_date",
                    "use_business_days": one.business_days,
                    "conditions": read_lines(one.conditions_text),
                }
                for number, one in enumerate(thresholds, 1)
            }
        )

    def _dump_rule(self, rule):
        return {
            "user": name_users(self.campaign, rule.user_id)[0] if rule.user_id else " ",
            "team": rule.team_id.name or None,
            "status": rule.status_id.code or None,
            "priority": int(rule.priority) + 1 if rule.priority else None,
        }

    def _dump_criteria(self):
        c = self.campaign
        tags = [*sorted(c.dropback_exclude_tag_ids.mapped("name")), *read_lines(c.dropback_exclude_tags_text)]
        users = name_users(c, c.dropback_user_ids)
        return {
            "lead_criteria": {
                "min_priority": c.dropback_priority_min,
                "max_priority": c.dropback_priority_max,
                "required_fields": sorted(c.dropback_required_field_ids.mapped("name")),
                "exclude_statuses": sorted(c.dropback_exclude_status_ids.mapped("code")),
                "exclude_tags": tags,
                "include_closed": c.dropback_closed,
            },
            "exclude_existing_assignments": {"enabled": True, "dropback_users": users} if users else None,
        }
