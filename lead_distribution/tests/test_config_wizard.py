"""Loading a configuration from the screen; and the texts that pure modules show as examples."""

import base64
import doctest
import io
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..config import check, report, templates, where_clause
from .common import SALESPERSON, DistributionCase
from .config_common import CSV

CONFIG = """
campaign: {name: From screen, target_campaign: Voice}
salesperson_selection: {source_config: {campaign_table: {file_path: config/people.csv}}}
lead_finding: {excluded_users: ["<b>Nobody</b>"]}
odoo_connection: {host: x}
"""


@tagged("post_install", "-at_install")
class TestConfigWizard(DistributionCase):
    def attach(self, **files):
        return (
            self.env["ir.attachment"]
            .with_user(self.manager)
            .create([{"name": name, "datas": base64.b64encode(content)} for name, content in files.items()])
        )

    def zip(self, **files):
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return output.getvalue()

    def wizard(self, **values):
        return self.env["lead.distribution.config.load"].with_user(self.manager).create(values)

    def test_pasted_text_and_uploaded_files_are_loaded(self):
        wizard = self.wizard(config_text=CONFIG, file_ids=[(6, 0, self.attach(**{"people.csv": CSV.encode()}).ids)])
        wizard.action_load()
        self.assertEqual((wizard.state, wizard.campaign_id.name), ("done", "From screen"))
        self.assertEqual(wizard.campaign_id.with_context(active_test=False).member_ids.user_id,
                         self.ann + self.bob + self.cem)  # fmt: skip
        self.assertIn("odoo_connection", wizard.result)
        self.assertIn("&lt;b&gt;Nobody", wizard.result, "names are shown as text")
        self.assertEqual(wizard.action_open_campaign()["res_id"], wizard.campaign_id.id)

    def test_a_zip_has_all_the_files(self):
        content = self.zip(**{"campaign.yaml": CONFIG, "config/people.csv": CSV})
        wizard = self.wizard(file_ids=[(6, 0, self.attach(**{"all.zip": content}).ids)])
        wizard.action_load()
        self.assertEqual(wizard.campaign_id.name, "From screen")

    def test_of_two_files_of_one_name_none_counts_silently(self):
        twins = self.attach(**{"people.csv": CSV.encode()}) + self.attach(**{"./people.csv": b"other"})
        wizard = self.wizard(config_text=CONFIG, file_ids=[(6, 0, twins.ids)])
        for action in (wizard.action_check, wizard.action_load):
            with self.assertRaisesRegex(UserError, "Several different files have the same name.*: people.csv"):
                action()
        twins[1].datas = twins[0].datas
        wizard.action_load()
        self.assertEqual(wizard.campaign_id.name, "From screen", "one file that was uploaded twice is one")

    def test_a_zip_of_macos_is_read_without_what_macos_adds(self):
        added = {"__MACOSX/._campaign.yaml": "\0", "__MACOSX/config/._people.csv": "\0", ".DS_Store": "\0"}
        content = self.zip(**{"campaign.yaml": CONFIG, "config/people.csv": CSV}, **added)
        wizard = self.wizard(file_ids=[(6, 0, self.attach(**{"all.zip": content}).ids)])
        wizard.action_load()
        self.assertEqual(wizard.campaign_id.name, "From screen")

    def test_problems_are_shown_and_nothing_is_loaded(self):
        wizard = self.wizard(config_text=CONFIG + "unknown: 1\n")
        wizard.action_load()
        self.assertEqual(wizard.state, "edit")
        self.assertFalse(wizard.is_right or wizard.campaign_id)
        self.assertIn("unknown (line 6)", wizard.result)
        self.assertIn("config/people.csv is named", wizard.result)

    def test_checking_loads_nothing(self):
        wizard = self.wizard(config_text="campaign: {name: Voice}")
        wizard.action_check()
        self.assertTrue(wizard.is_right)
        self.assertIn("changes the campaign “Voice”", wizard.result)
        self.assertTrue(self.campaign.use_window)

    def test_hostile_zips_are_refused(self):
        for content in (self.zip(**{"a.yaml": "a" * 11_000_000}), b"PK no zip",
                        self.zip(**{f"{n}.txt": "x" for n in range(60)})):  # fmt: skip
            wizard = self.wizard(file_ids=[(6, 0, self.attach(**{"a.zip": content}).ids)])
            with self.assertRaises(UserError):
                wizard.action_load()
        with self.assertRaises(UserError):
            self.wizard().action_load()

    def test_templates_fill_the_text_and_can_be_loaded(self):
        with Form(self.env["lead.distribution.config.load"]) as form:
            form.template = "minimal"
            form.template_campaign = "Apple"
        self.assertIn("name: Apple", form.record.config_text)
        files = {"salespeople.txt": "Ann|1|senior|5\n", "web_sources.txt": "a\n", "salesperson_campaigns.csv": CSV}
        for name in templates.TEMPLATES:
            data = templates.make_template(name, "Voice")
            campaign = self.env["lead.distribution.campaign"].load_config(data, files)
            self.assertEqual(campaign, self.campaign)
            self.assertIn(self.ann, campaign.member_ids.user_id)
        self.assertTrue(campaign.use_dnc and campaign.use_window)

    def test_a_campaign_is_shown_as_text(self):
        wizard = self.env["lead.distribution.config.text"].create({"campaign_id": self.campaign.id})
        self.assertEqual(wizard.config_text, self.campaign.dump_config())
        self.assertEqual(base64.b64decode(wizard.file).decode(), wizard.config_text)
        self.assertEqual(wizard.file_name, "Voice.yaml")

    def test_salespeople_have_no_such_page(self):
        user = self.make_user("sid", SALESPERSON)
        with self.assertRaises(AccessError):
            self.env["lead.distribution.config.load"].with_user(user).create({})
        with self.assertRaises(AccessError):
            self.env["lead.distribution.config.text"].with_user(user).create({"campaign_id": self.campaign.id})

    def test_the_examples_of_the_modules_come_out_as_written(self):
        for module in (check, report, templates, where_clause):
            result = doctest.testmod(module, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
            self.assertEqual(result.failed, 0, module.__name__)
            self.assertTrue(result.attempted, module.__name__)
