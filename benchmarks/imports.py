"""Import of a spreadsheet: ours against Odoo's own import of the same file in one pass.

Ours cleans, looks for duplicates, hands the leads out and keeps the history; Odoo's own
creates the leads and nothing else.
"""

import base64
import io
from functools import lru_cache
from statistics import median

import openpyxl
import table
from budgets import IMPORT, Verdicts

from odoo.tools import split_every

SIZES = {1_000: 3, 10_000: 3, 100_000: 1}  # rows: turns
COMPARED = 10_000  # rows of the budgets; Odoo's own imports no more
OURS, NATIVE, BARE = "our import", "Odoo's own import", "bare ORM create of the same leads"
CHUNK = 1000  # leads of one bare `create`
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


def bare(env, data):
    """Create the very leads of our import and nothing around it: no file, no cleaning, no duplicates, no history."""
    campaign = env["lead.distribution.campaign"].search([("name", "=", "Bench")])
    users, team = campaign.member_ids.user_id.ids, campaign.team_id
    shared = {
        "type": "lead", "company_id": env.company.id, "team_id": team.id, "distribution_campaign_id": campaign.id,
        "stage_id": env["crm.lead"]._stage_find(team_id=team.id, domain=[("fold", "=", False)]).id,
    }  # fmt: skip
    leads = env["crm.lead"].with_context(tracking_disable=True, mail_create_nosubscribe=True)
    for part in split_every(CHUNK, enumerate(_read_values(env, data)), list):
        now = env.cr.now()
        leads.create(
            [
                {**shared, **values, "user_id": user, "open_user_id": user, "closer_id": user, "distributed_on": now}
                for number, values in part
                for user in users[number % len(users) :][:1]
            ]
        )
        leads.env.flush_all()
        env.cr.commit()
        env.invalidate_all()


@lru_cache(maxsize=1)
def _read_values(env, data):
    """Return the values of the leads in a file, as our import gives them; read before anything is timed."""
    ids_of = {name: {record.name: record.id for record in env[model].search([])}
              for name, model in (("country_id", "res.country"), ("source_id", "utm.source"))}  # fmt: skip
    country = env.ref("base.us")
    ids_of["state_id"] = {state.name: state.id for state in country.state_ids}
    rows = openpyxl.load_workbook(io.BytesIO(data), read_only=True)["Sheet"].iter_rows(min_row=2, values_only=True)
    return [
        {name: ids_of[name][text] if name in ids_of else text for name, text in zip(FIELDS, row, strict=True)}
        for row in rows
    ]


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


def measure(env, meter, shrink=1):
    """Return {rows: {case: [Measured]}}."""
    prepare(env)
    results = {}
    for size, turns in SIZES.items():
        rows = size // shrink
        data = make_file(rows)
        cases = {OURS: ours, BARE: bare, NATIVE: native} if size <= COMPARED else {OURS: ours}
        _read_values(env, data)
        results[rows] = {name: [] for name in cases}
        for _turn in range(1 if shrink > 1 else turns):
            for name, case in cases.items():
                forget(env)
                results[rows][name].append(meter.measure(case, env, data))
                print(f"  {rows:,} rows, {name}: {results[rows][name][-1].seconds:.1f} s", flush=True)
    return results


def render(results, shrink=1):
    """Return (the text, the verdicts)."""
    rows = []
    for count, by_case in results.items():
        ours_seconds = [run.seconds for run in by_case[OURS]]
        for name, runs in by_case.items():
            seconds = [run.seconds for run in runs]
            rows.append(
                [f"{count:,}", name, table.spread(seconds, 1), table.spread([run.processor for run in runs], 1),
                 f"{count / median(seconds):,.0f}", f"{median(run.statements for run in runs) / count:.3f}",
                 f"{median(run.memory for run in runs):.0f}", table.number(table.ratio(seconds, ours_seconds))]
            )  # fmt: skip
    header = ["rows", "what", "seconds", "processor", "rows/s", "SQL a row", "memory over idle, MiB", "time ÷ ours"]
    verdicts = _judge(results, COMPARED // shrink)
    text = ["A workbook with ten columns, 20 callers. Medians of the turns; in brackets the extremes.", "",
            table.render(header, rows), ""]  # fmt: skip
    for name in (OURS, NATIVE):
        times = {count: median(run.seconds for run in by[name]) for count, by in results.items() if name in by}
        text.append(f"- {table.tell_growth(name, times)}")
    return "\n".join([*text, "", verdicts.render()]), verdicts


def _judge(results, compared):
    verdicts = Verdicts()
    by_case = {name: [run.seconds for run in runs] for name, runs in results[compared].items()}
    verdicts.judge(IMPORT["native"], table.ratio(by_case[NATIVE], by_case[OURS]), f"{compared:,} rows")
    verdicts.judge(IMPORT["bare"], table.ratio(by_case[OURS], by_case[BARE]), f"{compared:,} rows")
    for rows, by in results.items():
        if rows >= compared:
            verdicts.judge(IMPORT["statements"], median(run.statements for run in by[OURS]) / rows, f"{rows:,} rows")
    largest = max(results)
    verdicts.judge(IMPORT["memory"], max(run.memory for run in results[largest][OURS]), f"{largest:,} rows")
    return verdicts
