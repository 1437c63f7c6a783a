"""What an import asks of the database for one chunk of its rows, and what its pages show."""

from odoo.addons.lead_distribution.importing.callers import fill_callers
from odoo.addons.lead_distribution.importing.duplicates import find_duplicates
from odoo.addons.lead_distribution.importing.error_file import make_error_file
from odoo.addons.lead_distribution.importing.lookups import Lookups
from odoo.addons.lead_distribution.importing.undo import undo_rows

CHUNK = 1000


def prepare(env, known):
    """Return {name: function} of what is looked at."""
    batch = env["lead.import.batch"].browse(known["batch"])
    numbers = range(1, 200 * CHUNK, 200)
    emails = {f"lead{n}@example{n % 997}.com" for n in numbers}
    phones = {f"1212{n:07}" for n in numbers}
    names = {f"caller\n company {n}" for n in numbers}

    def blacklists():
        lookups = Lookups(env, env.company, {})
        lookups.load_blacklists({f"blocked{n}@example.com" for n in numbers}, {f"1917{n:07}" for n in numbers})

    def callers():
        fill_callers(batch)
        env.flush_all()
        return batch.caller_ids.mapped("current_leads")

    def contacts():
        batch.on_contact = "link"
        find_duplicates(batch, emails, phones, names)

    return {
        "import, duplicates of a chunk": lambda: find_duplicates(batch, emails, phones, names),
        "import, contacts of a chunk": contacts,
        "import, blacklists for a chunk": blacklists,
        "import, callers": callers,
        "import, its page": lambda: batch.read(["overview", "counts", "name"]),
        "import, its errors": lambda: make_error_file(batch),
        "import, its rows": lambda: env["lead.import.row"].search_read([("batch_id", "=", batch.id)], limit=80),
        "import, its leads": lambda: env["crm.lead"].search([("import_batch_id", "=", batch.id)], limit=80),
        "import, taking it back": lambda: undo_rows(
            batch,
            env["lead.import.row"].search([("batch_id", "=", batch.id), ("state", "=", "done")], limit=500).ids,
            batch._explain_kept_lead,
        ),
    }
