# pylint: disable=prefer-env-translation
"""From text to the values of a campaign: read, check, map. Writes nothing but missing lead statuses."""

from .check import Checker
from .context import Context, Loaded
from .desugar import desugar, name_campaign
from .fields_table import KEPT, NOT_SETTINGS, OFF, check_setting, get_settings
from .map_distribution import DistributionMapper
from .map_dropback import DropbackMapper
from .map_filters import FiltersMapper
from .map_leads import LeadsMapper
from .map_people import PeopleMapper
from .map_rest import RestMapper
from .map_sales import SalesMapper
from .reader import Reader
from .variables import fill_in

MAPPERS = (LeadsMapper, FiltersMapper, SalesMapper, DropbackMapper, DistributionMapper, RestMapper, PeopleMapper)


def read_config(source, report, _, variables=None):
    """Return the configuration in a source with only what is right; all problems go into the report.

    :raise Unreadable: if the text is no YAML or JSON at all
    """
    data = Reader(report, _).read_source(source)
    report.lines = dict(report.lines)
    checked = Checker(report, _).check(fill_in(data, variables, report, _))
    config = desugar(checked)
    name = name_campaign(config)
    if name:
        config.setdefault("campaign", {})["name"] = name
    return config


def map_config(env, config, report, files=None, campaign=None):
    """Return the values of a campaign for a checked configuration, see ``Loaded``."""
    context = Context(env, config, report, files, campaign)
    loaded = Loaded()
    rest = RestMapper(context)
    company = rest._map_odoo().get("company_id")
    if company is not None:
        context.company = env["res.company"].browse(company)
    for mapper in MAPPERS:
        mapper(context).map(loaded)
    _finish_values(env, config, report, loaded, context)
    return loaded


def _finish_values(env, config, report, loaded, context):
    """Put the values of fields that nothing is said about, and of ``odoo.settings``."""
    model = env["lead.distribution.campaign"]
    settings = get_settings(model, NOT_SETTINGS | {"name"})
    silent = {name for name in settings if name not in KEPT}
    defaults = model.default_get(list(silent))
    values = {name: OFF.get(name, defaults.get(name, False)) for name in silent}
    mapped = {name: value for name, value in loaded.values.items() if name in model._fields and value is not None}
    loaded.values = {**values, **mapped}
    for name, value in (config.get("odoo", {}).get("settings") or {}).items():
        path = ("odoo", "settings", name)
        if name not in settings:
            report.add("problem", path, context._("Campaigns have no setting “%s”.", name))
            continue
        try:
            loaded.values[name] = check_setting(settings[name], value, env)
        except ValueError:
            report.add("problem", path, context._("“%s” is no value of this setting.", value))
