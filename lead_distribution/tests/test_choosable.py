from ast import literal_eval
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ..finding.choosable import CHOOSABLE, PARTS
from .common import DistributionCase

# a property, fields that are not kept, and those of the wrong kind
WRONG = {
    "window_field_id": ("lead_properties", "day_open", "activity_date_deadline", "name"),
    "required_field_ids": ("lead_properties", "activity_state", "activity_date_deadline"),
    "sales_date_field_id": ("lead_properties", "activity_date_deadline", "partner_id"),
    "sales_partner_field_id": ("lead_properties", "user_id", "partner_name"),
    "sales_opportunity_partner_field_id": ("lead_properties", "user_id"),
    "sales_email_field_id": ("lead_properties", "phone", "name", "display_name"),
    "sales_opportunity_email_field_id": ("lead_properties", "description", "display_name"),
    "sales_phone_field_id": ("lead_properties", "email_from", "display_name"),
    "sales_opportunity_phone_field_id": ("lead_properties", "name", "display_name"),
    "dropback_required_field_ids": ("lead_properties", "activity_state"),
    "field_id": ("lead_properties", "display_name", "expected_revenue", "write_date"),
    "date_field_id": ("lead_properties", "activity_date_deadline", "name"),
}
# of another model, of the right kind
ELSEWHERE = {"field_id": "function", "sales_email_field_id": "function", "sales_phone_field_id": "vat",
             "sales_partner_field_id": "parent_id", "window_field_id": "create_date",
             "required_field_ids": "vat", "date_field_id": "create_date"}  # fmt: skip


