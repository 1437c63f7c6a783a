from datetime import date

from odoo.tests import tagged

from ..importing import checking
from ..importing.lookups import Lookups
from ..models.imports import wizard
from .test_import_file import FileCase

COLUMNS = ("first_name", "last_name", "email", "date", "revenue", "status", "priority", "country", "source", "notes")
# name of each language's columns, then a row: names of values, the day first, a comma before decimals
FILES = {
    "de_DE": (
        "Vorname;Nachname;E-Mail-Adresse;Erstellt am;Erwarteter Umsatz;Status;Priorität;Land;Quelle;Bemerkung",
        "Eva;Müller;eva@beispiel.de;03.02.2026;1.234,56;Neu;Sehr hoch;Österreich;Messe;ruft zurück",
    ),
    "fr_FR": (
        "Prénom;Nom;Courriel;Date de création;Revenu espéré;Statut;Priorité;Pays;Origine;Commentaires",
        "Ève;Dupont;eve@exemple.fr;03/02/2026;1 234,56 €;Nouveau;Très haute;Autriche;Messe;rappelle",
    ),
    "es_ES": (
        "Nombre;Apellidos;Correo electrónico;Fecha de creación;Ingresos esperados;Estatus;Prioridad;País;Fuente;"
        "Comentarios",
        "Eva;García;eva@ejemplo.es;03/02/2026;1.234,56;Nuevo;Muy alta;Austria;Messe;llama",
    ),
    "nl_NL": (
        "Voornaam;Achternaam;E-mailadres;Aangemaakt op;Verwachte omzet;Status;Prioriteit;Land;Herkomst;Opmerkingen",
        "Eva;de Vries;eva@voorbeeld.nl;03-02-2026;€ 1.234,56;Nieuw;Zeer hoog;Oostenrijk;Messe;belt terug",
    ),
    "pt_BR": (
        "Primeiro nome;Sobrenome;E-mail;Criado em;Receita esperada;Status;Prioridade;País;Origem;Observações",
        "Eva;Souza;eva@exemplo.com.br;03/02/2026;R$ 1.234,56;Novo;Muito alta;Áustria;Messe;liga",
    ),
}
PEOPLE = {
    "de_DE": ("Vertriebsmitarbeiter;Ziel;Gewichtung;Aktiv", "1.200;1,5;Nein"),
    "fr_FR": ("Commercial;Objectif;Poids;Actif", "1 200;1,5;Non"),
    "es_ES": ("Vendedor;Objetivo;Peso;Activo", "1.200;1,5;No"),
    "nl_NL": ("Verkoper;Doel;Gewicht;Actief", "1.200;1,5;Nee"),
    "pt_BR": ("Vendedor;Meta;Peso;Ativo", "1.200;1,5;Não"),
}


