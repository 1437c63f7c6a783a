# pylint: disable=prefer-env-translation
"""``lead_finding``: web sources, marketing campaigns, statuses, tags and do not call (specification 3.2–3.4)."""

from ..tools.guarded_matching import explain_broken
from .tables import read_web_sources

HERE = "lead_finding"
SOURCES = (HERE, "web_sources")
CAMPAIGNS = (HERE, "campaigns")
MORE = (HERE, "additional_filters")
NOTHING = "(?!)"  # the regular expression that fits no text
DNC_REGEXES = ("^dnc.*", "^do_not_call.*", "^dont_call.*", ".*no_call.*", ".*blocked.*", ".*opt_out.*")


class FiltersMapper:
    """Turns the sections with a text match into rows of filters."""

    def __init__(self, context):
        self.context = context
        self._ = context._
        self.get = context.get

    def map(self, loaded):
        rows = [*self._map_sources(), *self._map_campaigns(), *self._map_status()]
        rows += [*self._map_tags("exclude_tags", "exclude"), *self._map_tags("include_tags", "include")]
        dnc_values, dnc_rows = self._map_dnc()
        own = [self._prepare_own(row, number) for number, row in enumerate(self.get("odoo", "filters", default=[]))]
        own = [row for row in own if row]
        loaded.values.update(dnc_values)
        loaded.rows["filter_ids"] = rows + [row for row in own if row["purpose"] == "filter"]
        loaded.rows["dnc_filter_ids"] = dnc_rows + [row for row in own if row["purpose"] == "dnc"]

    def _prepare(self, field_name, kind, mode, case_sensitive, values, wildcards=(), purpose="filter", path=()):
        self._check_comments(values, path)
        self._check_comments(wildcards, path)
        return {
            "purpose": purpose,
            "kind": kind,
            "field_id": self.context.env["ir.model.fields"]._get("crm.lead", field_name).id,
            "mode": mode,
            "case_sensitive": case_sensitive,
            "values_text": "\n".join(values),
            "wildcards_text": "\n".join(wildcards),
            "active": True,
        }

    def _check_comments(self, values, path):
        for value in values:
            if value.startswith("#"):
                self.context.warn(path, self._("“%s” starts with #, so it counts as a comment.", value))

    def _prepare_matching(self, field_name, kind, block, values, path):
        """Return the rows of one section: its values or regexes, and its patterns.

        Source: readings R14 to R16. With values that cannot match in the section's mode, a
        row that fits nothing: the filter is there, and lets nobody in.
        """
        mode = block.get("match_mode", "exact")
        case_sensitive = block.get("case_sensitive", False)
        wildcards = block.get("match_patterns", [])
        regexes = block.get("regex_patterns", [])
        if mode == "regex":
            if values and not regexes and not wildcards:
                text = self._("The mode is regex and there are no regex_patterns: nothing matches.")
                self.context.warn((*path, "match_mode"), text)
                regexes = [NOTHING]
            values = regexes
        if not values and not wildcards:
            return []
        return [self._prepare(field_name, kind, mode, case_sensitive, values, wildcards, path=path)]

    def _map_sources(self):
        block = self.get(*SOURCES)
        if block is None:
            return []
        if isinstance(block, list):
            block = {"source_config": {"sources": block}}
        names, path = self._read_sources(block)
        rows = self._prepare_matching("source_id", "include", block, names, SOURCES)
        if block.get("match_mode", "exact") == "exact":
            self._warn_unknown(names, "utm.source", "name", path, self._("There is no source “%s”."))
        if not rows:
            self.context.warn(path, self._("No source is named: leads of all sources are let in."))
        return rows

    def _read_sources(self, block):
        config = block.get("source_config", {})
        kind = block.get("source_type")
        path = (*SOURCES, "source_config")
        if not kind:
            kind = "file" if config.get("file_path") and not config.get("sources") else "config"
            kind = "database" if config.get("table_name") and len(config) == 1 else kind
        if kind == "file":
            if not config.get("file_path"):
                self.context.problem((*path, "file_path"), self._("Name the file with the web sources."))
                return [], path
            text = self.context.files.read_text(config["file_path"], (*path, "file_path"))
            return read_web_sources(text or ""), (*path, "file_path")
        if kind == "database":
            self.context.tell(
                (*path, "table_name"), self._("The table is Odoo's own: every source that exists counts.")
            )
            block["match_patterns"] = [*block.get("match_patterns", []), "*"]
            return [], path
        return config.get("sources", []), (*path, "sources")

    def _warn_unknown(self, names, model, field_name, path, text):
        records = self.context.env[model].with_context(active_test=False).search([(field_name, "!=", False)])
        known = {(record[field_name] or "").casefold() for record in records}
        if model == "utm.campaign":
            known |= {(record.name or "").casefold() for record in records}
        for name in names:
            if name.casefold() not in known:
                self.context.warn(path, text % name)

    def _map_campaigns(self):
        """An entry with settings of its own has its own mode and case; its regex is the entry (reading R18)."""
        block = self.get(*CAMPAIGNS)
        if block is None:
            return []
        if isinstance(block, list):
            block = {"types": block}
        settings, types = block.get("campaign_settings", {}), block.get("types", [])
        for name in settings.keys() - set(types):
            self.context.warn((*CAMPAIGNS, "campaign_settings", name), self._("“%s” is not among the types.", name))
        plain = [name for name in types if not settings.get(name)]
        rows = self._prepare_matching("campaign_id", "include", block, plain, CAMPAIGNS)
        own = {}
        for name in types:
            if settings.get(name):
                mode = settings[name].get("match_mode", block.get("match_mode", "exact"))
                case_sensitive = settings[name].get("case_sensitive", block.get("case_sensitive", False))
                own.setdefault((mode, case_sensitive), []).append(name)
        for (mode, case_sensitive), names in own.items():
            rows.append(self._prepare("campaign_id", "include", mode, case_sensitive, names, path=CAMPAIGNS))
            if mode == "regex":
                self._check_regexes(names)
        if block.get("match_mode", "exact") == "exact":
            text = self._("There is no campaign “%s”.")
            self._warn_unknown(plain, "utm.campaign", "title", (*CAMPAIGNS, "types"), text)
        if not rows:
            self.context.warn(CAMPAIGNS, self._("No campaign is named: leads of all campaigns are let in."))
        return rows

    def _check_regexes(self, names):
        for name, text in explain_broken(names, self.context.budget, self._).items():
            self.context.problem((*CAMPAIGNS, "campaign_settings", name), text)

    def _merge(self, key, defaults_key):
        """Return a block of values with the options it leaves to the common section, or None."""
        block = self.get(*MORE, key)
        if block is None:
            return None
        if isinstance(block, list):
            block = {"values": block}
        return {**self.get(*MORE, defaults_key, default={}), **block}

    def _map_status(self):
        block = self._merge("status", "status_matching")
        if block is None:
            return []
        path = (*MORE, "status")
        values = block.get("values", [])
        if not values and isinstance(self.get(*path), list):
            return []  # an empty list is no filter, whatever the common section says (reading R19)
        is_partial = block.get("match_mode") == "partial"
        if values and is_partial and not block.get("include_partial_matches", True):
            self.context.warn(path, self._("Partial matches are switched off: no status matches."))
            patterns = block.get("match_patterns", [])
            return [self._prepare("lead_status_id", "include", "regex", False, [NOTHING], patterns)]
        return self._prepare_matching("lead_status_id", "include", block, values, path)

    def _map_tags(self, key, kind):
        block = self._merge(key, "tag_matching")
        if block is None or (not block.get("values") and isinstance(self.get(*MORE, key), list)):
            return []
        return self._prepare_matching("tag_ids", kind, block, block.get("values", []), (*MORE, key))

    def _get_dnc_block(self):
        """Return the block of do not call, made of the short form where there is no block (reading R21)."""
        block = self.get(*MORE, "dnc_filtering")
        if block is not None:
            return {"enabled": True, **block}
        short = self.get(*MORE, default={})
        block = {
            key: short[name]
            for key, name in (
                ("statuses", "dnc_statuses"), ("dnc_tags", "dnc_tags"), ("case_sensitive", "dnc_case_sensitive"),
                ("match_mode", "dnc_match_mode"), ("regex_patterns", "dnc_regex_patterns"),
                ("exclude_dnc_tags", "exclude_dnc_tags"),
            )
            if name in short
        }  # fmt: skip
        return {"enabled": short.get("exclude_dnc", False), **block} if block or short.get("exclude_dnc") else None

    def _map_dnc(self):
        from ..models.lead_distribution_campaign_filters import DNC_STATUSES, DNC_TAGS

        values = {"use_dnc": False, "dnc_by_category": False}
        values.update(dnc_email_blacklist=False, dnc_phone_blacklist=False)
        block = self._get_dnc_block()
        if block is None:
            return values, []
        values["use_dnc"] = block["enabled"]
        mode, case_sensitive = block.get("match_mode", "exact"), block.get("case_sensitive", False)
        texts = block.get("statuses", list(DNC_STATUSES))
        if mode == "regex":
            texts = block.get("regex_patterns", list(DNC_REGEXES))
        tags = block.get("dnc_tags", list(DNC_TAGS)) if block.get("exclude_dnc_tags", True) else []
        path = (*MORE, "dnc_filtering")
        rows = [
            self._prepare(name, "exclude", row_mode, case_sensitive, names, purpose="dnc", path=path)
            for name, row_mode, names in (("lead_status_id", mode, texts), ("tag_ids", "exact", tags))
            if names
        ]
        return values, rows

    def _prepare_own(self, row, number):
        """Return one row of ``odoo.filters``: any field of leads, in any mode."""
        path = ("odoo", "filters", number)
        lead_field = self.context.find_field(row.get("field", "source_id"), (*path, "field"),
                                             ("char", "selection", "many2one", "many2many"))  # fmt: skip
        if not lead_field:
            return None
        purpose = row.get("purpose", "filter")
        values = self._prepare(
            lead_field.name,
            row.get("lets_in", "exclude" if purpose == "dnc" else "include"),
            row.get("mode", "exact"),
            row.get("case_sensitive", False),
            row.get("values", []),
            row.get("patterns", []),
            purpose,
            path,
        )
        return {**values, "active": row.get("active", True)}