@tagged("post_install", "-at_install")
class TestChoosable(DistributionCase):
    """Settings that name a field of leads take only those that a run can use, whoever sets them and how."""

    def field(self, name, model="crm.lead"):
        return self.env["ir.model.fields"]._get(model, name)

    def get_holder(self, setting):
        """Return the record of the campaign that has a setting, ready to be used by a run."""
        if setting == "field_id":
            return self.campaign.filter_ids or self.env[PARTS[setting]].create(
                {"campaign_id": self.campaign.id, "values_text": "a", "kind": "exclude"}
            )
        if setting == "date_field_id":
            return self.campaign.dropback_threshold_ids or self.env[PARTS[setting]].create(
                {"campaign_id": self.campaign.id, "days": 30}
            )
        return self.campaign

    def choose(self, setting, chosen):
        holder = self.get_holder(setting)
        many = holder._fields[setting].type == "many2many"
        holder.write({setting: [Command.set(chosen.ids)] if many else chosen.id})

    def switch_everything_on(self):
        rule = {"name": "All", "user_id": self.cem.id, "is_default": True}
        self.campaign.write({
            "use_dropback": True, "dropback_rule_ids": [Command.create(rule)], "use_sales_filter": True,
            "sales_match_email": True, "sales_match_phone": True, "sales_days": 10,
            "exclude_weekends": True, "exclude_holidays": True,
        })  # fmt: skip
        self.get_holder("date_field_id")

    def test_each_setting_that_names_a_field_has_its_rule(self):
        models = (name for name in self.env if name.startswith(("lead.distribution.", "lead.import.", "crm.lead.")))
        found = {
            field.name
            for name in models
            for field in self.env[name]._fields.values()
            if field.comodel_name == "ir.model.fields" and not field.related
        }
        self.assertEqual(found, set(CHOOSABLE))
        self.assertEqual(set(WRONG), set(CHOOSABLE))

    def test_what_a_form_offers_a_run_can_use(self):
        self.switch_everything_on()
        self.make_leads(2)
        for setting in CHOOSABLE:
            holder = self.get_holder(setting)
            domain = holder.fields_get([setting], ["domain"])[setting]["domain"]
            offered = self.env["ir.model.fields"].search(literal_eval(domain))
            self.assertTrue(offered, setting)
            choices = [offered] if holder._fields[setting].type == "many2many" else list(offered)
            for chosen in choices:
                with self.subTest(setting=setting, fields=chosen.mapped("name")):
                    self.choose(setting, chosen)
                    self.find()
            if setting != "field_id":
                holder[setting] = False

    def test_what_a_run_cannot_use_is_refused_with_what_to_choose_instead(self):
        wrong = [(setting, self.field(name)) for setting, names in WRONG.items() for name in names]
        wrong += [(setting, self.field(name, "res.partner")) for setting, name in ELSEWHERE.items()]
        for setting, field in wrong:
            self.assertTrue(field, setting)
            with self.subTest(setting=setting, field=field.name):
                with self.assertRaises(ValidationError) as refused, self.env.cr.savepoint():
                    self.choose(setting, field)
                self.assertRegex(str(refused.exception), f"cannot be “{field.field_description}”: choose a ")

    def test_nor_is_it_taken_in_a_new_record(self):
        date = self.field("activity_date_deadline")
        with self.assertRaises(ValidationError):
            self.make_campaign("Other", window_field_id=date.id)
        with self.assertRaises(ValidationError):
            self.make_campaign("Other", dropback_threshold_ids=[Command.create({"date_field_id": date.id})])
        with self.assertRaises(ValidationError):
            self.make_campaign("Other", filter_ids=[Command.create({"field_id": self.field("lead_properties").id})])

    def test_a_condition_of_dropback_compares_numbers_that_are_kept(self):
        threshold = self.get_holder("date_field_id")
        for line in ("duplicate_lead_count >= 1", "type >= 1", "email_from >= 3", "partner_id contains 'a'"):
            with self.subTest(line), self.assertRaises(ValidationError), self.env.cr.savepoint():
                threshold.conditions_text = line
        self.switch_everything_on()
        for line in ("priority >= 1", "expected_revenue >= 1", "color = 1", "tag_ids contains 'a'"):
            threshold.conditions_text = line
            self.find()

    # fields that go later

    def make_field(self, ttype="date", name="x_signed"):
        """Return a field of leads that the registry does not know: as one whose addon is not there any more."""
        self.env.cr.execute(
            "INSERT INTO ir_model_fields (name, model, model_id, ttype, store, state, field_description) "
            "VALUES (%s, 'crm.lead', %s, %s, true, 'base', '{\"en_US\": \"Signed on\"}') RETURNING id",
            [name, self.env["ir.model"]._get_id("crm.lead"), ttype],
        )
        return self.env["ir.model.fields"].browse(self.env.cr.fetchone())

    def each_gone(self):
        """Yield each setting, when the field that it names is gone, and the run that is tried then."""
        self.switch_everything_on()
        self.make_leads(2)
        kinds = {"required": "char", "partner": "many2one", "email": "char", "phone": "char"}
        for number, setting in enumerate(CHOOSABLE):
            ttype = next((kind for part, kind in kinds.items() if part in setting), "date")
            field = self.make_field("char" if setting == "field_id" else ttype, f"x_gone_{number}")
            if ttype == "many2one":
                field.flush_recordset()
                self.env.cr.execute("UPDATE ir_model_fields SET relation='res.partner' WHERE id=%s", field.ids)
            with self.env.cr.savepoint(flush=True) as savepoint:
                self.choose(setting, field)
                yield setting
                savepoint.rollback()
            self.env.invalidate_all()

    def test_a_run_says_which_setting_names_a_field_that_is_gone(self):
        for setting in self.each_gone():
            with self.subTest(setting), self.assertRaises(ValidationError) as refused:
                self.campaign.simulate()
            text = str(refused.exception)
            self.assertIn("“Voice”", text)
            self.assertIn("“Signed on” any more: choose a ", text)

    def test_the_form_opens_and_a_scheduled_run_fails_in_these_words(self):
        self.switch_everything_on()
        self.choose("window_field_id", self.make_field())
        self.campaign.read()
        self.campaign.write({"frequency": "daily", "next_run": fields.Datetime.now() - timedelta(minutes=1)})
        self.env.flush_all()
        with self.enter_registry_test_mode(), mute_logger("odoo.addons.lead_distribution.models.campaign.schedule"):
            self.env.ref("lead_distribution.ir_cron_distribute").method_direct_trigger()
        self.env.invalidate_all()
        run = self.campaign.run_ids
        self.assertEqual(run.state, "failed")
        self.assertIn("“Age counts from” of “Voice” cannot be “Signed on” any more", run.error)

    def test_a_condition_whose_field_is_gone_is_named(self):
        self.switch_everything_on()
        threshold = self.get_holder("date_field_id")
        self.env.cr.execute(
            "UPDATE lead_distribution_dropback_threshold SET conditions_text='x_gone >= 1' WHERE id=%s", threshold.ids
        )
        threshold.invalidate_recordset()
        with self.assertRaisesRegex(ValidationError, "“Voice”, “x_gone >= 1”: leads have no such field any more"):
            self.campaign.simulate()

    def test_a_field_that_a_campaign_names_is_not_deleted(self):
        field = self.make_field()
        self.choose("window_field_id", field)
        with self.assertRaisesRegex(UserError, "“Signed on” is “Age counts from” of the campaign “Voice”"):
            field.unlink()
        self.campaign.window_field_id = False
        with self.assertRaisesRegex(UserError, "module data"):  # Odoo's own, of a field that somebody did not make
            field.unlink()

    def test_where_an_addon_goes_with_its_field_the_campaign_stays_and_tells(self):
        self.make_leads(2)
        date, text = self.make_field(), self.make_field("char", "x_text")
        self.choose("window_field_id", date)
        self.choose("sales_date_field_id", date)
        self.choose("required_field_ids", text)
        self.choose("field_id", text)
        (date | text).with_context(**{MODULE_UNINSTALL_FLAG: True}).unlink()
        self.assertTrue(self.campaign.exists())
        self.assertFalse(self.campaign.window_field_id or self.campaign.required_field_ids)
        told = "\n".join(self.campaign.simulate().warnings)
        for label in ("Age counts from", "Their age counts from", "Required fields", "Signed on: a"):
            self.assertIn(f"“{label}” was “Signed on”, which leads do not have any more", told)
        self.campaign.action_forget_config_notes()
        self.assertNotIn("Signed on", str(self.campaign.simulate().warnings))
