"""What is said of handing out in the chatter of the leads: with one insert for all."""


def write_chatter(run, rows):
    """Leave a note on each lead, if the campaign wants it."""
    campaign, env = run.campaign_id, run.env
    if campaign.chatter == "none":
        return
    bodies = {
        row.lead_id.id: env._(
            "Handed from %(previous)s to %(new)s by the distribution “%(campaign)s”.",
            previous=row.previous_user_name or env._("nobody"),
            new=row.user_name,
            campaign=campaign.name,
        )
        for row in rows
    }
    messages = rows.lead_id._message_log_batch(bodies)
    if campaign.chatter == "full":
        _track_salespeople(rows, messages)


def _track_salespeople(rows, messages):
    """Add to the notes the tracked change of the salesperson, as Odoo itself keeps it."""
    env = rows.env
    field = env["ir.model.fields"]._get("crm.lead", "user_id")
    message_of = dict(zip(messages.mapped("res_id"), messages.ids, strict=True))
    users = env["res.users"].with_context(active_test=False)
    values = []
    for row in rows:
        old = users.browse((row.before or {}).get("user_id") or [])
        values.append(
            {
                "mail_message_id": message_of[row.lead_id.id],
                "field_id": field.id,
                "old_value_integer": old.id or 0,
                "old_value_char": old.sudo().display_name or "",  # whoever had the lead, of whatever company
                "new_value_integer": row.user_id.id,
                "new_value_char": row.user_name,
            }
        )
    env["mail.tracking.value"].sudo().create(values)  # nobody writes these but Odoo itself
