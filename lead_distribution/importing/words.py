# pylint: disable=prefer-env-translation
"""What imports say of rows, in words."""

from ..reporting.words import describe_left_over


def describe_problem(env, code, values):
    """Return why a row is not imported."""
    _ = env._
    texts = {
        "no_identity": _("There is no name, company, email or phone."),
        "unknown_status": _("There is no lead status “%s”.", values.get("status", "")[:80]),
        "not_text": _("“%s” must be a text.", str(values.get("name", ""))[:80]),
        "not_object": _("A lead must be an object with named values."),
        "too_long": _(
            "“%(name)s” is longer than %(limit)s characters.",
            name=str(values.get("name", ""))[:80],
            limit=values.get("limit", 0),
        ),
        "failed": _("It could not be created: %s", values.get("error", "")),
    }
    return texts.get(code, code)


def describe_do_not_call(env, reason):
    """Return why a row that is imported goes to nobody."""
    _ = env._
    return {
        "status": _("Nobody may call: its lead status says so."),
        "tag": _("Nobody may call: one of its tags says so."),
        "blacklist": _("Nobody may call: the email or phone is on a blacklist."),
        "duplicate": _("Nobody may call: a lead of the same person in the database says so."),
        "file": _("Nobody may call: another row of the same person says so."),
        "campaign": _("Nobody may call: a do-not-call row of the campaign says so."),
    }[reason]


def describe_match(env, match):
    """Return with whom a row is a duplicate."""
    if match.kind == "lead":
        return env._("There is a lead with this email or phone: %s.", match.name)
    if match.kind == "opportunity":
        return env._("There is an opportunity with this email or phone: %s.", match.name)
    return env._("There is a contact with this email or phone: %s.", match.name)


def get_left_names(env):
    """Return {why nobody got a lead: in words}."""
    reasons = ("no_eligible", "other_company", "everybody_full", "only_holder", "had_before", "max_leads", "skipped")
    return {"dnc": env._("Do not call"), **{reason: describe_left_over(env, reason) for reason in reasons}}


def get_match_names(env):
    """Return {kind of duplicate: its name}."""
    _ = env._
    return {
        "file": _("Twice in the file"),
        "lead": _("Leads in the database"),
        "opportunity": _("Opportunities in the database"),
        "contact": _("Contacts in the database"),
        "do_not_call": _("Do not call, by their lead in the database"),
    }


def get_change_names(env):
    """Return {what cleaning did: its name}."""
    _ = env._
    return {
        "trimmed": _("Blanks at the ends taken away"),
        "cleaned": _("Invisible characters taken away"),
        "missing": _("Values like N/A emptied"),
        "name_case": _("Names in one case given capitals"),
        "name_order": _("“Last, First” turned round"),
        "email": _("Emails brought into their normal form"),
        "bad_email": _("Emails nobody can read, kept in the notes"),
        "phone": _("Phone numbers brought into the international form"),
        "odd_phone": _("Phone numbers that do not fit their country, kept as they are"),
        "bad_phone": _("Phone numbers nobody can dial, kept in the notes"),
        "ambiguous_date": _("Dates that could be read two ways"),
        "bad_date": _("Dates nobody can read, kept in the notes"),
        "bad_website": _("Web sites that are none, kept in the notes"),
        "bad_number": _("Numbers nobody can read, kept in the notes"),
        "bad_priority": _("Unknown priorities, kept in the notes"),
        "unknown_status": _("Unknown lead statuses, kept in the notes"),
        "unknown_country": _("Unknown countries, kept in the notes"),
        "unknown_state": _("Unknown states, kept in the notes"),
        "unknown_source": _("Unknown sources, kept in the notes"),
        "unknown_medium": _("Unknown mediums, kept in the notes"),
        "unknown_marketing_campaign": _("Unknown marketing campaigns, kept in the notes"),
        "unknown_tags": _("Unknown tags, kept in the notes"),
    }
