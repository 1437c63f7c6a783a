"""What the web client asks the server for when a page opens, worked out from the actions and views that there are.

So a new page is measured without anybody listing it; one that cannot be opened this way fails the benchmark.
"""

from collections import namedtuple
from contextlib import suppress

from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools.safe_eval import datetime, safe_eval, time

MODULES = "lead_distribution%"
PAGE, COLUMN, COUNTED = 80, 40, 10_001  # records of a list and of a column of cards, and up to where they are counted
MANY = ("one2many", "many2many")
CLIENT = {  # client actions: {tag: what their page asks for}
    "lead_distribution.dashboard": lambda env: env["lead.distribution.dashboard"].get_data(),
    "lead_distribution.who_is_there": lambda env: env["lead.distribution.who.is.there"].get_data(),
}
Opened = namedtuple("Opened", "records domain is_filtered")


def list_pages(env, users):
    """Return {name of a page: function that opens it}, of all actions of the addon.

    :param users: {in words: the user who opens it}; what somebody may not read is no page of theirs
    """
    pages = {}
    for who, user in users.items():
        own = env(user=user.id, su=False, context={"lang": "en_US", "tz": "UTC"})
        for action in _find_actions(env, "ir.actions.client"):
            with suppress(AccessError):  # then it is no page of theirs
                CLIENT[action.tag](own)
                pages[f"{action.name}, {who}"] = lambda tag=action.tag, own=own: CLIENT[tag](own)
        for action in _find_actions(env, "ir.actions.act_window"):
            for what, do in _list_action(own, action).items():
                pages[f"{action.name}, {what}, {who}"] = do
    return pages


def _find_actions(env, model):
    known = env["ir.model.data"].search([("module", "=like", MODULES), ("model", "=", model)], order="name")
    return env[model].browse(known.mapped("res_id"))


def _list_action(env, action):
    """Return {what of it: function} of a window action."""
    records = env[action.res_model]
    if not records.has_access("read"):
        return {}
    if records._transient:
        return {"window": _prepare_window(env, action)}
    views = {kind: records.get_view(view, kind) for view, kind in action.views}
    search = etree.fromstring(records.get_view(action.search_view_id.id, "search")["arch"])
    opened = _read_action(env, action, search)
    pages = {}
    for kind, view in views.items():
        arch = etree.fromstring(view["arch"])
        pages[kind] = _prepare_view(opened, kind, arch)
        if opened.is_filtered and kind != "form":
            pages[f"{kind} without its filters"] = _prepare_view(_read_action(env, action, search, False), kind, arch)
    for node in search.iter("searchpanel"):
        for field in node.iter("field"):
            pages[f"panel {field.get('name')}"] = _prepare_panel(opened, field)
    for name in _list_groups(records, search):
        pages[f"grouped by {name}"] = lambda name=name: _open_groups(opened, [name])
    return pages


def _read_action(env, action, search, filters=True):
    """Return the action as it opens with its own filters, or without them."""
    names = {"uid": env.uid, "context": env.context, "active_id": False, "active_ids": [], "time": time,
             "datetime": datetime}  # fmt: skip
    context = safe_eval(action.context or "{}", names)
    chosen = {name.removeprefix("search_default_") for name, value in context.items() if value and filters}
    nodes = [node for node in search.iter("filter") if node.get("name") in chosen]
    domains = [safe_eval(node.get("domain"), names) for node in nodes if node.get("domain")]
    domain = Domain.AND([safe_eval(action.domain or "[]", names), *domains])
    own = {name: value for name, value in context.items() if not name.startswith("search_default_")}
    return Opened(env[action.res_model].with_context(**own), list(domain), bool(domains))


def _prepare_view(opened, kind, arch):
    """Return what opens one view of an action."""
    records, domain = opened.records, opened.domain
    spec = _get_specification(records, arch)
    if kind in ("pivot", "graph"):
        groups = [":".join(filter(None, (node.get("name"), node.get("interval")))) for node in arch.iter("field")
                  if node.get("type") != "measure" and not node.get("invisible")]  # fmt: skip
        return lambda: records.formatted_read_group(domain, groups, ["__count"])
    if kind == "calendar":
        return lambda: records.search_read(domain, list(spec), limit=500)
    if kind == "form":
        return lambda: records.search(domain, limit=1).web_read(spec)
    columns = arch.get("default_group_by")
    if columns:
        return lambda: _open_groups(opened, [columns], spec)
    return lambda: records.web_search_read(domain, spec, limit=PAGE, count_limit=COUNTED)


def _get_specification(records, arch):
    """Return the fields of a view as the web client asks for them."""
    spec = {}
    for node in arch.iter("field"):
        if any(parent.tag == "field" for parent in node.iterancestors() if parent is not arch):
            continue  # of a view in the view
        field = records._fields.get(node.get("name"))
        if field is not None:
            spec[field.name] = _ask_for(records, field, node)
    return spec


def _ask_for(records, field, node):
    if field.type in ("many2one", "reference"):
        return {"fields": {"display_name": {}}}
    if field.type not in MANY:
        return {}
    inner = next((child for child in node if child.tag in ("list", "kanban")), None)
    if inner is None:
        return {"fields": {"display_name": {}}}
    return {"fields": _get_specification(records.env[field.comodel_name], inner), "limit": PAGE}


def _list_groups(records, search):
    """Return by what the filters of a page can group; the client says by month where nothing else is said."""
    names = []
    for node in search.iter("filter"):
        grouped = safe_eval(node.get("context") or "{}", {"uid": records.env.uid}).get("group_by")
        names += [grouped] if isinstance(grouped, str) else grouped or []
    kinds = {name: records._fields[name.partition(":")[0]].type for name in names}
    return [
        f"{name}:month" if kind in ("date", "datetime") and ":" not in name else name
        for name, kind in kinds.items()
        if kind != "properties"
    ]


def _open_groups(opened, groups, spec=None):
    return opened.records.web_read_group(
        opened.domain, groups, ["__count"], limit=PAGE, auto_unfold=spec is not None, 
        unfold_read_default_limit=COLUMN, unfold_read_specification=spec or {"display_name": {}},
    )  # fmt: skip


def _prepare_panel(opened, field):
    records, many = opened.records, field.get("select") == "multi"
    read = records.search_panel_select_multi_range if many else records.search_panel_select_range
    return lambda: read(
        field.get("name"), search_domain=opened.domain, enable_counters=bool(field.get("enable_counters")), limit=200
    )


def _prepare_window(env, action):
    """Return what opens a window over the records of a page: those that are ticked there."""
    bound = action.binding_model_id.model
    ids = env[bound].search([], limit=PAGE).ids if bound and env[bound].has_access("read") else []
    context = {"active_model": bound, "active_ids": ids, "active_id": ids[:1] and ids[0]} if bound else {}
    form = env[action.res_model].with_context(**context)
    spec = _get_specification(form, etree.fromstring(form.get_view(view_type="form")["arch"]))
    return lambda: form.onchange({}, [], spec)
