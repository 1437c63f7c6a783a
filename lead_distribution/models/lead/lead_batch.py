from odoo import api, models
from odoo.tools import SQL

from ...work.inside import NO, get_inside

ODOO_STAGES = "odoo.addons.crm.models.crm_lead"  # where Odoo says which stage a lead has


class CrmLead(models.Model):
    """What Odoo does in ``write`` lead by lead, done for the whole batch of a run.

    Under the context key ``lead_distribution_batch``: salespeople follow their leads with two
    statements instead of a record each, who follows a team is read once instead of once a person,
    and leads that are alike in what a check of companies looks at are checked once. Together that
    was more than a third of a run (docs/performance.md); the outcome is the same.
    """

    _inherit = "crm.lead"

    def _get_unaffected_fields(self, values):
        """Return the computed fields that are not to be computed when ``values`` are written.

        A team that is not among them stays, with all that follows from it: Odoo would look for
        the new owner's, lead by lead. A holder that is among them need not be found out.
        """
        names = [name for name, given in (("team_id", False), ("holder_id", True)) if (name in values) == given]
        return [self._fields[name] for name in names]

    def _get_unaffected_by_team(self, teams):
        """Return what a change to one of the teams leaves as it is, for ``env.protecting``: list of (fields, leads).

        Odoo would find out lead by lead that a stage of all teams may stay, and that a team
        without properties of its own gives none to leads that have none.
        """
        self.flush_recordset(["lead_properties", "stage_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, coalesce(lead_properties, '{}') = '{}', stage_id IS NOT NULL AND NOT EXISTS "
                "(SELECT FROM crm_stage_crm_team_rel r WHERE r.crm_stage_id = stage_id) "
                "FROM crm_lead WHERE id = ANY(%s)",
                self.ids,
            )
        )
        unaffected = []
        if not any(team.lead_properties_definition for team in teams.sudo()):
            unaffected.append(([self._fields["lead_properties"]], self.browse(row[0] for row in rows if row[1])))
        if type(self)._compute_stage_id.__module__ == ODOO_STAGES:  # other addons may have other rules
            unaffected.append(([self._fields["stage_id"]], self.browse(row[0] for row in rows if row[2])))
        return unaffected

    def _check_company(self, fnames=None):
        if not get_inside(self.env, "lead_distribution_batch"):
            return super()._check_company(fnames)
        # what a batch has just written is the same on all leads
        names = self._fields if fnames is None or "company_id" in fnames else ()
        checked = [name for name in names if self._fields[name].relational and self._fields[name].check_company]
        alike = {}
        for lead in self:
            alike.setdefault((lead.company_id.id, *(tuple(lead[name].ids) for name in checked)), lead.id)
        return super(CrmLead, self.browse(alike.values()))._check_company(fnames)

    def _message_auto_subscribe(self, updated_values, followers_existing_policy="skip"):
        if get_inside(self.env, "lead_distribution_batch"):
            return True  # _subscribe_as_written does it for the batch
        return super()._message_auto_subscribe(updated_values, followers_existing_policy)

    @api.model
    def _subscribe_as_written(self, written):
        """Let teams' followers and salespeople follow their leads; who follows already keeps what they chose.

        :param written: list of (values, leads that they were written on)
        """
        _children, default_ids, _internal, _parent, relations = self.env[
            "mail.message.subtype"
        ]._get_auto_subscription_subtypes(self._name)
        self._subscribe_to_relations(written, {name for names in relations.values() for name in names})
        lead_ids, partner_ids, subtypes_of = [], [], {}
        for values, leads in written:
            # who follows because of a salesperson is Odoo's, and other addons', to say
            for partner_id, subtype_ids, _template in leads._message_auto_subscribe_followers(values, default_ids):
                subtypes_of[partner_id] = subtype_ids or default_ids
                lead_ids += leads.ids
                partner_ids += [partner_id] * len(leads)
        if lead_ids:
            self._insert_followers(lead_ids, partner_ids, subtypes_of)

    @api.model
    def _subscribe_to_relations(self, written, names):
        """Let those who follow a team, say, follow the leads it got: once for each team, not for each person."""
        ids_of = {}
        for values, leads in written:
            related = frozenset((name, values[name]) for name in names if values.get(name))
            if related:
                ids_of.setdefault(related, []).extend(leads.ids)
        for related, lead_ids in ids_of.items():
            leads = self.browse(lead_ids).with_context(lead_distribution_batch=NO)
            leads._message_auto_subscribe(dict(related))

    @api.model
    def _insert_followers(self, lead_ids, partner_ids, subtypes_of):
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO mail_followers (res_model, res_id, partner_id) "
                "SELECT %s, * FROM unnest(%s, %s) ON CONFLICT DO NOTHING RETURNING id, partner_id",
                self._name,
                lead_ids,
                partner_ids,
            )
        )
        links = [(follower, subtype) for follower, partner in rows for subtype in subtypes_of[partner]]
        if links:
            self.env.execute_query(
                SQL(
                    "INSERT INTO mail_followers_mail_message_subtype_rel (mail_followers_id, mail_message_subtype_id) "
                    "SELECT * FROM unnest(%s, %s) RETURNING 1",
                    *map(list, zip(*links, strict=True)),
                )
            )
        self.browse(lead_ids).invalidate_recordset(["message_follower_ids", "message_partner_ids"])
