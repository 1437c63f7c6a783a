from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...engine.zones import pick_zone
from ...following.cover_changes import SETTINGS, describe_covers, end_covers, find_covers, settle, wake
from ...live.pause import note_presence
from ...names import MANAGERS
from ...tools.clock import format_moment
from ...tools.days import get_end_of_day
from ...tools.fit import find_unfit


class LeadDistributionAbsence(models.Model):
    """A time in which a person receives nothing.

    Absences may overlap: a half day off within a week of fairs is no mistake. It is told.
    """

    _name = "lead.distribution.absence"
    _description = "Absence"
    _inherit = ["lead.distribution.typed", "lead.distribution.guard"]
    _written_by_code = frozenset(("cover_state", "cover_run_ids"))
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        index=True,
    )
    date_from = fields.Datetime(required=True, string="Away from", default=lambda self: self._default_date_from())
    date_to = fields.Datetime(
        required=True,
        string="Away until",
        default=lambda self: self._default_date_to(),
        help="The end of the day at first; a part of a day is an absence, too.",
    )
    reason = fields.Char()
    cover = fields.Selection(
        [("none", "Nobody"), ("user", "One person"), ("campaign", "Shared by the campaign")],
        default="none",
        required=True,
        string="Who takes over meanwhile",
    )
    cover_user_id = fields.Many2one("res.users", string="Taken over by", domain="[('share', '=', False)]")
    cover_state = fields.Selection(
        [("waiting", "Not begun"), ("covered", "With others"), ("returned", "Came back")],
        readonly=True,
        copy=False,
        string="Cover",
        help="Empty: nobody takes over.",
    )
    cover_run_ids = fields.One2many(
        "lead.distribution.run", "absence_id", string="Runs of the cover", readonly=True, groups=MANAGERS
    )
    own_hours = fields.Char(
        compute="_compute_own_hours",
        string="There it is",
        help="The same in the time zone of the person, if that is another than yours.",
    )
    overlaps = fields.Char(compute="_compute_overlaps", string="Overlaps with")
    is_over = fields.Boolean(compute="_compute_is_over", string="Ended")

    _ends_after_start = models.Constraint("CHECK (date_to > date_from)", "An absence ends after it begins.")
    _user_dates_idx = models.Index("(user_id, date_to)")

    @api.model
    def _default_date_from(self):
        """Return this minute: seconds are nothing one enters."""
        return fields.Datetime.now().replace(second=0)

    @api.model
    def _default_date_to(self):
        """Return the end of today, as the person who enters it has it."""
        return get_end_of_day(pick_zone(self.env.user.tz, "UTC"))

    @api.depends("user_id.name", "reason")
    def _compute_display_name(self):
        for absence in self:
            parts = (absence.user_id.name, absence.reason)
            absence.display_name = ": ".join(filter(None, parts)) or self.env._("Absence")

    @api.depends("user_id.tz", "date_from", "date_to")
    @api.depends_context("uid", "lang", "tz")
    def _compute_own_hours(self):
        mine = self.env.context.get("tz") or self.env.user.tz
        for absence in self:
            zone = pick_zone(absence.user_id.tz, mine or "UTC")
            dates = (absence.date_from, absence.date_to)
            is_other = all(dates) and zone != pick_zone(mine, "UTC")
            absence.own_hours = is_other and " – ".join(format_moment(self.env, moment, zone) for moment in dates)

    @api.depends("user_id", "date_from", "date_to")
    @api.depends_context("lang", "tz")
    def _compute_overlaps(self):
        """One query for all; the form tells, and nobody is kept from saving."""
        known = [absence for absence in self if absence.user_id and absence.date_from and absence.date_to]
        others = self.browse()
        if known:
            others = self.search(
                Domain("user_id", "in", [absence.user_id.id for absence in known])
                & Domain("date_from", "<", max(absence.date_to for absence in known))
                & Domain("date_to", ">", min(absence.date_from for absence in known))
            )
        for absence in self:
            met = others.filtered(absence._overlaps_with) if absence in known else others.browse()
            absence.overlaps = ", ".join(absence._describe_dates(other) for other in met) or False

    @api.depends("date_to")
    def _compute_is_over(self):
        """Views ask for it: their own “now” is the clock on the wall, and moments are kept in UTC."""
        now = fields.Datetime.now()
        for absence in self:
            absence.is_over = bool(absence.date_to) and absence.date_to < now

    def _overlaps_with(self, other):
        same = other.id == self._origin.id or other.user_id != self.user_id._origin
        return not same and other.date_from < self.date_to and other.date_to > self.date_from

    def _describe_dates(self, other):
        zone = pick_zone(self.env.context.get("tz") or self.env.user.tz, "UTC")
        return " – ".join(format_moment(self.env, moment, zone) for moment in (other.date_from, other.date_to))

    @api.constrains("user_id")
    def _check_user(self):
        if self.user_id.filtered("share"):
            raise ValidationError(self.env._("Only people who work here can be absent, no portal users."))

    @api.constrains("cover", "cover_user_id", "user_id")
    def _check_cover(self):
        for absence in self:
            if absence.cover == "user" and not absence.cover_user_id:
                raise ValidationError(self.env._("Choose who takes over meanwhile."))
            if absence.cover_user_id == absence.user_id:
                raise ValidationError(self.env._("Nobody takes over from themselves."))
            absence._check_can_have_leads()

    def _check_can_have_leads(self):
        """Who takes over must be able to: another one is refused now, not when the absence begins."""
        absent = self.sudo()  # of people one need not see
        person = absent.cover_user_id
        if self.cover != "user" or not person:
            return
        if find_unfit(person, self.env["res.company"]) or not person.company_ids & absent.user_id.company_ids:
            raise ValidationError(
                self.env._("%(name)s has no access to the leads of %(absent)s: choose somebody else to take over.",
                           name=person.name, absent=absent.user_id.name)
            )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        absences = super().create(vals_list)
        settle(absences, {})
        note_presence(absences.user_id)
        return absences

    def write(self, vals):
        before, covers = self.user_id, describe_covers(self)
        result = super().write(vals)
        if "user_id" in vals:  # Odoo asks for the right to what was, not to what has become of it
            self.check_access("write")
        if not vals.keys().isdisjoint(SETTINGS):
            settle(self, covers)
        note_presence(before | self.user_id)
        return result

    def unlink(self):
        users, covers = self.user_id, find_covers(self)
        result = super().unlink()
        if end_covers(covers):
            wake(self.env)
        note_presence(users)
        return result
