"""Which plain fields of campaigns and members can be set, those of other addons included."""

# what is not a setting: kept as it is, or kept by the addon itself
KEPT = {"name", "company_id", "user_id", "sequence", "color", "tz"}
NOT_SETTINGS = {
    "id", "create_uid", "create_date", "write_uid", "write_date", "display_name", "next_run", "rotation_started",
    "config_report", "config_loaded_on", "config_options", "message_main_attachment_id",
    "is_by_hand",
}  # fmt: skip
SCALARS = ("boolean", "integer", "float", "char", "text", "selection", "date")
# fields of people in a campaign that have keys of their own, or are kept by the addon
MEMBER_KEYS = NOT_SETTINGS | {
    "active", "own_target", "has_own_target", "team_label", "weight", "rotation_turns", "last_received",
    "level_priority", "joined_on", "in_rotation",
}  # fmt: skip


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
        and name not in model.env["mail.activity.mixin"]._fields
        and name not in model.env["mail.thread"]._fields
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
