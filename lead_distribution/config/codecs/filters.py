from ...engine.matching import NOTHING, read_lines, read_values
from ...finding.filter_rows import is_empty
from ...finding.guarded_matching import explain_broken
from ..context import at
from ..keys.leads import MORE
from ..tables import read_web_sources
from . import dnc
from .codec import Codec
from .rows_of_filters import ROWS, dump_row, load_matching, load_rows, prepare_row

SOURCES = "lead_finding.web_sources"
CAMPAIGNS = "lead_finding.campaigns"
# the lead's field and whether it lets in → the section that has one row of it
SECTIONS = {
    ("source_id", "include"): SOURCES,
    ("campaign_id", "include"): CAMPAIGNS,
    ("lead_status_id", "include"): f"{MORE}.status",
    ("tag_ids", "exclude"): f"{MORE}.exclude_tags",
    ("tag_ids", "include"): f"{MORE}.include_tags",
}


class FiltersCodec(Codec):
    """Web sources, marketing campaigns, statuses and tags: a section a row; ``odoo.filters`` for all other rows."""

    def load(self, values):
        rows = [
            *self._load_sources(),
            *self._load_campaigns(),
            *self._load_status(),
            *self._load_tags(f"{MORE}.exclude_tags", "exclude"),
            *self._load_tags(f"{MORE}.include_tags", "include"),
            *load_rows(self.context, "filter"),
        ]
        return {"filter_ids": rows}

    def _load_sources(self):
        block = self.get(SOURCES)
        if block is None:
            return []
        if isinstance(block, list):
            block = {"source_config": {"sources": block}}
        kind, config = self._guess_kind(block), block.get("source_config", {})
        names, path = config.get("sources", []), f"{SOURCES}.source_config.sources"
        if kind == "file":
            names, path = self._read_file(config), f"{SOURCES}.source_config.file_path"
        elif kind == "database":
            names, path = [], f"{SOURCES}.source_config"
            text = self._("The table is Odoo's own: every source that exists counts.")
            self.context.tell(f"{path}.table_name", text)
            block = {**block, "match_patterns": [*block.get("match_patterns", []), "*"]}
        if block.get("exclude_invalid"):
            names = self._skip_unknown(names, block, path)
        place = SOURCES if names else path
        return [load_matching(self.context, "source_id", "include", block, names, place)]

    @staticmethod
    def _guess_kind(block):
        config = block.get("source_config", {})
        if block.get("source_type"):
            return block["source_type"]
        if config.get("table_name") and len(config) == 1:
            return "database"
        return "file" if config.get("file_path") and not config.get("sources") else "config"

    def _read_file(self, config):
        path = f"{SOURCES}.source_config.file_path"
        if not config.get("file_path"):
            self.context.problem(path, self._("Name the file with the web sources."))
            return []
        return read_web_sources(self.context.files.read_text(config["file_path"], at(path)) or "")

    def _skip_unknown(self, names, block, path):
        """Return the names of sources that exist; the others are told."""
        if block.get("match_mode", "exact") != "exact":
            text = self._("Names can only be skipped where whole names are compared (match_mode: exact).")
            self.context.warn(f"{SOURCES}.exclude_invalid", text)
            return names
        sources = self.env["utm.source"].search([])
        known = {(source.name or "").strip().casefold() for source in sources}
        for name in dict.fromkeys(names):
            if name.casefold() not in known:
                self.context.warn(path, self._("There is no source “%s”; the name was left out.", name))
        return [name for name in names if name.casefold() in known]

    def _load_campaigns(self):
        """An entry with settings of its own has its own mode and case; its regex is the entry."""
        block = self.get(CAMPAIGNS)
        if block is None:
            return []
        if isinstance(block, list):
            block = {"types": block}
        settings, types = block.get("campaign_settings", {}), block.get("types", [])
        for name in settings.keys() - set(types):
            path = at(CAMPAIGNS, "campaign_settings", name)
            self.context.warn(path, self._("“%s” is not among the types.", name))
        rows = self._load_own_campaigns(block, {name: settings[name] for name in types if settings.get(name)})
        plain = [name for name in types if not settings.get(name)]
        if plain or not rows or block.get("match_patterns") or block.get("regex_patterns"):
            rows.insert(0, load_matching(self.context, "campaign_id", "include", block, plain, CAMPAIGNS))
        return rows

    def _load_own_campaigns(self, block, settings):
        """Return the rows of the entries with settings of their own, one for each mode and case."""
        own, path = {}, at(CAMPAIGNS, "campaign_settings")
        for name, setting in settings.items():
            mode = setting.get("match_mode", block.get("match_mode", "exact"))
            case_sensitive = setting.get("case_sensitive", block.get("case_sensitive", False))
            own.setdefault((mode, case_sensitive), []).append(name)
        regexes = [name for (mode, _case), names in own.items() if mode == "regex" for name in names]
        if regexes:
            for name, text in explain_broken(regexes, self.context.budget, self._).items():
                self.context.problem((*path, name), text)
        return [
            prepare_row(self.env, "campaign_id", "include", mode, case_sensitive, names, path=path)
            for (mode, case_sensitive), names in own.items()
        ]

    def _load_status(self):
        path = f"{MORE}.status"
        block = self._merge(path, f"{MORE}.status_matching")
        if self._is_no_filter(block, path):
            return []
        values, is_partial = block.get("values", []), block.get("match_mode") == "partial"
        if values and is_partial and not block.get("include_partial_matches", True):
            text = self._("Partial matches are switched off: no status matches.")
            self.context.warn(path, text, lasting=False)
            patterns = block.get("match_patterns", [])
            return [prepare_row(self.env, "lead_status_id", "include", "regex", False, [NOTHING], patterns)]
        return [load_matching(self.context, "lead_status_id", "include", block, values, path)]

    def _load_tags(self, path, kind):
        block = self._merge(path, f"{MORE}.tag_matching")
        if self._is_no_filter(block, path):
            return []
        return [load_matching(self.context, "tag_ids", kind, block, block.get("values", []), path)]

    def _merge(self, path, common):
        """Return a block of values with the options it leaves to the common section, or None."""
        block = self.get(path)
        if block is None:
            return None
        return {**self.get(common, {}), **({"values": block} if isinstance(block, list) else block)}

    def _is_no_filter(self, block, path):
        """Return whether no statuses or tags are asked for: an empty list is no filter."""
        if block is None:
            return True
        listed = self.get(path)
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

    @staticmethod
    def dump(campaign, names):
        rows = campaign.with_context(active_test=False).filter_ids.sorted()
        found, others = {}, []
        for row in rows:
            path = _find_section(row)
            same = rows.filtered(lambda r, row=row: (r.field_id, r.kind) == (row.field_id, row.kind))
            if path and len(same) == 1:
                found[path] = _dump_section(path, row)
            else:
                others.append(dump_row(row))
        others += [dump_row(row) for row in dnc.list_rows_of_no_block(campaign)]
        return {**found, ROWS: others}


def _find_section(row):
    """Return the path of the section that can say what a row says, or None."""
    if not row.active or is_empty(row) or row.mode == "wildcard":
        return None
    return SECTIONS.get((row.field_name, row.kind))


def _dump_section(path, row):
    values = read_values(row.values_text, row.mode)
    block = {
        "match_mode": row.mode,
        "case_sensitive": row.case_sensitive,
        "match_patterns": read_lines(row.wildcards_text),
    }
    if row.mode == "regex":
        return {**block, "regex_patterns": values}
    if path == SOURCES:
        return {"source_type": "config", "source_config": {"sources": values}, **block}
    return {"types" if path == CAMPAIGNS else "values": values, **block}
