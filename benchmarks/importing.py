"""Import of a spreadsheet: ours against Odoo's own import of the same file in one pass.

Ours cleans, looks for duplicates, hands the leads out and keeps the history; Odoo's own
creates the leads and nothing else.
"""

import base64
import io
import time
from pathlib import Path
from statistics import median

import openpyxl

import odoo.sql_db

ROWS, LARGE, TURNS = 10_000, 100_000, 3
OURS, NATIVE = "our import", "Odoo's own import"
HEADER = ["Lead", "Contact Name", "Email", "Phone", "Street", "City", "Zip", "Country", "State", "Source"]
FIELDS = ["name", "contact_name", "email_from", "phone", "street", "city", "zip", "country_id", "state_id",
          "source_id"]  # fmt: skip
STATES = ["Texas", "Ohio", "Nevada", "Oregon", "Kansas"]  # names that only one country has
OPTIONS = {"has_headers": True, "quoting": '"', "separator": "", "encoding": "", "float_thousand_separator": ",",
           "float_decimal_separator": ".", "date_format": "", "datetime_format": "", "sheet": "Sheet", "sheets": [],
           "advanced": True, "keep_matches": False, "import_set_empty_fields": [], "import_skip_records": [],
           "fallback_values": {}, "name_create_enabled_fields": {}}  # fmt: skip


def make_file(rows):
    """Return a workbook of so many people, all cells texts, as bytes."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet")
    sheet.append(HEADER)
    for n in range(rows):
        sheet.append(
            [f"Interest {n}", f"Person {n}", f"person{n}@company{n % 977}.com",
             f"+1 212 55{n // 10_000:01} {n % 10_000:04}", f"{n} Main Street",
             "Springfield", f"{n % 90_000 + 10_000}", "United States", STATES[n % len(STATES)],
             f"import source {n % 7}"]
        )  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def prepare(env):
    sources = env["utm.source"]
    for n in range(7):
        if not sources.search([("name", "=", f"import source {n}")]):
            sources.create({"name": f"import source {n}"})
    env.cr.commit()


def ours(env, data):
    """The whole way through the wizard, with the work in steps that commit."""
    campaign = env["lead.distribution.campaign"].search([("name", "=", "Bench")])
    batch = env["lead.import.batch"].create({"file": base64.b64encode(data), "file_name": "bench.xlsx"})
    batch.action_next()
    batch.action_next()
    while batch.state == "checking":
        batch._work()
    batch.action_next()
    batch.campaign_id = campaign
    batch.caller_ids = [(0, 0, {"user_id": user.id}) for user in campaign.member_ids.user_id - batch.caller_ids.user_id]
    batch.caller_ids.ticked = True
    batch.action_next()
    batch.action_start()
    while batch.state == "importing":
        batch._work()
    if batch.state != "done" or batch.skipped_count or batch.error_count:
        raise AssertionError(f"the import ended {batch.state}: {batch.counts}")


def native(env, data):
    """What the import button of Odoo does, in one pass."""
    wizard = env["base_import.import"].create(
        {"res_model": "crm.lead", "file": data, "file_name": "bench.xlsx",
         "file_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
    )  # fmt: skip
    wizard.parse_preview(dict(OPTIONS))
    result = wizard.execute_import(FIELDS, HEADER, dict(OPTIONS))
    if result["messages"]:
        raise AssertionError(result["messages"][:3])


def forget(env):
    """Take away all leads and imports."""
    for statement in (
        "DELETE FROM lead_distribution_assignment", "DELETE FROM lead_distribution_run",
        "DELETE FROM lead_import_batch", "DELETE FROM crm_lead",
        "DELETE FROM mail_followers WHERE res_model = 'crm.lead' AND res_id < 1000000000",
        "DELETE FROM mail_message WHERE model = 'crm.lead' AND res_id < 1000000000",
    ):  # fmt: skip
        env.cr.execute(statement)
    env.cr.commit()
    env.invalidate_all()


def measure(env, turns=TURNS):
    """Return {case: [(seconds, statements, MiB above the start)]}."""
    prepare(env)
    data, large = make_file(ROWS), make_file(LARGE)
    measured = {(OURS, ROWS): [], (NATIVE, ROWS): [], (OURS, LARGE): []}
    for _turn in range(turns):
        measured[OURS, ROWS].append(_time(env, ours, data))
        measured[NATIVE, ROWS].append(_time(env, native, data))
    measured[OURS, LARGE].append(_time(env, ours, large))
    return measured


def _time(env, case, data):
    forget(env)
    Path("/proc/self/clear_refs").write_text("5")
    memory, statements, started = _memory("VmRSS"), odoo.sql_db.sql_counter, time.perf_counter()
    case(env, data)
    env.cr.commit()
    result = (time.perf_counter() - started, odoo.sql_db.sql_counter - statements, _memory("VmHWM") - memory)
    env.invalidate_all()
    print(f"  {case.__name__}: {result[0]:.1f} s", flush=True)
    return result


def _memory(key):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(key))


def render(measured):
    lines = [
        f"A workbook with ten columns, 20 callers. Medians of {TURNS} turns; {LARGE:,} rows once.",
        "",
        "| rows | what | seconds | rows/s | SQL a row | memory over idle, MiB | time ÷ ours |",
        "|---|---|---|---|---|---|---|",
    ]
    base = [run[0] for run in measured[OURS, ROWS]]
    for (name, rows), runs in measured.items():
        seconds = [run[0] for run in runs]
        ratio = f"{median(s / b for s, b in zip(seconds, base, strict=False)):.2f}" if rows == ROWS else "–"
        lines.append(
            f"| {rows:,} | {name} | {median(seconds):.1f} ({min(seconds):.1f}–{max(seconds):.1f}) "
            f"| {rows / median(seconds):,.0f} | {median(run[1] for run in runs) / rows:.3f} "
            f"| {median(run[2] for run in runs):.0f} | {ratio} |"
        )
    return "\n".join(lines) + "\n"
