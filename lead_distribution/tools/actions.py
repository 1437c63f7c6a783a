"""What a button answers: which list or form is opened."""


def open_list(env, xmlid, domain, name):
    """Return the action that shows records of an action of ours, with nothing else of its context."""
    action = env["ir.actions.act_window"]._for_xml_id(f"lead_distribution.{xmlid}")
    return {**action, "domain": domain, "name": name, "context": {}}


def open_leads(ids, name):
    """Return the action that shows leads, archived ones too."""
    return {
        "type": "ir.actions.act_window",
        "res_model": "crm.lead",
        "views": [(False, "list"), (False, "form")],
        "domain": [("id", "in", ids)],
        "context": {"active_test": False},
        "name": name,
    }
