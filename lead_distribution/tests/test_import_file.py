import base64
import io
from collections import Counter

import openpyxl

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_open

from ..importing.callers import fill_callers
from ..importing.error_file import make_error_file
from .test_import_payload import ImportCase

HEADER = ["Full Name", "E-Mail", "Telephone", "Country", "Lead Source", "Shoe size"]


class FileCase(ImportCase):
    """Files as people upload them, taken through the steps of the wizard."""

    def xlsx(self, *rows):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def csv(self, *lines, encoding="utf-8"):
        return "\n".join(lines).encode(encoding)

    def upload(self, data, name="leads.xlsx", **values):
        batch = self.batches.create({"file": base64.b64encode(data), "file_name": name, **values})
        batch.action_next()
        return batch

    def targets(self, batch):
        return {column.name: column.target for column in batch.column_ids}

    def to_preview(self, batch, *users, **values):
        if batch.step == "columns":
            batch.action_next()
        if batch.step == "values":
            batch.action_next()
        batch.action_next()
        batch.write({"campaign_id": self.campaign.id, **values})
        fill_callers(batch)
        for user in users:
            if user not in batch.caller_ids.user_id:
                batch.caller_ids = [(0, 0, {"user_id": user.id})]
        batch.caller_ids.filtered(lambda caller: caller.user_id in set(users)).ticked = True
        batch.action_next()
        return batch

    def imported(self, batch):
        return self.env["crm.lead"].search([("import_batch_id", "=", batch.id)], order="id")

    def rows(self, batch):
        return {row.number: (row.state, row.code or None) for row in batch.row_ids}