@tagged("post_install", "-at_install")
class TestImportLanguages(FileCase):
    def use(self, language):
        """Work in a language from now on, as its user does."""
        self.env["res.lang"]._activate_lang(language)
        self.batches.env.user.lang = language
        self.batches = self.batches.with_context(lang=language)

    def make_file(self, *lines):
        return self.csv(*lines, encoding="cp1252")

    def test_a_file_as_people_of_each_language_write_it_is_read_without_a_click(self):
        self.env["utm.source"].create({"name": "Messe"})
        for language, (header, row) in FILES.items():
            with self.subTest(language):
                self.use(language)
                batch = self.upload(self.make_file(header, row), "leads.csv")
                self.assertEqual(tuple(batch.column_ids.mapped("target")), COLUMNS)
                self.to_preview(batch, self.ann).action_start()
                lead = self.imported(batch)
                self.assertEqual(lead.source_date, date(2026, 2, 3))
                self.assertEqual(lead.expected_revenue, 1234.56)
                self.assertEqual((lead.lead_status_id.code, lead.priority), ("new", "3"))
                self.assertEqual((lead.country_id.code, lead.source_id.name), ("AT", "Messe"))

    def work_in_background(self):
        with self.enter_registry_test_mode():
            self.env.ref("lead_distribution.ir_cron_import").method_direct_trigger()
        self.env.invalidate_all()

    def test_what_the_scheduler_works_on_is_in_the_language_of_who_imports(self):
        self.use("de_DE")
        tag = self.env["crm.tag"].create({"name": "New customer"})
        status = self.env["crm.lead.status"].create(
            {"name": "Left alone", "code": "left_alone", "category": "do_not_call"}
        )
        tag.with_context(lang="de_DE").name = "Neukunde"
        status.with_context(lang="de_DE").name = "Ruht bei uns"
        for module, name in ((checking, "CHUNK"), (checking, "CHECK_AT_ONCE"), (wizard, "AT_ONCE")):
            self.patch(module, name, 1)
        rows = [f"P{number};p{number}@x.example;Neukunde;{name}" for number, name in enumerate(["Neu", "Ruht bei uns"])]
        batch = self.upload(self.csv("Name;Email;Tags;Status", *rows, "P9;p1@x.example;;"), "x.csv")
        batch.action_next()
        self.assertEqual((batch.state, batch.rows_read), ("checking", 1))
        self.work_in_background()
        self.assertEqual(batch.state, "draft")
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual(batch.state, "importing")
        self.work_in_background()
        self.assertEqual(batch.state, "done")
        self.assertEqual(self.env["crm.tag"].with_context(lang="de_DE").search([("name", "=", "Neukunde")]), tag)
        leads = self.imported(batch)
        self.assertEqual([lead.tag_ids for lead in leads], [tag, tag])
        self.assertEqual(batch.row_ids.mapped("do_not_call"), [False, "status", False])
        self.assertEqual(leads.user_id, self.ann)
        self.assertFalse(leads[1].user_id or leads[1].description)
        told = [row.message for row in batch.row_ids if row.message]
        self.assertEqual([("Niemand" in text, "Zeile" in text) for text in told], [(True, False), (False, True)])

    def make_tag(self, name, german):
        tag = self.env["crm.tag"].create({"name": name})
        tag.with_context(lang="de_DE").name = german
        return tag

    def test_a_status_is_known_by_its_name_in_every_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        status = self.env["crm.lead.status"].create({"name": "First talk", "code": "talk"})
        status.with_context(lang="de_DE").name = "Erstgespräch"
        for lang in ("en_US", "de_DE"):
            lookups = Lookups(self.env(context={**self.env.context, "lang": lang}), self.env.company, {})
            for text in ("talk", "first talk", "ERSTGESPRÄCH"):
                self.assertEqual(lookups.status(text), status.id, (lang, text))

    def test_a_skill_is_known_by_its_name_in_every_language(self):
        self.use("de_DE")
        tag = self.make_tag("Fluent English", "Fließend Englisch")
        members = {member.user_id: member for member in self.campaign.member_ids}
        members[self.cem].skill_tag_ids = tag
        self.campaign.write(
            {"use_skills": True, "skill_fallback": "nobody", "skill_ids": [(0, 0, {"tag_id": tag.id, "weight": 1})]}
        )
        words = ("Fluent English", "fließend englisch", "Fluent English, Fließend Englisch")
        rows = [f'P{n};p{n}@x.example;"{text}"' for n, text in enumerate(words * 4)]
        batch = self.upload(self.csv("Name;Email;Tags", *rows), "x.csv")
        batch.create_missing = True  # nothing is missing
        self.to_preview(batch, self.ann, self.cem).action_start()
        leads = self.imported(batch)
        self.assertEqual((len(leads), leads.tag_ids, leads.user_id), (len(rows), tag, self.cem))

    def translate(self, language, **names):
        """Give records other names in a language: {"name there": record}."""
        self.env["res.lang"]._activate_lang(language)
        for name, record in names.items():
            record.with_context(lang=language).name = name.replace("_", " ")

    def test_statuses_and_countries_are_known_by_their_names_in_every_language(self):
        status = self.env["crm.lead.status"].create({"name": "Left alone", "code": "left_alone"})
        self.translate("de_DE", Ruht_bei_uns=status)
        self.translate("pl_PL", Królestwo_Belgii=self.env.ref("base.be"))
        lines = ["P1;p1@x.example;ruht bei uns;", "P2;p2@x.example;;Królestwo Belgii"]
        batch = self.upload(self.csv("Name;Email;Status;Country", *lines), "x.csv")
        self.to_preview(batch, self.ann).action_start()
        self.assertFalse(batch.value_ids, "nobody is asked what they mean")
        leads = self.imported(batch)
        self.assertEqual((leads[0].lead_status_id, leads[1].country_id.code), (status, "BE"))
        self.assertFalse(any(leads.mapped("description")))
        self.assertEqual(self.send([{"first_name": "Vic", "status": "RUHT BEI UNS"}])["errors"], [])

    def test_a_code_comes_before_the_names_of_other_statuses(self):
        other = self.env["crm.lead.status"].create({"name": "Something else", "code": "something_else"})
        self.translate("de_DE", New=other)
        self.use("de_DE")
        batch = self.upload(self.csv("Name;Status", "P1;new"), "x.csv")
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual(self.imported(batch).lead_status_id.code, "new")

    def test_levels_and_teams_of_salespeople_are_known_by_their_names_in_every_language(self):
        level = self.env["lead.distribution.level"].create({"name": "Old hand", "code": "expert"})
        team = self.env["crm.team"].create({"name": "Hunters", "company_id": False})
        self.translate("de_DE", Alter_Hase=level, Jäger=team)
        members = {member.user_id: member for member in self.campaign.member_ids}
        for lines in ((f"{self.ann.name};alter-hase;JÄGER",), (f"{self.bob.name};old hand;hunters",)):
            file = self.csv("Salesperson;Level;Team", *lines)
            batch = self.upload(file, "people.csv", kind="people", campaign_id=self.campaign.id)
            batch.action_next()
            batch.action_start()
            self.assertEqual((batch.state, self.rows(batch)), ("done", {2: ("updated", None)}))
        for user in (self.ann, self.bob):
            self.assertEqual((members[user].level_id, members[user].team_id), (level, team))

    def test_campaigns_and_people_of_a_file_are_known_without_case_and_blanks_around(self):
        self.campaign.name, self.ann.name = "Große Runde ", "Anna Weiß "
        batch = self.upload(
            self.csv("Salesperson;Campaign;Weight", "ANNA WEISS;GROSSE RUNDE;3"), "x.csv", kind="people"
        )
        batch.action_next()
        batch.action_start()
        self.assertEqual((batch.state, self.rows(batch)), ("done", {2: ("updated", None)}))

    def test_a_caller_joins_in_the_team_that_the_campaign_names_in_whatever_language(self):
        team = self.env["crm.team"].create({"name": "Hunters", "member_ids": [(6, 0, self.dan.ids)]})
        self.translate("de_DE", Jäger=team)
        self.campaign.team_filter_name = "jäger"
        batch = self.to_preview(self.upload(self.csv("Name;Email", "P1;p1@x.example"), "x.csv"), self.dan)
        batch.action_start()
        self.assertEqual(self.imported(batch).user_id, self.dan)
        self.assertEqual(self.campaign.member_ids.filtered(lambda m: m.user_id == self.dan).team_id, team)

    def test_the_language_of_who_imports_comes_first_where_two_tags_share_a_word(self):
        self.use("de_DE")
        first, other = self.make_tag("Gift wish", "Geschenk wunsch"), self.make_tag("Poison", "Gift wish")
        for language, expected in {"de_DE": other, "en_US": first}.items():
            with self.subTest(language):
                self.use(language)
                batch = self.upload(self.csv("Name;Tags", f"Otto {language};gift wish"), "x.csv")
                self.to_preview(batch, self.ann).action_start()
                self.assertEqual(self.imported(batch).tag_ids, expected)

    def test_a_point_that_may_be_either_sign_is_read_as_the_language_of_who_imports_writes_numbers(self):
        for language, expected in {"de_DE": 1234.0, "en_US": 1.23}.items():
            with self.subTest(language):
                self.use(language)
                file = self.csv("Name;Umsatz", f"Otto {language};1.234")
                batch = self.to_preview(self.upload(file, "leads.csv"), self.ann)
                batch.action_start()
                self.assertEqual(self.imported(batch).expected_revenue, expected)

    def test_the_numbers_of_a_workbook_are_numbers_in_every_language(self):
        self.use("de_DE")
        batch = self.to_preview(self.upload(self.xlsx(["Name", "Umsatz"], ["Otto", 1.234])), self.ann)
        batch.action_start()
        self.assertEqual(self.imported(batch).expected_revenue, 1.23)

    def test_a_file_of_salespeople_says_yes_and_no_in_each_language(self):
        for language, (header, row) in PEOPLE.items():
            with self.subTest(language):
                self.use(language)
                file = self.make_file(header, f"{self.ann.name};{row}")
                batch = self.upload(file, "people.csv", kind="people", campaign_id=self.campaign.id)
                self.assertEqual(batch.column_ids.mapped("target"), ["salesperson", "target", "weight", "active"])
                batch.action_next()
                batch.action_start()
                self.assertEqual(batch.state, "done")
                member = self.campaign.with_context(active_test=False).member_ids.filtered(
                    lambda member: member.user_id == self.ann
                )
                self.assertEqual((member.own_target, member.weight, member.active), (1200, 1.5, False))
                member.write({"active": True, "own_target": 1, "weight": 1})
