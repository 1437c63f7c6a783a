# Run in `odoo shell` on the sample database, with `address`: some weeks of past, the day's run of the campaign Voice,
# an import; and then the leads of a new morning come in, for both campaigns,
# and enquiries for one that hands out as they come, while nobody of it is there; some leads of the day are late,
# declined, taken or covered. An experiment ended some weeks ago, another one is being planned.
__import__("odoo").tools.config["max_cron_threads"] = 2  # as it is served
env["ir.config_parameter"].set_param("web.base.url", address)
demo = env["lead.distribution.demo"]
campaign = env["lead.distribution.campaign"].search([("name", "=", "Voice")])
is_new = not campaign.run_ids
if is_new:
    demo._open_accounts()
    demo._make_experiments()  # first: the last run of a campaign is the one with the highest number
    demo._make_past_runs()
    demo._set_deadlines()
run = campaign.distribute()
if is_new:
    demo._make_import()
demo._make_morning()
if is_new:
    demo._make_live()
    demo._make_following()
env.cr.commit()
env["lead.distribution.campaign"].hand_out_waiting()
print(run.get_text_report(color=__import__("sys").stdout.isatty()))