@tagged("post_install", "-at_install")
class TestImportFile(FileCase):
    def simple(self, count=6):
        people = [[f"Person {n}", f"person{n}@example.com", f"+1 212 555 01{n:02}", "USA", "Fair", n]
                  for n in range(count)]  # fmt: skip
        return self.xlsx(HEADER, *people)

    def test_the_whole_way_from_a_workbook_to_leads_with_owners(self):
        batch = self.upload(self.simple())
        self.assertEqual(batch.step, "columns")
        self.assertEqual(
            self.targets(batch),
            {"Full Name": "contact_name", "E-Mail": "email", "Telephone": "phone", "Country": "country",
             "Lead Source": "source", "Shoe size": "ignore"},
        )  # fmt: skip
        batch.write({"create_missing": True, "keep_unmapped": True})
        self.to_preview(batch, self.ann, self.dan)
        self.assertEqual(batch.step, "preview")
        self.assertFalse(self.imported(batch), "nothing is written before the start")
        self.assertNotIn(self.dan, self.campaign.member_ids.user_id)
        self.assertFalse(self.campaign.run_ids)
        preview = {share["name"]: share["gets"] for share in batch.overview["shares"]}
        self.assertEqual(preview, {"Ann": 3, "Dan": 3})
        batch.action_start()
        leads = self.imported(batch)
        self.assertEqual(batch.state, "done")
        self.assertEqual(Counter(lead.user_id.name for lead in leads), {"Ann": 3, "Dan": 3})
        self.assertEqual(leads.source_id.name, "Fair")
        self.assertIn("Shoe size: 0", leads[0].description)
        self.assertIn(self.dan, self.campaign.member_ids.user_id)
        self.assertEqual(leads.assignment_ids.run_id, batch.run_id)
        self.assertEqual(batch.run_id.member_line_ids.mapped("leads_received"), [3, 3])

    def test_the_import_shares_out_as_the_preview_says(self):
        batch = self.to_preview(self.upload(self.simple(5)), self.ann, self.bob, self.cem)
        preview = {share["user_id"]: share["gets"] for share in batch.overview["shares"]}
        batch.action_start()
        self.assertEqual(preview, Counter(lead.user_id.id for lead in self.imported(batch)))

    def test_r76_none_ticked_is_a_clear_error_and_nothing_is_imported(self):
        batch = self.upload(self.simple())
        batch.action_next()
        batch.action_next()
        batch.campaign_id = self.campaign
        with self.assertRaisesRegex(ValidationError, "at least one salesperson"):
            batch.action_next()
        self.assertFalse(self.imported(batch))

    def test_an_unfit_caller_is_named(self):
        batch = self.upload(self.simple())
        batch.action_next()
        batch.action_next()
        office = self.make_user("otto", "base.group_user")
        batch.write({"campaign_id": self.campaign.id, "caller_ids": [(0, 0, {"user_id": office.id})]})
        self.assertTrue(batch.caller_ids.filtered(lambda c: c.user_id == office).problem)
        with self.assertRaisesRegex(ValidationError, "Otto"):
            batch.action_next()

    def test_a_campaign_can_be_created_and_its_problems_are_told(self):
        batch = self.upload(self.simple())
        batch.action_next()
        batch.action_next()
        batch.write({"new_campaign": True, "caller_ids": [(0, 0, {"user_id": self.dan.id})]})
        for name, text in (("", "a name"), ("voice", "already")):
            batch.new_campaign_name = name
            with self.assertRaisesRegex(UserError, text):
                batch.action_next()
        batch.new_campaign_name = "Spring"
        batch.action_next()
        self.assertFalse(self.env["lead.distribution.campaign"].search([("name", "=", "Spring")]))
        batch.action_start()
        campaign = self.env["lead.distribution.campaign"].search([("name", "=", "Spring")])
        self.assertEqual(campaign.member_ids.user_id, self.dan)
        self.assertEqual(self.imported(batch).distribution_campaign_id, campaign)

    def test_other_strategies_use_the_same_engine_as_the_daily_run(self):
        self.campaign.member_ids.filtered(lambda m: m.user_id == self.ann).weight = 2
        batch = self.to_preview(self.upload(self.simple(9)), self.ann, self.bob, strategy="weighted")
        batch.action_start()
        self.assertEqual(Counter(lead.user_id.name for lead in self.imported(batch)), {"Ann": 6, "Bob": 3})

    def test_territories_and_skills_hold_for_imported_rows(self):
        members = {m.user_id: m for m in self.campaign.member_ids}
        tag = self.env["crm.tag"].create({"name": "Solar"})
        members[self.ann].country_ids = self.env.ref("base.us")
        members[self.bob].country_ids = self.env.ref("base.de")
        self.campaign.use_territory = True
        rows = [[f"P {n}", "USA" if n % 2 else "Germany", "Solar"] for n in range(6)]
        batch = self.upload(self.xlsx(["Name", "Country", "Tags"], *rows))
        self.to_preview(batch, self.ann, self.bob).action_start()
        self.assertEqual(
            {(lead.user_id.name, lead.country_id.code) for lead in self.imported(batch)}, {("Ann", "US"), ("Bob", "DE")}
        )
        self.assertTrue(self.imported(batch)[0].assignment_ids.line_up, "the line-up it met is kept")
        members[self.cem].skill_tag_ids = tag
        self.campaign.write(
            {"use_territory": False, "use_skills": True, "skill_fallback": "nobody",
             "skill_ids": [(0, 0, {"tag_id": tag.id, "weight": 1})]}
        )  # fmt: skip
        again = self.upload(self.xlsx(["Name", "Country", "Tags"], *rows))
        self.to_preview(again, self.bob, self.cem).action_start()
        self.assertEqual(self.imported(again).user_id, self.cem)

    def test_callers_that_the_campaign_leaves_out_are_told_with_the_reason(self):
        self.campaign.write({"use_max_workload": True, "max_workload": 0.5})
        self.make_leads(2, user_id=self.bob.id)
        batch = self.upload(self.simple(4))
        with self.assertRaisesRegex(ValidationError, "Bob: .*utilization"):
            self.to_preview(batch, self.ann, self.bob)
        problems = {caller.user_id: caller.problem for caller in batch.caller_ids}
        self.assertIn("utilization", problems[self.bob])
        self.assertFalse(problems[self.ann])
        batch.caller_ids.filtered(lambda caller: caller.user_id == self.bob).ticked = False
        batch.action_next()
        batch.action_start()
        self.assertEqual(self.imported(batch).user_id, self.ann)

    def test_r77_duplicates_are_counted_first_and_skipped(self):
        self.make_leads(email_from="PERSON0@example.com")
        self.make_leads(phone="+12125550101", type="opportunity")
        rows = [["Person 0", "person0@example.com", "", "", "", ""], ["X", "", "212-555-0101", "US", "", ""],
                ["Y", "y@example.com", "", "", "", ""], ["Z", "Y@EXAMPLE.com", "", "", "", ""]]  # fmt: skip
        batch = self.upload(self.xlsx(HEADER, *rows))
        batch.action_next()
        self.assertEqual(batch.step, "duplicates")
        self.assertEqual(
            self.rows(batch),
            {2: ("skipped", "duplicate_lead"), 3: ("skipped", "duplicate_opportunity"), 4: ("ready", None),
             5: ("skipped", "duplicate_in_file")},
        )  # fmt: skip
        self.assertEqual(batch.matches, {"lead": 1, "opportunity": 1, "file": 1})
        batch.write({"on_file": "import", "on_lead": "import", "on_opportunity": "import"})
        batch.action_check_again()
        self.assertEqual({state for state, _code in self.rows(batch).values()}, {"ready"})
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual(len(self.imported(batch)), 4)

    def test_contacts_are_linked_or_skipped_as_one_likes(self):
        partner = self.env["res.partner"].create({"name": "Known", "email": "person1@example.com"})
        batch = self.upload(self.simple(3))
        batch.on_contact = "link"
        batch.action_next()
        self.assertEqual(batch.matches, {"contact": 1})
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual(self.imported(batch).partner_id, partner)
        other = self.upload(self.simple(3))
        other.write({"on_contact": "skip", "on_lead": "import"})
        other.action_next()
        self.assertIn(("ready", None), self.rows(other).values())

    def test_the_same_name_and_company_count_if_asked_for(self):
        self.make_leads(contact_name="Ann Lee", partner_name="ACME")
        data = self.xlsx(["Name", "Company"], ["ann lee", "Acme"], ["Bob Ray", "Acme"])
        batch = self.upload(data)
        batch.action_next()
        self.assertEqual(batch.counts, {"ready": 2})
        batch.match_name = True
        batch.action_check_again()
        self.assertEqual(batch.counts, {"skipped": 1, "ready": 1})

    def test_update_fills_empty_fields_only_and_hands_nothing_out(self):
        lead = self.make_leads(email_from="person0@example.com", contact_name="Kept", user_id=self.cem.id)
        batch = self.upload(self.simple(1))
        batch.on_lead = "update"
        batch.action_next()
        self.assertEqual(batch.counts, {"update": 1})
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual((lead.contact_name, lead.user_id), ("Kept", self.cem))
        self.assertEqual((lead.phone, lead.country_id.code), ("+1 212-555-0100", "US"))
        self.assertEqual(batch.counts, {"updated": 1})

    def test_a_lead_that_came_in_since_the_check_is_not_doubled(self):
        batch = self.to_preview(self.upload(self.simple(3)), self.ann)
        self.make_leads(email_from="person1@example.com")
        self.patch(type(batch), "_import_at_once", lambda batch: batch._import_in_steps())
        batch.action_start()
        self.assertEqual(batch.counts, {"done": 2, "skipped": 1})

    def test_a_mapping_is_remembered_for_the_same_columns_and_can_be_saved(self):
        batch = self.upload(self.simple())
        column = batch.column_ids.filtered(lambda c: c.name == "Shoe size")
        column.target = "function"
        self.to_preview(batch, self.ann).action_start()
        again = self.upload(self.xlsx(HEADER, ["New", "new@example.com", "", "", "", 44]))
        self.assertEqual(self.targets(again)["Shoe size"], "function")
        self.assertEqual(again.column_ids[0].certainty, "kept")
        again.template_name = "Fairs"
        again.action_save_template()
        other = self.upload(self.xlsx(["Shoe size", "Mail"], [44, "x@example.com"]))
        other.template_id = again.template_id
        other.action_use_template()
        self.assertEqual(self.targets(other), {"Shoe size": "function", "Mail": "ignore"})

    def test_a_name_of_a_column_that_was_mapped_once_is_known_in_other_files(self):
        batch = self.upload(self.xlsx(["Contact", "Rufname"], ["A", "Bibi"]))
        batch.column_ids[1].target = "function"
        self.to_preview(batch, self.ann).action_start()
        other = self.upload(self.xlsx(["E-mail", "Rufname"], ["q@example.com", "Bibi"]))
        self.assertEqual(self.targets(other)["Rufname"], "function")

    def test_columns_with_the_same_meaning_or_without_a_name_are_refused(self):
        batch = self.upload(self.simple())
        batch.column_ids[0].target = "email"
        with self.assertRaisesRegex(UserError, "same meaning"):
            batch.action_next()
        batch.column_ids.target = "ignore"
        with self.assertRaisesRegex(UserError, "which column"):
            batch.action_next()

    def test_one_can_go_back_and_everything_is_kept(self):
        batch = self.upload(self.simple())
        batch.column_ids[5].target = "function"
        self.to_preview(batch, self.ann)
        for step in ("campaign", "duplicates", "columns"):
            batch.action_back()
            self.assertEqual(batch.step, step)
        self.assertEqual(batch.column_ids[5].target, "function")
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual(len(self.imported(batch)), 6)
        with self.assertRaises(UserError):
            batch.action_next()

    def test_cleaning_is_reported_with_how_often(self):
        rows = [["  ANN LEE ", "Ann.Lee@EXAMPLE.com", "(212) 555-0100", "United States", "N/A", "-"],
                ["Doe, John", "null", "0049 30 901820", "Deutschland", "", ""],
                ["", "", "", "Narnia", "", "x"]]  # fmt: skip
        batch = self.upload(self.xlsx(HEADER, *rows))
        batch.action_next()
        self.assertEqual(self.rows(batch)[4], ("error", "no_identity"))
        for code, count in {"name_case": 1, "name_order": 1, "email": 1, "phone": 2, "missing": 2,
                            "trimmed": 1, "unknown_country": 1}.items():  # fmt: skip
            self.assertEqual(batch.changes.get(code), count, code)
        self.to_preview(batch, self.ann).action_start()
        first, second = self.imported(batch)
        self.assertEqual((first.contact_name, first.email_from, first.phone),
                         ("Ann Lee", "ann.lee@example.com", "+1 212-555-0100"))  # fmt: skip
        self.assertEqual((second.contact_name, second.country_id.code, second.phone_sanitized),
                         ("John Doe", "DE", "+4930901820"))  # fmt: skip

    def test_dates_are_read_in_the_order_the_column_proves_and_ambiguous_ones_are_counted(self):
        batch = self.upload(self.csv("name,date", "A,03/04/2026", "B,03/25/2026"), "x.csv")
        self.assertEqual(batch.date_order, "mdy")
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual([str(lead.source_date) for lead in self.imported(batch)], ["2026-03-04", "2026-03-25"])
        self.assertFalse(batch.changes, "the second date proves the order")
        open_ = self.upload(self.csv("name,date", "C,03/04/2026"), "y.csv")
        self.assertEqual(open_.date_order, "mdy", "the language of the user is American")
        open_.action_next()
        self.assertEqual(open_.changes, {"ambiguous_date": 1})

    def test_error_rows_come_back_with_reasons_and_can_be_mended_and_uploaded_again(self):
        rows = ["Ok,ok@example.com,,,,", ",,,,=cmd|'/C calc'!A0,+1"]
        batch = self.to_preview(self.upload(self.csv(",".join(HEADER), *rows), "leads.csv"), self.ann)
        batch.action_start()
        action = batch.action_download_errors()
        self.assertIn(str(batch.id), action["url"])
        name, data = make_error_file(batch)
        self.assertEqual(name, "leads_not imported.xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        values = [[cell.value for cell in row] for row in sheet.rows]
        self.assertEqual(values[0], [*HEADER, "Row", "Reason"])
        self.assertEqual(values[1][4:7], ["'=cmd|'/C calc'!A0", "'+1", 3])
        self.assertIn("no name", values[1][7])
        for row in values:
            for value in row:
                self.assertNotRegex(str(value), r"^[=+@-]")
        sheet["B2"] = "mended@example.com"
        out = io.BytesIO()
        sheet.parent.save(out)
        again = self.upload(out.getvalue(), "mended.xlsx")
        self.assertEqual(self.targets(again)["Row"], "ignore")
        self.to_preview(again, self.ann).action_start()
        self.assertEqual(self.imported(again).email_from, "mended@example.com")

    def test_a_file_without_errors_has_none_to_download(self):
        batch = self.to_preview(self.upload(self.simple(1)), self.ann)
        batch.action_start()
        with self.assertRaises(UserError):
            batch.action_download_errors()

    def test_only_managers_see_and_make_imports(self):
        batch = self.upload(self.simple(1))
        with self.assertRaises(UserError):
            batch.with_user(self.ann).read(["name"])
        with self.assertRaises(UserError):
            self.env["lead.import.batch"].with_user(self.ann).create({"file_name": "x"})

    def test_drafts_are_forgotten_after_a_week_and_started_imports_never(self):
        draft = self.upload(self.simple(1))
        done = self.to_preview(self.upload(self.simple(2)), self.ann)
        done.action_start()
        self.env.flush_all()
        self.env.cr.execute("UPDATE lead_import_batch SET write_date = now() - interval '8 days'")
        self.env.invalidate_all()
        self.env["lead.import.batch"]._forget_drafts()
        self.assertFalse(draft.exists())
        self.assertTrue(done.exists())
        with self.assertRaises(UserError):
            done.unlink()

    def test_the_preview_counts_all_that_nobody_may_call_whatever_the_reason_and_the_rows_stay_nobodys(self):
        self.env["mail.blacklist"].create({"email": "yan@example.com"})
        rows = ["Zed,zed@example.com,dnc", "Yan,yan@example.com,new", "Xia,xia@example.com,new"]
        batch = self.to_preview(self.upload(self.csv("Name,E-mail,Status", *rows), "x.csv"), self.ann)
        self.assertEqual(batch.row_ids.mapped("do_not_call"), ["status", "blacklist", False])
        self.assertEqual(batch.figures["left"], {"dnc": 2})
        self.assertEqual([share["gets"] for share in batch.figures["shares"]], [1])
        self.assertFalse(batch.row_ids.user_id)
        batch.action_start()
        self.assertEqual([share["gets"] for share in batch.overview["shares"]], [1])


@tagged("post_install", "-at_install")
class TestImportLibreOffice(FileCase):
    """Files that LibreOffice 7.4 has written: a title above the header, dates, numbers."""

    def import_file(self, kind):
        with file_open(f"lead_distribution/tests/files/people.{kind}", "rb") as file:
            batch = self.upload(file.read(), f"people.{kind}")
        self.assertEqual((batch.file_kind, batch.header_row), (kind, 3))
        self.to_preview(batch, self.ann).action_start()
        values = [
            (lead.contact_name[:8], lead.email_from, lead.country_id.code, str(lead.source_date), lead.expected_revenue)
            for lead in self.imported(batch)
        ]
        self.assertEqual(values[2][1:], ("mohamed@fair.example", "EG", "2026-03-06", 0))
        self.assertEqual(
            values[:2],
            [
                ("Ann Bake", "ann@fair.example", "US", "2026-03-04", 1200.5),
                ("John Doe", "john@fair.example", "DE", "2026-03-05", 800),
            ],
        )

    def test_xlsx(self):
        self.import_file("xlsx")

    def test_ods(self):
        self.import_file("ods")

    def test_xls(self):
        self.import_file("xls")
