# In `odoo shell` of version 19.0.1.0.0: some of everything it had, made as people made it; then what is in it.
# Only dev/versions.py runs it. What the scripts in lead_distribution/migrations mend is all in here.
import json

from odoo.fields import Command, Date

from odoo.addons.lead_distribution.demo import sample
from odoo.addons.lead_distribution.models import lead_distribution_run_apply as applying
from odoo.addons.lead_distribution.tools import guarded_matching

guarded_matching.SECONDS = 60  # on a busy machine, too
make_sample = sample.make_leads
sample.make_leads = lambda: make_sample(260)
demo = env["lead.distribution.demo"]
campaigns, runs, leads = env["lead.distribution.campaign"], env["lead.distribution.run"], env["crm.lead"]
rows = env["lead.distribution.assignment"]


def commit():
    """Odoo's own moment of a transaction does not move by itself."""
    env.cr.commit()
    env.invalidate_all()


def come(name, count, **values):
    """Leads of yesterday that nobody holds."""
    yesterday = Date.subtract(Date.today(), days=1)
    return leads.create([{
        "name": f"{name} {n}", "type": "lead", "user_id": False, "team_id": False, "source_date": yesterday, **values,
    } for n in range(count)])  # fmt: skip


# the sample: Voice and Apple with levels, pools, filters, a sales filter, a dropback; past, a day's run, an import
env.ref("base.lang_en").active = True
demo._load()
voice, apple = (campaigns.search([("name", "=", name)]) for name in ("Voice", "Apple"))
demo._make_past_runs()
voice.distribute()
trade_fair = demo._make_import()
commit()

# a campaign with what the scripts of the update are about
admin = env.ref("base.user_admin")
users = env["res.users"].with_context(no_reset_password=True)
group = env.ref("sales_team.group_sale_salesman")
mia = users.create({
    "name": "Mia Manager", "login": "mia", "password": "mia", "email": "mia@example.com",
    "group_ids": [Command.link(env.ref("sales_team.group_sale_manager").id)]})  # fmt: skip
people = users.create([
    {"name": name, "login": name.lower(), "email": f"{name.lower()}@example.com", "group_ids": [Command.link(group.id)]}
    for name in ("Ann", "Bob", "Cem", "Dora")])  # fmt: skip
env["ir.config_parameter"].set_param("lead_distribution.import_undo_days", "36500")
env["ir.config_parameter"].set_param("lead_distribution.fresh_days", "5")
env["ir.config_parameter"].set_param("lead_distribution.stale_days", "45")
source, other = env["utm.source"].create([{"name": "old_form"}, {"name": "old_other"}])
source_field = env["ir.model.fields"]._get("crm.lead", "source_id")
tag = env["crm.tag"].create({"name": "old_skill"})
levels = {level.code: level for level in env["lead.distribution.level"].search([])}
old = campaigns.with_user(mia).create({
    "name": "Old ways", "tz": "Europe/Berlin", "use_window": False, "user_id": mia.id, "strategy": "weighted",
    "own_domain": "[('email_from', '!=', 'nobody@example.com')]", "frequency": "daily", "run_hour": 7.5,
    "max_daily": 50, "use_skills": True, "verify_daily": True, "report_format": "csv",
    "skill_ids": [Command.create({"tag_id": tag.id, "weight": 2.0})],
    "cap_ids": [Command.create({"measure": "week", "maximum": 200})],
    "level_ids": [Command.create({"name": "Star", "code": "star", "priority": 1, "target_leads": 77})],
    "sales_exclude_stages": "# not these\nLost\n  # nor this comment\nGone",
    "filter_ids": [Command.create({
        "field_id": source_field.id, "mode": "exact", "wildcards_text": "# patterns\nold_f*",
        "values_text": "# comment of a list\nold_form\n# another one\nold_other"})],
    "use_dropback": True,
    "dropback_threshold_ids": [Command.create({"days": 900, "conditions_text": "# whose\npriority >= 3"})],
    "dropback_rule_ids": [Command.create({
        "name": "Old", "user_id": people[3].id, "sources_text": "# which\nold_gone", "patterns_text": "old_gone.*"})],
    "member_ids": [
        Command.create({"user_id": people[0].id, "level_id": levels["senior"].id, "weight": 2.0,
                        "preferred_domain": "[('city', '=', 'Berlin')]"}),
        Command.create({"user_id": people[1].id, "has_own_target": True, "own_target": 33}),
        Command.create({"user_id": people[2].id, "active": False}),
    ],
})  # fmt: skip
copy = old.copy({"name": "Old ways for Dora"})
copy.member_ids = [Command.clear(), Command.create({"user_id": people[3].id})]
archived = campaigns.create({"name": "Archived", "tz": "UTC", "active": False})
commit()

