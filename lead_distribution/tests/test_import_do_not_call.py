from functools import partial

from odoo.fields import Command
from odoo.tests import tagged

from ..importing.do_not_call import mark_do_not_call
from .test_import_file import FileCase


@tagged("post_install", "-at_install")
class TestImportDoNotCall(FileCase):
    """Rows whose leads nobody gets: by what they say, by the lead they are the same as, by the campaign's own rows."""

    def get_reasons(self, batch):
        """Return what the rows say after the import; each has the right owner, or none."""
        for row in batch.row_ids:
            self.assertEqual(row.lead_id.user_id, self.ann if not row.do_not_call else self.env["res.users"])
            self.assertEqual(bool(row.message), bool(row.do_not_call), "the row says why nobody gets its lead")
        return batch.row_ids.mapped("do_not_call")

    def take_in(self, *lines, header="Name,Email,Tags", **values):
        batch = self.to_preview(self.upload(self.csv(header, *lines), "x.csv", **values), self.ann)
        preview = dict(batch.figures["left"])
        batch.action_start()
        reasons = self.get_reasons(batch)
        blocked = len([reason for reason in reasons if reason])
        self.assertEqual(preview, {"dnc": blocked} if blocked else {}, "the preview says so, too")
        return reasons

    def add_row(self, name, text, **values):
        field = self.env["ir.model.fields"]._get("crm.lead", name)
        shared = {"purpose": "dnc", "kind": "exclude", "field_id": field.id, "values_text": text}
        self.campaign.dnc_filter_ids = [Command.create({**shared, **values})]

    def test_a_tag_that_does_not_exist_says_do_not_call_all_the_same(self):
        self.assertFalse(self.env["crm.tag"].search([("name", "=ilike", "Do Not Call")]))
        lines = ["Zed,z@x.example,Do Not Call", 'Yan,y@x.example,"vip, Opt-Out"', "Xia,x@x.example,vip"]
        self.assertEqual(self.take_in(*lines), ["tag", "tag", False])
        self.assertEqual(self.take_in("Wim,w@x.example,DNC", create_missing=True), ["tag"])
        answer = self.send([{"first_name": "Vic", "tags": "do not call"}])
        self.assertEqual([left["code"] for left in answer["unassigned"]], ["dnc"])
        self.assertIn("tags", answer["unassigned"][0]["reason"])

    def test_the_campaigns_rows_count_for_tags_that_exist_and_for_those_that_do_not(self):
        self.env["crm.tag"].create({"name": "Nicht anrufen"})
        self.add_row("tag_ids", "nicht anrufen\nSperre")
        lines = ["Zed,z@x.example,nicht anrufen", "Yan,y@x.example,sperre", "Xia,x@x.example,vip"]
        self.assertEqual(self.take_in(*lines), ["campaign", "campaign", False])
        self.campaign.use_dnc = False
        self.assertEqual(self.take_in("Wim,w@x.example,nicht anrufen"), [False])

    def test_the_campaigns_rows_count_for_countries_states_and_statuses_that_do_not_exist(self):
        self.add_row("country_id", "narn*", mode="wildcard")
        self.add_row("state_id", "Cair Paravel")
        self.add_row("lead_status_id", "Legal Hold")
        lines = [
            "A,a@x.example,Narnia,,", "B,b@x.example,,cair paravel,", "C,c@x.example,,,legal_hold",
            "D,d@x.example,Mordor,Gondor,Watched",
        ]  # fmt: skip
        reasons = self.take_in(*lines, header="Name,Email,Country,State,Status")
        self.assertEqual(reasons, ["campaign", "campaign", "campaign", False])
        leads = self.env["crm.lead"].search([("email_normalized", "like", "@x.example")], order="id")
        categories = leads.mapped(lambda lead: lead.lead_status_id.category)
        self.assertEqual(categories, ["do_not_call"] * 3 + [False], "no later run hands them out")

    def test_a_state_is_named_with_its_country_or_without(self):
        self.add_row("state_id", "New York\nOntario (CA)")
        lines = ["A,a@x.example,US,New York", "B,b@x.example,Canada,ON", "C,c@x.example,US,Texas"]
        self.assertEqual(self.take_in(*lines, header="Name,Email,Country,State"), ["campaign", "campaign", False])

    def test_the_campaigns_rows_count_for_statuses_of_other_categories(self):
        self.env["crm.lead.status"].create({"name": "Paused", "code": "paused", "category": "open"})
        self.add_row("lead_status_id", "Paused")
        lines = ["Zed,z@x.example,paused", "Yan,y@x.example,new", "Xia,x@x.example,dnc"]
        reasons = self.take_in(*lines, header="Name,Email,Status")
        self.assertEqual(reasons, ["campaign", False, "status"])

    def test_the_campaigns_rows_count_for_other_fields_and_ways_of_matching(self):
        self.env["utm.source"].create({"name": "Robinson list 7"})
        self.add_row("source_id", "robinson*", mode="wildcard")
        self.add_row("email_normalized", r".*@no\.example", mode="regex")
        self.add_row("country_id", "Narnia\nBelgium")
        self.add_row("priority", "Very High")
        lines = [
            "A,a@x.example,Robinson list 7,,", "B,b@x.example,Robinson list 8,,", "C,c@no.example,Fair,,",
            "D,d@x.example,,Belgium,", "E,e@x.example,,France,3", "F,f@x.example,Fair,France,1",
        ]  # fmt: skip
        reasons = self.take_in(*lines, header="Name,Email,Source,Country,Priority", create_missing=True)
        self.assertEqual(reasons, [*["campaign"] * 5, False])

    def count_marking(self, header, lines, **options):
        """Return how many statements it takes to mark the rows of a file that nobody gets."""
        batch = self.upload(self.csv(header, *lines), "x.csv", **options)
        self.to_preview(batch, self.ann)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        mark_do_not_call(batch)
        return self.env.cr.sql_log_count - before

    def test_the_campaigns_rows_cost_the_same_statements_for_ten_times_the_rows(self):
        self.env["crm.tag"].create({"name": "vip"})

        def count(rows, start):
            lines = [f"P{n},p{n}@x.example,vip" for n in range(start, start + rows)]
            return self.count_marking("Name,Email,Tags", lines)

        self.assertEqual(count(3, 0), count(30, 100))

    def take_in_same(self, **values):
        """Import the person of a lead that has these values."""
        lead = self.make_leads(email_from="zed@x.example", phone="+1 212 555 0123", **values)
        lead.active = False
        lines = ["Zed,zed@x.example,", "Xia,xia@x.example,"]
        reasons = self.take_in(*lines, on_lead="import")
        leads = self.env["crm.lead"].with_context(active_test=False)
        leads.search([("email_normalized", "like", "@x.example")]).unlink()
        return reasons

    def test_who_is_in_the_database_as_not_to_be_called_is_nobodys_as_a_new_lead(self):
        tag, other = self.env["crm.tag"].create([{"name": "dnc"}, {"name": "Sperre"}])
        self.assertEqual(self.take_in_same(), [False, False])
        self.assertEqual(self.take_in_same(lead_status_id=self.status["dnc"].id), ["duplicate", False])
        self.assertEqual(self.take_in_same(tag_ids=tag.ids), ["duplicate", False])
        self.assertEqual(self.take_in_same(tag_ids=other.ids), [False, False])
        self.add_row("tag_ids", "sperre")
        self.assertEqual(self.take_in_same(tag_ids=other.ids), ["duplicate", False])
        self.env["phone.blacklist"].add("+12125550123")
        self.assertEqual(self.take_in_same(), ["duplicate", False], "the phone stands only in the database")

    def test_the_tags_of_who_is_in_the_database_are_read_in_every_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        english, german = self.env["crm.tag"].create([{"name": "Do-Not-Call"}, {"name": "Ask first"}])
        english.with_context(lang="de_DE").name = "Nicht anrufen"
        german.with_context(lang="de_DE").name = "DNC"
        for language in ("de_DE", "en_US"):
            self.batches = self.batches.with_context(lang=language)
            for tag in (english, german):
                with self.subTest(language=language, tag=tag.name):
                    self.assertEqual(self.take_in_same(tag_ids=tag.ids), ["duplicate", False])

    def test_what_a_linked_lead_takes_over_from_its_contact_may_be_on_a_blacklist(self):
        self.env["res.partner"].create(
            [
                {"name": "Zed", "email": "zed@x.example", "phone": "+1 212 555 0123"},
                {"name": "Yan", "email": "yan@x.example", "phone": "+1 212 555 0144"},
            ]
        )
        self.env["mail.blacklist"].create({"email": "zed@x.example"})
        self.env["phone.blacklist"].add("+12125550144")
        take_in = partial(self.take_in, header="Name,Email,Phone", on_contact="link")
        own = ["Zed,other@x.example,+1 212 555 0123", "Yan,yan@x.example,+1 212 555 0199"]
        self.assertEqual(take_in(*own), [False, False], "these leads have their own")
        self.env["crm.lead"].search([("email_normalized", "like", "@x.example")]).unlink()
        lines = ["Zed,,+1 212 555 0123", "Yan,yan@x.example,"]
        self.assertEqual(take_in(*lines), ["blacklist", "blacklist"])
        leads = self.env["crm.lead"].search([("partner_id.email", "like", "@x.example")], order="id")
        self.assertEqual(leads.mapped("email_normalized"), ["zed@x.example", "yan@x.example"])
        self.assertEqual(self.campaign.simulate(lead_ids=leads.ids).exclusions, {"dnc": 2}, "as a run says")

    def test_the_campaigns_rows_count_for_what_a_linked_lead_takes_over_from_its_contact(self):
        belgium = {"country_id": self.env.ref("base.be").id, "city": "Ghent"}
        self.env["res.partner"].create(
            [
                {"name": name, "email": f"{name}@x.example", "phone": f"+1 212 555 01{number}", **belgium}
                for number, name in enumerate(("zed", "yan", "xia"), 44)
            ]
        )
        self.add_row("country_id", "Belgium")
        self.add_row("email_normalized", "xia*", mode="wildcard")
        lines = ["Zed,zed@x.example,,", "Yan,yan@x.example,,Paris", "Xia,,+1 212 555 0146,Paris"]
        reasons = self.take_in(*lines, header="Name,Email,Phone,City", on_contact="link")
        self.assertEqual(reasons, ["campaign", False, "campaign"])
        leads = self.env["crm.lead"].search([("partner_id.email", "like", "@x.example")], order="id")
        self.assertEqual(leads.mapped(lambda lead: lead.country_id.code), ["BE", False, False])
        self.assertEqual(leads[2].email_normalized, "xia@x.example")

    def test_one_of_several_leads_of_a_person_is_enough(self):
        self.make_leads(email_from="zed@x.example")
        self.make_leads(email_from="zed@x.example", lead_status_id=self.status["opt_out"].id)
        self.assertEqual(self.take_in("Zed,zed@x.example,", on_lead="import"), ["duplicate"])

    def test_the_campaigns_rows_count_for_each_of_several_leads_of_a_person(self):
        tag = self.env["crm.tag"].create({"name": "Sperre"})
        self.add_row("tag_ids", "sperre")
        self.make_leads(2, email_from="zed@x.example")
        self.make_leads(email_from="zed@x.example", tag_ids=tag.ids)
        self.make_leads(email_from="yan@x.example")
        self.make_leads(phone="+1 212 555 0123", tag_ids=tag.ids, type="opportunity")
        self.make_leads(email_from="xia@x.example")
        lines = ["Zed,zed@x.example,", "Yan,yan@x.example,+12125550123", "Xia,xia@x.example,"]
        reasons = self.take_in(*lines, header="Name,Email,Phone", on_lead="import", on_opportunity="import")
        self.assertEqual(reasons, ["duplicate", "duplicate", False])

    def test_looking_at_the_leads_of_people_costs_the_same_statements_for_ten_times_the_rows(self):
        def count(rows, start):
            people = [(f"P{n}", f"p{n}@x.example") for n in range(start, start + rows)]
            for name, email in people:
                self.make_leads(name=name, email_from=email)
            return self.count_marking("Name,Email", [",".join(person) for person in people], on_lead="import")

        self.assertEqual(count(3, 0), count(30, 100))

    def test_later_runs_hand_such_leads_to_nobody_either(self):
        self.make_leads(email_from="yan@x.example", lead_status_id=self.status["dnc"].id)
        self.take_in("Zed,zed@x.example,Do Not Call", "Yan,yan@x.example,", "Xia,xia@x.example,vip", on_lead="import")
        lines = ["A,a@x.example,DNC,Won", "B,b@x.example,DNC,New", "C,c@x.example,DNC,Blocked"]
        self.take_in(*lines, header="Name,Email,Tags,Status")
        leads = self.env["crm.lead"].search([("name", "in", ["A", "B", "C"])], order="name")
        self.assertEqual(leads.lead_status_id.mapped("code"), ["won", "dnc", "blocked"])
        run = self.campaign.distribute()
        self.assertEqual((run.leads_distributed, run.exclusions["dnc"]), (0, 5))

    def import_and_run(self, *lines, header="Name,Email,Tags", **values):
        """Import for everybody; return the statuses of the leads, in the order of the file, and what the run finds."""
        batch = self.to_preview(self.upload(self.csv(header, *lines), "x.csv", **values), self.ann)
        batch.action_start()
        run = self.campaign.distribute()
        leads = self.imported(batch)
        return [lead.lead_status_id.code for lead in leads], run.leads_distributed, run.exclusions.get("dnc", 0)

    def test_later_runs_hand_out_nobody_whom_only_the_campaigns_rows_refuse(self):
        self.env["crm.lead.status"].create({"name": "Later", "code": "later", "category": "open"})
        self.add_row("tag_ids", "Sperre")
        lines = ["A,a@x.example,Sperre,", "B,b@x.example,sperre,Later", "C,c@x.example,Sperre,Won"]
        codes = self.import_and_run(*lines, header="Name,Email,Tags,Status")
        self.assertEqual(codes, (["dnc", "dnc", "won"], 0, 2), "the tag is in the notes only")
        tag = self.env["crm.tag"].create({"name": "Sperre"})
        codes = self.import_and_run("D,d@x.example,Sperre,Later", header="Name,Email,Tags,Status")
        self.assertEqual(codes, (["later"], 0, 3), "the tag itself says so")
        self.make_leads(email_from="e@x.example", tag_ids=tag.ids)
        codes = self.import_and_run("E,e@x.example,,New", header="Name,Email,Tags,Status", on_lead="import")
        self.assertEqual(codes, (["dnc"], 0, 5), "the tag is on another lead")

    def test_the_campaigns_rows_count_for_sources_mediums_and_campaigns_that_do_not_exist(self):
        self.env["utm.source"].create({"name": "Fair"})
        self.add_row("source_id", "Robinson*", mode="wildcard")
        self.add_row("medium_id", "Bought")
        self.add_row("campaign_id", "Old", mode="partial")
        header = "Name,Email,Source,Medium,Campaign"
        lines = [
            "A,a@x.example,Robinson list 9,,", "B,b@x.example,Fair,bought,", "C,c@x.example,,,Very old",
        ]  # fmt: skip
        self.assertEqual(self.import_and_run(*lines, header=header), (["dnc"] * 3, 0, 3))
        self.assertEqual(self.take_in("D,d@x.example,Robinsonade,,", "E,e@x.example,Fair,Web,New", header=header),
                         ["campaign", False])  # fmt: skip
        lines = ["F,f@x.example,Robinson list 9,,"]
        codes = self.import_and_run(*lines, header=header, create_missing=True)
        self.assertEqual(codes, ([False], 0, 5), "the source itself says so")

    def import_people(self, *lines, header="Name,Email,Phone,Tags", **values):
        """Return (why nobody may call, whether somebody got it, its status) of the leads of a file."""
        batch = self.to_preview(self.upload(self.csv(header, *lines), "x.csv", **values), self.ann)
        blocked = batch.figures["left"].get("dnc", 0)
        batch.action_start()
        rows = batch.row_ids.filtered("lead_id")
        self.assertEqual(len(rows.filtered("do_not_call")), blocked, "the preview says so, too")
        found = [(row.do_not_call, bool(row.lead_id.user_id), row.lead_id.lead_status_id.code) for row in rows]
        rows.lead_id.unlink()
        return found

    def test_what_another_row_of_the_person_says_counts_wherever_it_stands(self):
        lines = ["Zed,z@x.example,,", "Zed,z@x.example,,Do Not Call"]
        nobody, somebody = ("file", False, "dnc"), (False, True, False)
        self.assertEqual(self.import_people(*lines), [nobody])
        self.assertEqual(self.import_people(*lines, on_file="import"), [nobody, ("tag", False, "dnc")])
        self.assertEqual(self.import_people(*reversed(lines), on_file="import"), [("tag", False, "dnc"), nobody])
        self.campaign.use_dnc = False
        by_phone = ["Zed,z@x.example,+12125550123,", "Yan,y@x.example,+1 212 555 0123,DNC", "Xia,x@x.example,,"]
        self.assertEqual(self.import_people(*by_phone), [nobody, somebody])

    def test_a_person_may_stand_in_a_file_in_several_ways(self):
        lines = ["A,a@x.example,,", "B,a@x.example,+12125550123,", "C,c@x.example,+12125550123,DNC", "D,d@x.example,,"]
        nobody, somebody = ("file", False, "dnc"), (False, True, False)
        self.assertEqual(self.import_people(*lines), [nobody, somebody])
        self.assertEqual(
            self.import_people(*lines, on_file="import"), [nobody, nobody, ("tag", False, "dnc"), somebody]
        )

    def test_what_the_campaign_refuses_counts_for_the_other_rows_of_the_person(self):
        self.add_row("tag_ids", "Sperre")
        lines = ["Zed,z@x.example,,", "Zed,z@x.example,,Sperre", "Xia,x@x.example,,"]
        batch = self.to_preview(self.upload(self.csv("Name,Email,Phone,Tags", *lines), "x.csv"), self.ann)
        batch.action_start()
        self.assertEqual(batch.row_ids.mapped("do_not_call"), ["file", "campaign", False])
        self.assertIn("row 2", batch.row_ids[1].message, "why it was skipped")
        self.env["phone.blacklist"].add("+12125550123")
        lines = ["Yan,y@x.example,,", "Yan,y@x.example,+1 212 555 0123,"]
        self.assertEqual(self.import_people(*lines), [("file", False, "dnc")])

    def test_a_row_that_is_not_imported_says_it_all_the_same(self):
        lines = ["Zed,z@x.example,,", f'Zed,z@x.example,,"DNC,{300 * "x"}"', "Xia,x@x.example,,"]
        self.assertEqual(self.import_people(*lines), [("file", False, "dnc"), (False, True, False)])

    def test_a_request_with_a_person_twice_hands_out_neither(self):
        answer = self.send([{"first_name": "Z", "email": "z@x.example"},
                            {"first_name": "Z", "email": "z@x.example", "current_status": "DNC"}])  # fmt: skip
        self.assertEqual([left["code"] for left in answer["unassigned"]], ["dnc"])
        self.assertEqual(answer["unassigned"][0]["reason"], "Nobody may call: another row of the same person says so.")
