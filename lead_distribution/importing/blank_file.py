# pylint: disable=prefer-env-translation
"""A workbook to fill in: the columns that are understood, an example, and what each column may hold."""

from io import BytesIO

from ..tools.safe_export import guard
from ..work.leaving import note_file, stamp_workbook
from .lookups import get_target_labels
from .targets import NAMES_OF, NOTES

EXAMPLES = {
    "name": "Phone system for Hart Interiors", "contact_name": "Nina Hart", "company": "Hart Interiors",
    "email": "nina.hart@example.com", "phone": "+1 212 555 0123", "street": "12 Main Street", "city": "New York",
    "zip": "10001", "state": "New York", "country": "US", "priority": "1", "website": "https://www.example.com",
    "function": "Owner", "revenue": "2500", NOTES: "Met at the fair, wants an offer.",
    "salesperson": "Alice Smith", "login": "alice@example.com", "campaign": "Voice", "level": "senior",
    "target": "200", "team": "Voice", "weight": "1", "active": "yes",
}  # fmt: skip
PRIORITIES = ("0", "1", "2", "3")
FILLED_ROWS = 5_000  # rows under the example in which a status is chosen from a list
WIDTH = 22


def make_blank_file(env, kind):
    """Return (name, bytes) of a workbook for leads, or for salespeople.

    The names of its columns are in the user's language, and are understood when it comes back.
    """
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        stamp_workbook(book, env)
        targets, lists = list(NAMES_OF[kind]), _get_lists(env) if kind == "leads" else {}
        formats = {
            "head": book.add_format({"bold": True, "bg_color": "#E7E9ED", "bottom": 1}),
            "example": book.add_format({"italic": True, "font_color": "#6C757D"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        sheet_name = env._("Leads") if kind == "leads" else env._("Salespeople")
        sheet = book.add_worksheet(sheet_name[:31])
        _write_columns(env, sheet, targets, formats, lists)
        _write_explanations(env, book.add_worksheet(env._("What goes where")[:31]), targets, formats, lists)
        _write_lists(env, book, sheet, targets, formats, lists)
    note_file(env["lead.import.batch"], "xlsx", 0)
    what = env._("template")
    return f"{what}_{sheet_name}.xlsx", out.getvalue()


def _get_lists(env):
    """Return {target: texts to choose from}."""
    return {"status": env["crm.lead.status"].search([]).mapped("name"), "priority": list(PRIORITIES)}


def _get_example(target, lists):
    return lists[target][0] if target == "status" and lists[target] else EXAMPLES.get(target, "")


def _write_columns(env, sheet, targets, formats, lists):
    labels = get_target_labels(env)
    for column, target in enumerate(targets):
        sheet.write_string(0, column, labels[target], formats["head"])
        sheet.write_string(1, column, guard(_get_example(target, lists)), formats["example"])
    sheet.set_column(0, len(targets) - 1, WIDTH)
    sheet.freeze_panes(1, 0)


def _write_explanations(env, sheet, targets, formats, lists):
    labels, words = get_target_labels(env), explain_targets(env)
    header = [env._("Column"), env._("What goes there"), env._("Example"), env._("Allowed")]
    for column, (text, width) in enumerate(zip(header, (28, 70, 32, 60), strict=True)):
        sheet.write_string(0, column, text, formats["head"])
        sheet.set_column(column, column, width)
    for line, target in enumerate(targets, 1):
        cells = (labels[target], words[target], guard(_get_example(target, lists)), ", ".join(lists.get(target, ())))
        for column, text in enumerate(cells):
            sheet.write_string(line, column, text, formats["text"])
    line = len(targets) + 2
    sheet.write_string(line, 0, env._("The first row under the names is an example: write over it."))
    sheet.write_string(line + 1, 0, env._("Columns that you do not need can be left empty or deleted."))
    sheet.freeze_panes(1, 0)


def _write_lists(env, book, sheet, targets, formats, lists):
    """Let statuses and priorities be chosen in their columns; the lists stand on a sheet of their own."""
    if not lists:
        return
    name = env._("Lists")[:31]
    page, labels = book.add_worksheet(name), get_target_labels(env)
    for column, (target, texts) in enumerate(lists.items()):
        page.write_string(0, column, labels[target], formats["head"])
        page.set_column(column, column, WIDTH)
        for line, text in enumerate(texts, 1):
            page.write_string(line, column, guard(text))
        if texts:
            letter, place = "ABCDEF"[column], targets.index(target)
            source = f"='{name}'!${letter}$2:${letter}${len(texts) + 1}"
            options = {"validate": "list", "source": source, "error_type": "warning"}
            sheet.data_validation(1, place, FILLED_ROWS, place, options)


def explain_targets(env):
    """Return {what a column can mean: what goes there}."""
    _ = env._
    return {
        "name": _("What it is about. Without it, the name of the person or of the company is taken."),
        "contact_name": _("The person to call: “Nina Hart” or “Hart, Nina”."),
        "first_name": _("Instead of the full name, together with the last name."),
        "last_name": _("Instead of the full name, together with the first name."),
        "company": _("The company the person works for."),
        "email": _("One address. The same address in two rows is the same person."),
        "phone": _("One number, with the country's prefix, or as it is dialled in the country of the row."),
        "mobile": _("Another number; it goes to the notes if there is a first one."),
        "street": _("Street and number."),
        "street2": _("What does not fit into the first line."),
        "city": _("City."),
        "zip": _("Postal code. As a text, so that zeros at its beginning stay."),
        "state": _("Name or code of a state or province."),
        "country": _("Name in English, German, French, Spanish, Italian, Dutch or Portuguese, or the code: US."),
        "source": _(
            "Where the lead came from. One that does not exist goes to the notes, or is created if you say so."
        ),
        "medium": _("How it came, for example email. As with the source."),
        "marketing_campaign": _("The marketing campaign it came from. As with the source."),
        "status": _("How far the work on the lead is. Of words that are not known you are asked what they mean."),
        "tags": _("Several are separated by commas. As with the source."),
        "priority": _("Stars, from 0 to 3."),
        "date": _("When the lead came in. Empty: today. Best written as 2026-03-31."),
        "website": _("Address of the web site."),
        "function": _("Job of the person."),
        "revenue": _("A number."),
        NOTES: _("Anything else. It becomes the notes of the lead."),
        "salesperson": _("Name of a user. Users are found, never created."),
        "login": _("Login or email of the user; it is surer than the name."),
        "campaign": _("The campaign the person belongs to. Empty: the one that is chosen beside the file."),
        "level": _("Name or code of a level, for example senior."),
        "target": _("How many leads the person shall hold."),
        "team": _("Name of a sales team."),
        "weight": _("Of the shares, for ways of sharing that use weights. 2 gets twice as many as 1."),
        "active": _("yes or no: whether the person receives leads."),
    }
