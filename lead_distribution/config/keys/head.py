"""Who and what a configuration is about; and what the addon does not need, being inside Odoo."""

from ..kinds import Either, choice, day, flag, name, text, texts, whole
from .key import Block, Key

CONNECTIONS = {
    "host": text(),
    "port": Either((whole(1, 65535), text())),
    "database": text(),
    "timeout": whole(),
    "username": text(),
    "password": text(),
}
# a pool of connections is opened with these; the last three name certificates
DATABASE = {
    "pool_name": text(),
    "pool_size": whole(1),
    "autocommit": flag(),
    "charset": text(),
    "ca_cert": text(),
    "client_cert": text(),
    "client_key": text(),
}

KEYS = (
    Key("version", text(), words="Of the format; written as 1.0."),
    Key("name", name(), words="Of the configuration; the campaign's, if nothing else names it."),
    Key("description", name(high=10_000), words="Of the configuration; the campaign's, if it has none of its own."),
    Key("tags", texts(), words="For whoever reads the text."),
    Key("author", text(), words="For whoever reads the text."),
    Key("created_date", day(), words="For whoever reads the text."),
    Key("last_modified", day(), words="For whoever reads the text."),
    Block("odoo_connection", unneeded="connection"),
    *(Key(f"odoo_connection.{key}", kind) for key, kind in CONNECTIONS.items()),
    Block("database_connection", unneeded="connection"),
    *(Key(f"database_connection.{key}", kind) for key, kind in {**CONNECTIONS, **DATABASE}.items()),
    Key("campaign.name", name(), words="By which the campaign is found, or created."),
    Key(
        "campaign.description",
        name(high=10_000),
        field="description",
        aliases=("description",),
        words="Notes on the campaign.",
    ),
    Key("campaign.target_campaign", text(), words="The campaign's name in files of people; its name, if it has none."),
    Key(
        "campaign.distribution_frequency",
        choice("manual", "hourly", "daily", "weekly", "monthly"),
        field="frequency",
        absent="manual",
        words="The built-in schedule; leave it out when something else starts the runs.",
    ),
    Key("campaign.active", flag(), field="active", absent=True, words="Archived campaigns do not run."),
    Key("$schema", text(), words="For editors: where the JSON schema is."),
)