# applied; applied to the same leads and put back; put back, but two leads were worked on; a plan; a cancelled one
first = come("Old first", 12, source_id=source.id)
run_first = old.distribute(lead_ids=first.ids)
commit()
changed = copy.copy({"name": "Old ways, changes", "exclude_assigned": False, "pool_mode": "all"})
changed.write({"max_daily": 0, "member_ids": [Command.clear(), Command.create({"user_id": people[3].id})]})
run_again = changed.distribute(lead_ids=first.ids)
commit()
if run_again.leads_done:
    run_again.action_revert()
second = come("Old second", 10, source_id=other.id)
run_second = old.distribute(lead_ids=second.ids)
commit()
for lead in second[:2]:
    lead.with_user(lead.user_id).write(
        {"lead_status_id": env["crm.lead.status"].search([("code", "=", "call_back")]).id}
    )
commit()
run_second.action_revert()
run_planned = old.simulate(lead_ids=come("Old planned", 6, source_id=source.id).ids)
run_cancelled = old.simulate(lead_ids=come("Old cancelled", 5, source_id=source.id).ids)
run_cancelled.action_cancel()
run_skipped = old.simulate(lead_ids=come("Old skipped", 4, source_id=source.id).ids)
run_skipped.assignment_ids[0].lead_id.active = False
run_skipped.action_apply()
commit()

# two runs of one campaign that are being applied, as processes that were killed leave them; one that failed
applying.AT_ONCE = applying.BATCH_SIZE = 3
pair = [old.simulate(lead_ids=come(f"Old half {n}", 8, source_id=source.id).ids) for n in range(2)]
for run in pair:
    run.action_start()
    commit()
pair[0]._apply_next_batch(0)
commit()
lonely = campaigns.create({"name": "Nobody", "tz": "UTC", "use_window": False, "user_id": mia.id, "frequency": "daily"})
come("Old lonely", 1, source_id=source.id)
lonely._start_scheduled_run()
commit()

# imports: of a file, of a request, one that was undone; what verifying found
payload = {
    "campaign": old.id, "callers": people[:2].ids,
    "leads": [{"first_name": f"Pia{n}", "last_name": "Payload", "email": f"pia{n}@example.com",
               "phone": f"+49 30 90182 1{n:02}"} for n in range(6)] + [{"first_name": ""}],
}  # fmt: skip
for key in ("kept", "undone"):
    env["lead.import.batch"].import_payload({**payload, "leads": [
        {**lead, "email": f"{key}.{lead['email']}"} if "email" in lead else lead for lead in payload["leads"]
    ]}, key)  # fmt: skip
    commit()
    for lead in payload["leads"][:6]:
        lead["phone"] = lead["phone"].replace("1", "7")
env["lead.import.batch"].search([("idempotency_key", "=", "undone")]).action_undo()
env["lead.import.template"].create({"name": "Trade fairs"}) if "lead.import.template" in env else None
handed = rows.search([("run_id", "=", run_first.id), ("state", "=", "done")], limit=1)
handed.lead_id.user_id = False
commit()
campaigns._cron_verify()
commit()


def tell(recordset):
    """Return what people see of a run."""
    told = recordset.to_dict()
    kept = ("campaign", "state", "strategy", "leads_found", "leads_distributed", "leads_not_distributed", "efficiency",
            "exclusions", "left_over", "by_source", "by_status")  # fmt: skip
    return {
        **{key: told[key] for key in kept},
        "assignments": sorted([r["lead_id"], r["previous_user_id"], r["user_id"], r["state"]]
                              for r in told["assignments"]),
        "salespeople": sorted([r["user_id"], r["target"], r["before"], r["received"], r["after"]]
                              for r in told["salespeople"]),
    }  # fmt: skip


names = [n for n, model in env.registry.items() if model._original_module == "lead_distribution"
         and not model._abstract and not model._transient]  # fmt: skip
print("EXPECTED " + json.dumps({
    "made_on": Date.to_string(Date.today()),
    "counts": {name: env[name].with_context(active_test=False).search_count([])
               for name in sorted([*names, "crm.lead"])},
    "owners": env["crm.lead"].search_count([("user_id", "!=", False)]),
    "settings": {p.key: p.value for p in env["ir.config_parameter"].search([("key", "like", "lead_distribution.%")])},
    "runs": {str(run.id): tell(run) for run in runs.search([], order="id")},
    "todos": sorted(env["mail.activity"].search([("res_model", "=", campaigns._name)]).mapped("summary")),
    "ids": {
        "first": run_first.id, "again": run_again.id, "second": run_second.id, "planned": run_planned.id,
        "skipped": run_skipped.id, "pair": [run.id for run in pair], "old": old.id, "lonely": lonely.id,
        "mia": mia.id, "people": people.ids, "kept": second[:2].ids, "source": source.id,
    },
}, default=str))  # fmt: skip
