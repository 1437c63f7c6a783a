"""What an import writes on leads: on new ones, and on those that are only completed."""

from odoo.tools import is_html_empty

from ..applying.contacts import leave_contacts_alone
from ..tools.html_text import text_to_html

NAMED_FIELDS = {"_source": ("source", "source_id"), "_medium": ("medium", "medium_id"),
                "_campaign": ("marketing_campaign", "campaign_id")}  # fmt: skip
FILLED = (
    "contact_name", "partner_name", "email_from", "phone", "street", "street2", "city", "zip", "state_id",
    "country_id", "website", "function", "description", "lead_status_id", "source_id", "medium_id", "campaign_id",
    "expected_revenue",
)  # fmt: skip


def prepare_lead(session, row, user_id):
    """Return the values of a new lead.

    Everything that Odoo would otherwise look up lead by lead is among them: team, stage,
    company, and that nobody is its salesperson.

    :param row: ``WaitingRow``
    :param user_id: id of the caller, or None
    """
    batch = session.batch
    team = _get_team(session, user_id)
    values = {
        **resolve_names(row.values, session.lookups),
        "type": "lead", "company_id": batch.company_id.id, "import_batch_id": batch.id,
        "user_id": user_id, "open_user_id": user_id, "closer_id": user_id,
        "team_id": team, "stage_id": _get_stage(session, team),
    }  # fmt: skip
    if row.match_partner_id:
        values["partner_id"] = row.match_partner_id
    if user_id:
        campaign = batch.campaign_id
        now = batch.env.cr.now()
        values.update(distribution_campaign_id=campaign.id, distributed_on=now, received_on=now)
        if campaign.status_reset_id:
            values["lead_status_id"] = campaign.status_reset_id.id
    return values


def resolve_names(values, lookups):
    """Turn names of sources, campaigns and tags into ids; missing ones are created."""
    result = {name: value for name, value in values.items() if not name.startswith("_")}
    for key, (target, name) in NAMED_FIELDS.items():
        if key in values:
            result[name] = lookups.named_id(target, values[key])
    if "description" in result:
        result["description"] = text_to_html(result["description"])
    if "_tags" in values:
        result["tag_ids"] = [(6, 0, [lookups.named_id("tags", tag) for tag in values["_tags"]])]
    return result


def _get_team(session, user_id):
    """Return the id of the team of a person's new leads: the campaign's, the member's, the person's."""
    if user_id not in session.teams:
        batch, env = session.batch, session.batch.env
        team = batch.campaign_id.team_id
        if not team and user_id:
            member = env["lead.distribution.member"].browse(session.members.get(user_id))
            team = member.team_id or env["crm.team"]._get_default_team_id(user_id=user_id)
        fits = team.company_id in (team.company_id.browse(), batch.company_id)
        session.teams[user_id] = team.id if fits else False
    return session.teams[user_id]


def _get_stage(session, team_id):
    if team_id not in session.stages:
        stage = session.batch.env["crm.lead"]._stage_find(team_id=team_id, domain=[("fold", "=", False)])
        session.stages[team_id] = stage.id
    return session.stages[team_id]


def fill_lead(lead, values):
    """Fill the empty fields of a lead that is in the database already; what it has stays.

    :return: what was written, as it is kept: amounts are rounded, web sites completed
    """
    missing = {name: values[name] for name in FILLED if values.get(name) and _is_empty(lead, name)}
    if missing:
        leave_contacts_alone(lead).with_context(mail_notrack=True).write(missing)
    return {name: read_filled(lead, name) for name in missing}


def read_filled(lead, name):
    """Return what a lead has in one of ``FILLED``, as it can be kept and compared later."""
    return lead[name].id if lead._fields[name].type == "many2one" else lead[name]


def _is_empty(lead, name):
    return is_html_empty(lead[name]) if lead._fields[name].type == "html" else not lead[name]


def describe_filled(env, names):
    """Return in words what was filled in."""
    if not names:
        return env._("The lead had all of this already.")
    labels = env["crm.lead"].fields_get(list(names), ["string"])
    return env._("Filled in: %s.", ", ".join(labels[name]["string"] for name in names))
