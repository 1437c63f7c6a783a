# Run in `odoo shell` on the sample database: the day's run of the campaign Voice; some days of Apple, an import.
demo = env["lead.distribution.demo"]
campaign = env["lead.distribution.campaign"].search([("name", "=", "Voice")])
demo._make_past_runs()
run = campaign.distribute()
demo._make_import()
env.cr.commit()
print(run.get_text_report(color=__import__("sys").stdout.isatty()))
