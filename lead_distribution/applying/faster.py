"""What Odoo does lead by lead when leads are written, done once for a batch; the outcome is the same.

Together this is more than a third of a run (docs/developer/performance.md). The system parameter
``lead_distribution.faster`` switches it off, here and for the leads of imports (``foresee.py``): with the value 0 Odoo
does all of it itself.
The hooks into Odoo are in ``models/lead/faster.py``.
"""

from odoo.tools import SQL

from ..work.inside import NO, YES

SWITCH = "lead_distribution.faster"
BATCH = "lead_distribution_batch"  # context key: the leads are written as a batch
ODOO_STAGES = "odoo.addons.crm.models.crm_lead"  # where Odoo says which stage a lead has


def is_on(env):
    """Whether batches may be written faster than Odoo writes them by itself."""
    return env["ir.config_parameter"].sudo().get_param(SWITCH, "1") != "0"  # a setting, no secret


def for_batch(leads):
    """Return leads that are going to be written as a batch."""
    return leads.with_context(**{BATCH: YES}) if is_on(leads.env) else leads


def is_batch(env):
    """Whether leads are just being written as a batch."""
    return env.context.get(BATCH) is YES  # nobody else can give this object


def get_unaffected_fields(leads, values):
    """Return the computed fields that need not be found out when ``values`` are written: their values are given."""
    return [leads._fields["holder_id"]] if is_batch(leads.env) and "holder_id" in values else []


def get_unaffected_by_team(leads, teams):
    """Return what a change to one of the teams leaves as it is, for ``env.protecting``: list of (fields, leads).

    Odoo would find out lead by lead that a stage of all teams may stay, and that a team
    without properties of its own gives none to leads that have none.
    """
    if not is_batch(leads.env):
        return []
    leads.flush_recordset(["lead_properties", "stage_id"])
    rows = leads.env.execute_query(
        SQL(
            "SELECT id, coalesce(lead_properties, '{}') = '{}', stage_id IS NOT NULL AND NOT EXISTS "
            "(SELECT FROM crm_stage_crm_team_rel r WHERE r.crm_stage_id = stage_id) "
            "FROM crm_lead WHERE id = ANY(%s)",
            leads.ids,
        )
    )
    unaffected = []
    if not any(team.lead_properties_definition for team in teams.sudo()):  # of whatever company
        unaffected.append(([leads._fields["lead_properties"]], leads.browse(row[0] for row in rows if row[1])))
    if type(leads)._compute_stage_id.__module__ == ODOO_STAGES:  # other addons may have other rules
        unaffected.append(([leads._fields["stage_id"]], leads.browse(row[0] for row in rows if row[2])))
    return unaffected


def keep_one_of_each_kind(leads, names):
    """Return one lead of each kind: alike are those with the same company and the same in these fields."""
    alike = {}
    for lead in leads:
        alike.setdefault((lead.company_id.id, *(tuple(lead[name].ids) for name in names)), lead.id)
    return leads.browse(alike.values())


def subscribe_as_written(leads, written):
    """Let teams' followers and salespeople follow their leads; who follows already keeps what they chose.

    :param written: list of (values, leads that they were written on)
    """
    if not is_batch(leads.env):
        _subscribe_as_odoo_does(leads, written)
        return
    subtypes = leads.env["mail.message.subtype"]
    _children, default_ids, _internal, _parent, relations = subtypes._get_auto_subscription_subtypes(leads._name)
    _subscribe_to_relations(leads, written, {name for names in relations.values() for name in names})
    lead_ids, partner_ids, subtypes_of = [], [], {}
    for values, records in written:
        # who follows because of a salesperson is Odoo's, and other addons', to say
        for partner_id, subtype_ids, _template in records._message_auto_subscribe_followers(values, default_ids):
            subtypes_of[partner_id] = subtype_ids or default_ids
            lead_ids += records.ids
            partner_ids += [partner_id] * len(records)
    if lead_ids:
        _insert_followers(leads, lead_ids, partner_ids, subtypes_of)


def _subscribe_as_odoo_does(leads, written):
    """Odoo has done it when it wrote the leads, unless it was told to be silent; then it does it now."""
    if leads.env.context.get("tracking_disable"):
        for values, records in written:
            records.with_context(mail_auto_subscribe_no_notify=True)._message_auto_subscribe(values)


def _subscribe_to_relations(leads, written, names):
    """Let those who follow a team, say, follow the leads it got: once for each team, not for each person."""
    ids_of = {}
    for values, records in written:
        related = frozenset((name, values[name]) for name in names if values.get(name))
        if related:
            ids_of.setdefault(related, []).extend(records.ids)
    for related, lead_ids in ids_of.items():
        leads.browse(lead_ids).with_context(**{BATCH: NO})._message_auto_subscribe(dict(related))


def _insert_followers(leads, lead_ids, partner_ids, subtypes_of):
    rows = leads.env.execute_query(
        SQL(
            "INSERT INTO mail_followers (res_model, res_id, partner_id) "
            "SELECT %s, * FROM unnest(%s, %s) ON CONFLICT DO NOTHING RETURNING id, partner_id",
            leads._name,
            lead_ids,
            partner_ids,
        )
    )
    links = [(follower, subtype) for follower, partner in rows for subtype in subtypes_of[partner]]
    if links:
        leads.env.execute_query(
            SQL(
                "INSERT INTO mail_followers_mail_message_subtype_rel (mail_followers_id, mail_message_subtype_id) "
                "SELECT * FROM unnest(%s, %s) RETURNING 1",
                *map(list, zip(*links, strict=True)),
            )
        )
    leads.browse(lead_ids).invalidate_recordset(["message_follower_ids", "message_partner_ids"])
