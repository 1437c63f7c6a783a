import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..importing import checking
from ..importing.retention import mask
from .test_import_file import FileCase


@tagged("post_install", "-at_install")
class TestImportValues(FileCase):
    """What values mean that are no names of ours: asked once, remembered, and no row is lost for it."""

    def leads(self, *statuses, header="Name,Email,Status", start=0):
        lines = [f"P{n},p{n}@values.example,{text}" for n, text in enumerate(statuses, start)]
        return self.csv(header, *lines)

    def value(self, batch, text):
        return batch.value_ids.filtered(lambda value: value.value == text)

    def statuses(self, batch):
        return [lead.lead_status_id.code or None for lead in self.imported(batch)]

    def test_a_word_for_new_is_guessed_shown_with_its_rows_and_used(self):
        batch = self.upload(self.leads("neu", "Neu", "New", "Rückruf", "gewonen"), "x.csv")
        batch.action_next()
        self.assertEqual(batch.step, "values")
        shown = [(v.value, v.rows, v.status_id.code, v.certainty) for v in batch.value_ids]
        self.assertEqual(
            shown, [("neu", 2, "new", "guess"), ("Rückruf", 1, "call_back", "guess"), ("gewonen", 1, "won", "guess")]
        )
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual(self.statuses(batch), ["new", "new", "new", "call_back", "won"])

    def test_an_unknown_status_costs_no_row_and_stands_in_the_notes(self):
        batch = self.upload(self.leads("xyzzy", "new"), "x.csv")
        batch.action_next()
        self.assertEqual(self.value(batch, "xyzzy").certainty, "none")
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual(batch.counts, {"done": 2})
        first = self.imported(batch)[0]
        self.assertFalse(first.lead_status_id)
        self.assertIn("xyzzy", first.description)

    def test_what_is_chosen_holds_for_all_rows_and_for_the_next_file_without_a_question(self):
        batch = self.upload(self.leads("heiss", "kalt", "HEISS"), "x.csv")
        batch.action_next()
        self.value(batch, "heiss").status_id = self.status["call_back"]
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual(self.statuses(batch), ["call_back", None, "call_back"])
        other = self.upload(self.leads("Heiss", "kalt", header="Kunde,Mail,Status", start=10), "y.csv")
        other.action_next()
        self.assertEqual(other.step, "duplicates", "nothing is new, so nothing is asked")
        self.assertEqual({v.value: v.certainty for v in other.value_ids}, {"Heiss": "kept", "kalt": "kept"})
        self.to_preview(other, self.ann).action_start()
        self.assertEqual(self.statuses(other), ["call_back", None])

    def test_rows_of_a_value_can_be_left_out_with_a_reason(self):
        batch = self.upload(self.leads("junk", "new", "junk"), "x.csv")
        batch.action_next()
        self.value(batch, "junk").left_out = True
        batch.action_next()
        self.assertEqual(self.rows(batch), {2: ("skipped", "value"), 3: ("ready", None), 4: ("skipped", "value")})
        self.assertIn("junk", batch.row_ids[0].message)
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual(len(self.imported(batch)), 1)

    def test_nobody_is_handed_a_lead_whose_word_means_do_not_call(self):
        batch = self.upload(self.leads("nicht anrufen", "new"), "x.csv")
        batch.action_next()
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual([lead.user_id for lead in self.imported(batch)], [self.env["res.users"], self.ann])

    def test_countries_priorities_and_sources_have_meanings_too(self):
        source = self.env["utm.source"].create({"name": "Fair of Ulm"})
        campaign = self.env["utm.campaign"].create({"title": "Spring Offer"})
        header = "Name,Country,Priority,Source,Campaign"
        lines = ["A,Germny,dringend,FAIR-OF-ULM,spring_offer", "B,Narnia,***,Booth,x"]
        batch = self.upload(self.csv(header, *lines), "x.csv")
        batch.action_next()
        shown = {(v.target, v.value): (v.country_id.code or v.priority or v.source_id or v.marketing_campaign_id)
                 for v in batch.value_ids}  # fmt: skip
        self.assertEqual(shown["country", "Germny"], "DE")
        self.assertEqual(shown["priority", "dringend"], "3")
        self.assertEqual(shown["source", "FAIR-OF-ULM"], source)
        self.assertEqual(shown["marketing_campaign", "spring_offer"], campaign)
        self.assertEqual(
            batch.value_columns, ["country", "marketing_campaign", "priority", "source"], "columns of the page"
        )
        self.value(batch, "Narnia").country_id = self.env.ref("base.fr")
        self.value(batch, "***").priority = "2"
        self.value(batch, "Booth").source_id = source
        self.to_preview(batch, self.ann).action_start()
        first, second = self.imported(batch)
        self.assertEqual((first.country_id.code, first.priority, first.source_id), ("DE", "3", source))
        self.assertEqual(first.campaign_id, campaign)
        self.assertEqual((second.country_id.code, second.priority, second.source_id), ("FR", "2", source))
        self.assertIn("x", second.description)

    def test_a_file_that_is_understood_asks_nothing_and_open_names_alone_do_not_stop_it(self):
        batch = self.upload(self.csv("Name,Status,Source", "A,New,Some Fair"), "x.csv")
        batch.action_next()
        self.assertEqual(batch.step, "duplicates")
        self.assertEqual(batch.value_ids.mapped("value"), ["Some Fair"])
        batch.action_map_values()
        self.assertEqual(batch.step, "values")
        batch.action_back()
        self.assertEqual(batch.step, "columns")

    def test_one_can_come_back_to_the_values_and_nothing_is_checked_twice_for_nothing(self):
        batch = self.upload(self.leads("heiss", "new"), "x.csv")
        batch.action_next()
        self.value(batch, "heiss").status_id = self.status["won"]
        batch.action_next()
        rows = batch.row_ids.ids
        batch.action_back()
        self.assertEqual(batch.step, "values")
        batch.action_next()
        self.assertEqual((batch.step, batch.row_ids.ids), ("duplicates", rows))
        batch.action_back()
        self.value(batch, "heiss").status_id = self.status["lost"]
        batch.action_next()
        self.assertEqual(batch.row_ids[0].values["lead_status_id"], self.status["lost"].id)
        overview = {row["value"]: row["meaning"] for row in batch.overview["values"]}
        self.assertEqual(overview, {"heiss": self.status["lost"].name})

    def test_a_check_in_the_background_asks_when_it_has_seen_all_rows(self):
        self.patch(checking, "CHECK_AT_ONCE", 2)
        self.patch(checking, "CHUNK", 2)
        batch = self.upload(self.leads(*["heiss", "kalt"] * 4), "x.csv")
        batch.action_next()
        self.assertEqual((batch.state, batch.step), ("checking", "duplicates"))
        with self.enter_registry_test_mode():
            self.env.ref("lead_distribution.ir_cron_import").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((batch.state, batch.step), ("draft", "values"))
        self.assertEqual({v.value: v.rows for v in batch.value_ids}, {"heiss": 4, "kalt": 4})

    def test_a_row_costs_no_query_and_a_column_of_other_texts_no_long_page(self):
        few = self.upload(self.leads(*["heiss"] * 300), "x.csv")
        many = self.upload(self.leads(*[f"text {n}" for n in range(900)], start=1000), "y.csv")
        counts = []
        for batch in (few, many):
            before = self.cr.sql_log_count
            batch.action_next()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 30)
        self.assertEqual(len(many.value_ids), 300)
        self.assertEqual(many.counts, {"ready": 900})

    def test_requests_of_programs_are_refused_row_by_row_as_ever(self):
        answer = self.send([{"first_name": "A", "last_name": "B", "current_status": "neu"}])
        self.assertEqual([error["code"] for error in answer["errors"]], ["unknown_status"])

    def test_a_status_that_is_deleted_later_is_forgotten_and_wrong_tables_are_refused(self):
        gone = self.env["crm.lead.status"].create({"name": "Gone"})
        batch = self.upload(self.leads("heiss"), "x.csv")
        batch.action_next()
        self.value(batch, "heiss").status_id = gone
        self.to_preview(batch, self.ann).action_start()
        template = self.env["lead.import.template"].search([], limit=1, order="id desc")
        self.assertEqual(template.meanings, {"status": {"heiss": gone.id}})
        self.imported(batch).lead_status_id = False
        gone.unlink()
        again = self.upload(self.leads("heiss", start=5), "x.csv")
        again.action_next()
        self.assertEqual((again.step, again.value_ids.certainty), ("values", "none"))
        for wrong in ([1], {"status": ["x"]}, {"nothing": {}}, {"status": {"a": True}}, {"status": {"a": "b"}}):
            with self.subTest(json.dumps(wrong)), self.assertRaises(ValidationError):
                template.meanings = wrong

    def test_values_go_with_the_personal_data_of_old_imports(self):
        batch = self.upload(self.leads("Otto Lang"), "x.csv")
        self.to_preview(batch, self.ann).action_start()
        self.assertTrue(batch.value_ids)
        mask(batch.sudo())
        self.assertFalse(batch.value_ids or batch.values_met or batch.values_read)
        self.assertEqual(batch.overview["values"], [])

    def test_only_managers_of_the_company_see_values(self):
        batch = self.upload(self.leads("heiss"), "x.csv")
        batch.action_next()
        with self.assertRaises(AccessError):
            batch.value_ids.with_user(self.ann).read(["value"])
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user("strange", "sales_team.group_sale_manager")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(self.env["lead.import.value"].with_user(stranger).search([("id", "in", batch.value_ids.ids)]))
        batch.value_ids = [(5, 0, 0)]
        with self.assertRaises(UserError):
            batch.action_map_values()
