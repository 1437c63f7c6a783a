"""Which fields of a campaign a configuration controls, and their values where it says nothing."""

# what is not a setting: kept as it is, or kept by the addon itself
KEPT = {"name", "company_id", "user_id", "sequence", "color", "tz"}
NOT_SETTINGS = {
    "id", "create_uid", "create_date", "write_uid", "write_date", "display_name", "next_run", "rotation_started",
    "config_report", "config_loaded_on", "config_options", "message_main_attachment_id",
}  # fmt: skip
SCALARS = ("boolean", "integer", "float", "char", "text", "selection", "date")
# switches that are on in a campaign made by hand, and off where a configuration does not name them
OFF = {
    "use_window": False,
    "lead_type": "lead",
    "pool_mode": "all",
    "protect_activities": False,
    "exclude_closed": False,
    "use_dnc": False,
    "dnc_by_category": False,
    "dnc_email_blacklist": False,
    "dnc_phone_blacklist": False,
    "own_domain": "[]",
    "fallback_round_robin": False,
    "chatter": "none",
    "use_skills": False,
    "use_territory": False,
    "use_calling_hours": False,
    "use_known_owner": False,
}
# fields of people in a campaign that have keys of their own, or are kept by the addon
MEMBER_KEYS = NOT_SETTINGS | {
    "active", "own_target", "has_own_target", "team_label", "weight", "rotation_turns", "last_received",
    "level_priority",
}  # fmt: skip

# what members have several of: key → field, and the text that names one
RELATIONS = {
    "skills": ("skill_tag_ids", lambda tag: tag.name),
    "countries": ("country_ids", lambda country: country.code),
    "states": ("state_ids", lambda state: f"{state.country_id.code}-{state.code}"),
}


def get_settings(model, left_out=frozenset()):
    """Return the plain fields of a model that can be set: {name: field}."""
    return {
        name: field
        for name, field in model._fields.items()
        if field.store
        and field.type in SCALARS
        and not field.related
        and (not field.compute or not field.readonly)
        and name not in left_out
        and not name.startswith(("message_", "activity_", "my_activity_", "has_message", "website_message"))
    }


def check_setting(field, value, env):
    """Return a value for a field as it is stored.

    :raise ValueError: if the value does not fit the field
    """
    if value is None or value is False:
        if field.type in ("integer", "float"):
            return 0
        return False
    kind = {
        "boolean": bool, "integer": int, "float": (int, float), "char": str, "text": str, "selection": str,
    }.get(field.type)  # fmt: skip
    if field.type == "date":
        return field.to_string(field.to_date(value)) if hasattr(field, "to_string") else value
    if not isinstance(value, kind) or (isinstance(value, bool) and field.type != "boolean"):
        raise ValueError(value)
    if field.type == "selection":
        choices = [key for key, _label in field._description_selection(env)]
        if value not in choices:
            raise ValueError(value)
    return value
