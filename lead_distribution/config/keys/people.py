"""Who is a member of the campaign, and who of the members receives leads."""

from ..kinds import Either, Items, Leaf, Named, choice, day, flag, name, names, number, section, text, texts, whole
from .key import Key

SOURCE = "salesperson_selection.source_config"
# a person of a list: the name, or a block with what a row of the campaign table has
PERSON = Either(
    (
        text(),
        section(
            name=text(),
            login=text(),
            id=whole(1),
            active=flag(),
            team=name(),
            level=text(),
            target_leads=whole(),
            weight=number(),
            joined_on=day(),
            no_level=flag(),
            shared_level=flag(),
            skills=names(),
            countries=texts(),
            states=texts(),
            settings=Named(Leaf("any")),
        ),
    )
)
TABLE = section(
    file_path=text(), table_name=text(), campaign_column=text(), salesperson_column=text(), active_column=text()
)

KEYS = (
    Key(
        "salesperson_selection.source_type",
        choice("campaign_table", "file", "list", "database"),
        words="Where the people come from; guessed from source_config, if it is not said.",
    ),
    Key(f"{SOURCE}.campaign_table", TABLE, words="A CSV file; without one, the members that Odoo has."),
    Key(f"{SOURCE}.file_path", text(), words="A text file with lines of name|id|level|target."),
    Key(f"{SOURCE}.salespeople_list", Items(PERSON), words="Names, or blocks about people."),
    Key(
        f"{SOURCE}.database_query",
        section(table=text(), where_clause=text(high=1000), fields=texts()),
        words="A condition on users, translated into a search; no SQL is run.",
    ),
    Key(f"{SOURCE}.category", text(), words="People whose contact has this tag."),
    Key(f"{SOURCE}.campaign", text(), words="The campaign whose members, or rows of the file, are meant."),
    Key(f"{SOURCE}.team", text(), words="Members of this sales team."),
    Key(
        "salesperson_selection.campaign_filtering.enabled",
        flag(),
        words="false: the rest of the block does not count.",
    ),
    Key(
        "salesperson_selection.campaign_filtering.target_campaign",
        text(),
        words="The campaign whose members, or rows of the file, are meant.",
    ),
    Key(
        "salesperson_selection.campaign_filtering.include_inactive_salespeople",
        flag(),
        words="With active_only: false, inactive members receive, too.",
    ),
    Key("salesperson_selection.campaign_filtering.exclude_specific_users", texts(), words="These receive nothing."),
    Key("salesperson_selection.filters.active_only", flag(), words="Only active members receive."),
    Key("salesperson_selection.filters.has_permissions", flag(), words="Always so in Odoo."),
    Key(
        "salesperson_selection.filters.min_experience_level",
        Either((whole(1, 3), choice("junior", "mid_level", "senior"))),
        words="At least this level; 1 is junior.",
    ),
    Key(
        "salesperson_selection.filters.max_workload_percentage",
        number(),
        words="Whose utilization is above it, receives nothing.",
    ),
    Key("salesperson_selection.filters.team_filter", name(), words="Only members of this team receive."),
)
