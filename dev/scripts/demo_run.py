# Run in `odoo shell` on the sample database: the day's run of the campaign Voice.
campaign = env["lead.distribution.campaign"].search([("name", "=", "Voice")])
run = campaign.distribute()
env.cr.commit()
print(run.get_text_report(color=__import__("sys").stdout.isatty()))
