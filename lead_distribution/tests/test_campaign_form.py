"""The form of a campaign: it keeps what is typed, shows every setting, and says in words what is set."""

from lxml import etree

from odoo.tests import Form, tagged

from ..config.settings import NOT_SETTINGS, get_settings
from ..config.table import KEYS
from .common import DistributionCase

# what is set on the list of campaigns, or stands for something that is not set by hand
ELSEWHERE = {"sequence", "color", "run_ids"}


@tagged("post_install", "-at_install")
class TestCampaignForm(DistributionCase):
    def test_do_not_call_rows_of_a_new_campaign_stay_do_not_call_rows(self):
        self.env["utm.source"].create({"name": "web"})
        form = Form(self.env["lead.distribution.campaign"].with_user(self.manager))
        form.name = "Typed in"
        with form.filter_ids.new() as row:
            row.values_text = "web"
        with form.dnc_filter_ids.new() as row:
            row.values_text = "not_me"
        campaign = form.save()
        self.assertEqual(campaign.filter_ids.mapped("values_text"), ["web"])
        self.assertEqual(campaign.filter_ids.mapped("purpose"), ["filter"])
        self.assertEqual(len(campaign.dnc_filter_ids), 3)
        self.assertEqual(set(campaign.dnc_filter_ids.mapped("purpose")), {"dnc"})
        self.assertEqual(set(campaign.dnc_filter_ids.mapped("kind")), {"exclude"})
        self.assertFalse(campaign.warning_text)

    def test_every_setting_that_a_configuration_has_is_on_the_form(self):
        view = self.env["lead.distribution.campaign"].with_user(self.manager).get_view(view_type="form")
        shown = set(etree.fromstring(view["arch"]).xpath("//field/@name"))
        fields = self.env["lead.distribution.campaign"]._fields
        plain = get_settings(self.env["lead.distribution.campaign"], NOT_SETTINGS | ELSEWHERE)
        keys = {key.field for key in KEYS.values() if key.field}
        related = {name for name, field in fields.items() if name.endswith(("_id", "_ids")) and not field.readonly}
        related -= {*self.env["mail.thread"]._fields, *self.env["mail.activity.mixin"]._fields, *ELSEWHERE}
        settings = {name for name in {*plain, *keys, *related} if "lead_distribution" in fields[name]._modules}
        self.assertFalse(settings - shown)
