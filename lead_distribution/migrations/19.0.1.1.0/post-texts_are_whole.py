"""Lists of texts had comments: lines that began with ``#``. They are texts like any other now, so old comments go."""

from odoo.tools import SQL

LISTS = {
    "lead_distribution_filter": ("values_text", "wildcards_text"),
    "lead_distribution_dropback_rule": ("sources_text", "patterns_text"),
    "lead_distribution_dropback_threshold": ("conditions_text",),
    "lead_distribution_campaign": ("sales_exclude_stages", "sales_include_stages"),
}
COMMENT = r"^[[:blank:]]*#[^\n]*\n?"


def migrate(cr, version):
    if not version:
        return
    for table, columns in LISTS.items():
        for column in columns:
            cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = nullif(regexp_replace(%(column)s, %(comment)s, '', 'ng'), '') "
                    "WHERE %(column)s ~ %(found)s",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    comment=COMMENT,
                    found=f"(?n){COMMENT}",
                )
            )
