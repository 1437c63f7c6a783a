import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL, file_open

from ..names import SALESPEOPLE
from . import sample


class LeadDistributionDemo(models.AbstractModel):
    """Creates the sample data; only the demo file of the addon calls it."""

    _name = "lead.distribution.demo"
    _description = "Sample Data of Lead Distribution"

    @api.model
    def _load(self):
        """Create people, campaigns and 1,250 leads; the same ones on every machine."""
        self._enable_leads()
        users = self._create_users()
        self._create_leads(users)
        campaigns = self._create_campaigns(users)
        return campaigns

    def _enable_leads(self):
        """Databases without the leads feature would not show the sample leads."""
        self.env.ref("base.group_user").write({"implied_ids": [Command.link(self.env.ref("crm.group_use_lead").id)]})

    def _create_users(self):
        group = self.env.ref(SALESPEOPLE)
        values = [
            {
                "name": name,
                "login": login,
                "email": f"{login}@example.com",
                "notification_type": "inbox",  # sample people have no real address
                "group_ids": [Command.link(group.id)],
                "tz": sample.ZONE,
                "image_1920": self._read_face(sample.FACES[login]),
            }
            for login, name in sample.PEOPLE.items()
        ]
        users = self.env["res.users"].with_context(no_reset_password=True).create(values)
        by_login = {user.login: user for user in users}
        for login in sample.LEFT_THE_COMPANY:
            by_login[login].active = False
        return by_login

    def _read_face(self, name):
        with file_open(f"base/static/img/res_partner_{name}.jpg", "rb") as file:
            return base64.b64encode(file.read())

    def _create_campaigns(self, users):
        levels = {level.code: level for level in self.env["lead.distribution.level"].search([])}
        status = {s.code: s for s in self.env["crm.lead.status"].search([])}
        teams = {name: self.env["crm.team"].create({"name": name, "use_leads": True}) for name in ("Voice", "Apple")}
        campaigns = self.env["lead.distribution.campaign"]
        for name in ("Voice", "Apple"):
            members = [
                Command.create(
                    {
                        "user_id": users[login].id,
                        "active": active,
                        "team_id": teams[name].id,
                        "level_id": levels[level].id,
                        "has_own_target": True,
                        "own_target": target,
                    }
                )
                for login, campaign, active, level, target in sample.MEMBERS
                if campaign == name
            ]
            campaigns += campaigns.create(
                {
                    **self._prepare_pools(name, status),
                    **self._prepare_filters(name),
                    **(self._prepare_dropback(users, status) if name == "Voice" else {}),
                    "use_sales_filter": True,
                    "name": name,
                    "description": sample.CAMPAIGNS[name],
                    "color": 4 if name == "Voice" else 9,
                    "tz": sample.ZONE,
                    "user_id": self.env.ref("base.user_admin").id,
                    "team_id": teams[name].id,
                    "status_reset_id": status["new"].id,
                    "frequency": "daily" if name == "Voice" else "manual",
                    "member_ids": members,
                    "protected_user_ids": [Command.set([users["marc_spiegel"].id])],
                }
            )
        self._keep_marked_leads_out(campaigns)
        return campaigns

    def _keep_marked_leads_out(self, campaigns):
        """Nobody receives what is tagged as not to be distributed."""
        for row in campaigns.dnc_filter_ids.filtered(lambda row: row.field_id.name == "tag_ids"):
            row.values_text = f"{row.values_text}\n{sample.NOT_FOR_ANYBODY}"

    def _prepare_pools(self, name, status):
        """New leads of nobody; of Voice also those whose callers got no further, and those of people who left."""
        unassigned = {"holder": "unassigned", "status_ids": [Command.link(status["new"].id)]}
        if name != "Voice":
            return {"pool_ids": [Command.create(unassigned)]}
        working = [status[code].id for code in ("utr", "call_back")]
        left = [*working, status["full_pitch_follow_up"].id, status["new"].id]
        pools = [
            {**unassigned, "sequence": 1},
            {"holder": "active_member", "status_ids": [Command.set(working)], "sequence": 2},
            {"holder": "inactive_member", "status_ids": [Command.set(left)], "sequence": 3},
        ]
        return {"pool_ids": [Command.create(pool) for pool in pools]}

    def _prepare_filters(self, name):
        """Voice takes all sources but those of Apple; Apple takes only these."""
        row = {
            "field_id": self.env["ir.model.fields"]._get("crm.lead", "source_id").id,
            "kind": "exclude" if name == "Voice" else "include",
            "mode": "wildcard",
            "values_text": "*apple*",
        }
        return {"filter_ids": [Command.create(row)]}

    def _prepare_dropback(self, users, status):
        rules = [
            Command.create(
                {
                    "name": name,
                    "patterns_text": pattern,
                    "user_id": users[login].id,
                    "is_default": not pattern,
                }
            )
            for name, pattern, login in sample.DROPBACK_RULES
        ]
        return {
            "use_dropback": True,
            "dropback_threshold_ids": [Command.create({"days": sample.DROPBACK_DAYS})],
            "dropback_rule_ids": rules,
            "dropback_status_id": status["dropback"].id,
            "dropback_exclude_status_ids": [Command.set([status["won"].id])],
            "dropback_user_ids": [Command.set([users[r[2]].id for r in sample.DROPBACK_RULES])],
        }

    def _create_leads(self, users):
        today = self._get_today()
        rows = sample.make_leads()
        created = self._create_rows(rows, users, today)
        self._create_activities(created, rows, users, today)
        # who has them had them before there was this addon: nobody gave them by hand
        self.env["lead.distribution.by.hand"].search([("lead_id", "in", created.ids)]).unlink()
        # leads are as old as they say, so that there are fresh, urgent and stale ones
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE crm_lead SET create_date = source_date WHERE id = ANY(%s)", created.ids))
        created.invalidate_recordset(["create_date"])

    def _get_today(self):
        """Return the day it is for the campaigns, wherever the sample is made."""
        return fields.Date.context_today(self.with_context(tz=sample.ZONE))

    def _create_rows(self, rows, users, today):
        """Create leads from sample values; return them."""
        records = self._get_referenced_records(users)
        leads = self.env["crm.lead"].with_context(tracking_disable=True, mail_create_nosubscribe=True)
        return leads.create([self._prepare_lead(row, records, today) for row in rows])

    def _get_referenced_records(self, users):
        countries = self.env["res.country"].search([("code", "in", list(sample.PLACES))])
        return {
            "users": users,
            "status": {s.code: s.id for s in self.env["crm.lead.status"].search([])},
            "sources": self._get_named("utm.source", "name", sample.SOURCES),
            "utm": self._get_named("utm.campaign", "title", sample.MARKETING_CAMPAIGNS),
            "tags": self._get_named("crm.tag", "name", sample.TAGS),
            "countries": {country.code: country.id for country in countries},
        }

    def _get_named(self, model, field, names):
        """Return {name: id} of records; those that do not exist are created."""
        records = self.env[model].search([(field, "in", names)])
        known = {record[field]: record.id for record in records}
        missing = [name for name in names if name not in known]
        created = self.env[model].create([{field: name} for name in missing])
        return {**known, **dict(zip(missing, created.ids, strict=True))}

    def _prepare_lead(self, row, records, today):
        holder = records["users"].get(row["holder"])
        holder_id = holder.id if holder else False
        partner = row["is_customer"] and self._get_customer(row["company"])
        return {
            "name": row["title"],
            "contact_name": row["contact"],
            "partner_name": row["company"],
            "email_from": row["email"],
            "phone": row["phone"],
            "city": row["city"],
            "country_id": records["countries"].get(row["country"]),
            "type": row["type"],
            "partner_id": partner.id if partner else False,
            "user_id": holder_id,
            "open_user_id": holder_id,
            "closer_id": holder_id,
            "team_id": False,
            "lead_status_id": records["status"][row["status"]],
            "source_id": records["sources"].get(row["source"]),
            "campaign_id": records["utm"].get(row["marketing_campaign"]),
            "tag_ids": [Command.set([records["tags"][tag] for tag in row["tags"]])],
            "priority": row["priority"],
            "source_date": today - timedelta(days=row["age"]),
        }

    def _get_customer(self, name):
        partners = self.env["res.partner"]
        found = partners.search([("name", "=", name), ("is_company", "=", True)], limit=1)
        return found or partners.create({"name": name, "is_company": True})

    def _create_activities(self, leads, rows, users, today):
        call = self.env.ref("mail.mail_activity_data_call")
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                    "res_id": lead.id,
                    "activity_type_id": call.id,
                    "user_id": users[row["holder"]].id,
                    "date_deadline": today + timedelta(days=row["activity"]),
                }
                for lead, row in zip(leads, rows, strict=True)
                if row["activity"] is not None
            ]
        )
