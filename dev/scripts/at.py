"""Run ``odoo`` as if it were another moment: ``python at.py 2026-11-18T09:10:00 DATABASE ARGUMENTS OF ODOO``.

Time goes on from there. For the pictures of the documents, which are to have the same dates whenever they are taken.
Python's clock is freezegun's; the database's is changed by Odoo's own mode for it, which also wants ``-d DATABASE``.
"""

import os
import sys
from contextlib import closing

from freezegun import freeze_time

MOMENT, DATABASE = sys.argv.pop(1), sys.argv.pop(1)
os.environ["ODOO_FAKETIME_TEST_MODE"] = "1"
# of the database's clocks, Odoo changes now() only
CLOCK = """
    CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
    $$ SELECT pg_catalog.clock_timestamp() + (public.now() - pg_catalog.now()) $$
"""


def main():
    import odoo.cli
    import odoo.service.db
    import odoo.tools

    if sys.argv[1] == "shell":  # the server does this by itself
        odoo.tools.config["db_name"] = [DATABASE]
        odoo.tools.config.parse_config(sys.argv[2:])
        odoo.service.db._check_faketime_mode(DATABASE)
        with closing(odoo.sql_db.db_connect(DATABASE).cursor()) as cr:
            cr.execute(CLOCK)
            cr.commit()
    odoo.cli.main()


with freeze_time(MOMENT, tick=True):
    main()
