"""What a button answers: which list or form is opened."""

from odoo.tools import html2plaintext


def open_list(env, xmlid, domain, name):
    """Return the action that shows records of an action of ours, with nothing else of its context."""
    action = env["ir.actions.act_window"]._for_xml_id(f"lead_distribution.{xmlid}")
    return {**action, "domain": domain, "name": name, "context": {}}


def open_leads(env, domain, name):
    """Return the action that shows leads in a list made for them, archived ones too."""
    action = open_list(env, "crm_lead_list_action", domain, name)
    return {**action, "context": {"active_test": False}}


def with_notice(action, text):
    """Return an action that says something when it opens; with nothing to say the same action."""
    if not text:
        return action
    if action.get("help"):  # the client takes it for HTML only in an action that it has loaded itself
        lines = (line.strip() for line in html2plaintext(action["help"]).splitlines())
        action = {**action, "help": ". ".join(line.removesuffix(".") for line in lines if line) + "."}
    params = {"type": "info", "message": text, "next": action}
    return {"type": "ir.actions.client", "tag": "display_notification", "name": action["name"], "params": params}
