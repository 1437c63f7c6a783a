# pylint: disable=prefer-env-translation
"""``lead_finding``: web sources, marketing campaigns, statuses, tags and do not call (specification 3.2–3.4)."""

from ..engine.matching import NOTHING
from ..finding.guarded_matching import explain_broken
from ..names import DNC_STATUSES, DNC_TAGS
from .schema_leads import SHORT_DNC
from .tables import read_web_sources

HERE = "lead_finding"
SOURCES = (HERE, "web_sources")
CAMPAIGNS = (HERE, "campaigns")
MORE = (HERE, "additional_filters")
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
        loaded.filter_paths = [row.pop("path") for row in loaded.rows["filter_ids"]]
        loaded.rows["dnc_filter_ids"] = dnc_rows + [row for row in own if row["purpose"] == "dnc"]
        for row in loaded.rows["dnc_filter_ids"]:
            del row["path"]

    def _prepare(self, field_name, kind, mode, case_sensitive, values, wildcards=(), purpose="filter", path=()):
        return {
            "purpose": purpose,
            "kind": kind,
            "field_id": self.context.env["ir.model.fields"]._get("crm.lead", field_name).id,
            "mode": mode,
            "case_sensitive": case_sensitive,
            "values_text": "\n".join(values),
            "wildcards_text": "\n".join(wildcards),
            "active": True,
            "path": path,
        }

    def _prepare_matching(self, field_name, kind, block, values, path):
        """Return the row of one section: its values or regexes, and its patterns (readings R14 to R17).

        Without anything that can match in the section's mode it is a row that fits nothing:
        the filter is there, and lets nobody in.
        """
        mode = block.get("match_mode", "exact")
        wildcards = block.get("match_patterns", [])
        texts = block.get("regex_patterns", []) if mode == "regex" else values
        if not texts and not wildcards:
            self.context.warn(path, self._explain_nothing(mode, block, kind), lasting=False)
            return self._prepare(field_name, kind, "regex", False, [NOTHING])
        return self._prepare(field_name, kind, mode, block.get("case_sensitive", False), texts, wildcards, path=path)

    def _explain_nothing(self, mode, block, kind):
        """Return why a section matches nothing, and what that means."""
        if mode == "regex":
            why = self._("The mode is regex and there are no regex_patterns")
        elif block.get("regex_patterns"):
            why = self._("regex_patterns count only with match_mode: regex, and nothing else is named")
        else:
            why = self._("Nothing is named")
        if kind == "exclude":
            return self._("%s: no lead is left out.", why)
        return self._("%s: nothing matches, so no lead is let in.", why)

    def _map_sources(self):
        block = self.get(*SOURCES)
        if block is None:
            return []
        if isinstance(block, list):
            block = {"source_config": {"sources": block}}
        names, path = self._read_sources(block)
        if block.get("exclude_invalid"):
            names = self._skip_unknown(names, block, path)
        return [self._prepare_matching("source_id", "include", block, names, path if not names else SOURCES)]

    def _skip_unknown(self, names, block, path):
        """Return the names of sources that exist (reading R17); the others are told."""
        if block.get("match_mode", "exact") != "exact":
            text = self._("Names can only be skipped where whole names are compared (match_mode: exact).")
            self.context.warn((*SOURCES, "exclude_invalid"), text)
            return names
        sources = self.context.env["utm.source"].search([])
        known = {(source.name or "").strip().casefold() for source in sources}
        for name in dict.fromkeys(names):
            if name.casefold() not in known:
                self.context.warn(path, self._("There is no source “%s”; the name was left out.", name))
        return [name for name in names if name.casefold() in known]

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
        rows = self._map_own_campaigns(block, {name: settings[name] for name in types if settings.get(name)})
        plain = [name for name in types if not settings.get(name)]
        if plain or not rows or block.get("match_patterns") or block.get("regex_patterns"):
            rows.insert(0, self._prepare_matching("campaign_id", "include", block, plain, CAMPAIGNS))
        return rows

    def _map_own_campaigns(self, block, settings):
        """Return the rows of the entries with settings of their own, one for each mode and case."""
        own = {}
        for name, setting in settings.items():
            mode = setting.get("match_mode", block.get("match_mode", "exact"))
            case_sensitive = setting.get("case_sensitive", block.get("case_sensitive", False))
            own.setdefault((mode, case_sensitive), []).append(name)
        for (mode, _case), names in own.items():
            if mode == "regex":
                self._check_regexes(names)
        path = (*CAMPAIGNS, "campaign_settings")
        return [
            self._prepare("campaign_id", "include", mode, case_sensitive, names, path=path)
            for (mode, case_sensitive), names in own.items()
        ]

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
        path = (*MORE, "status")
        if self._is_no_filter(block, path):
            return []
        values, is_partial = block.get("values", []), block.get("match_mode") == "partial"
        if values and is_partial and not block.get("include_partial_matches", True):
            text = self._("Partial matches are switched off: no status matches.")
            self.context.warn(path, text, lasting=False)
            patterns = block.get("match_patterns", [])
            return [self._prepare("lead_status_id", "include", "regex", False, [NOTHING], patterns)]
        return [self._prepare_matching("lead_status_id", "include", block, values, path)]

    def _map_tags(self, key, kind):
        block, path = self._merge(key, "tag_matching"), (*MORE, key)
        if self._is_no_filter(block, path):
            return []
        return [self._prepare_matching("tag_ids", kind, block, block.get("values", []), path)]

    def _is_no_filter(self, block, path):
        """Return whether no statuses or tags are asked for: an empty list is no filter (reading R19)."""
        if block is None:
            return True
        listed = self.get(*path)
        patterns = [] if isinstance(listed, list) else block.get("match_patterns")
        is_regex = block.get("match_mode") == "regex"
        if block.get("values") or patterns or (is_regex and block.get("regex_patterns") and listed != []):
            return False
        text = self._("Nothing is named here, so this is no filter.")
        if is_regex and listed != []:
            self.context.warn(path, text)
        else:
            self.context.tell(path, text)
        return True

    def _get_dnc_block(self):
        """Return the block of do not call, made of the short form where there is no block (reading R21)."""
        block, short = self.get(*MORE, "dnc_filtering"), self.get(*MORE, default={})
        if block is not None:
            for key in [key for key in SHORT_DNC if key in short]:
                self.context.warn((*MORE, key), self._("dnc_filtering is there, too, and counts instead."))
            return {"enabled": True, **block}
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
        if values["use_dnc"] and not rows:
            self.context.warn(path, self._("Nothing is named: no lead counts as not to be called."), lasting=False)
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
