# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
import json
import logging
from collections import Counter

from markupsafe import Markup

from odoo import models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...tools.html_text import text_to_html

_logger = logging.getLogger(__name__)


class LeadDistributionCampaign(models.Model):
    _inherit = "lead.distribution.campaign"

    def _raise_activity(self, title, texts):
        """Put a to-do on the campaign for its responsible; one that is open already gets the new text.

        :return: whether there is somebody to do it
        """
        self.ensure_one()
        user = self._get_responsible()
        if not user:
            _logger.warning("Lead distribution: campaign %s has nobody who could read a to-do", self.id)
            return False
        note = text_to_html("\n".join(texts))
        kind = self.env.ref("mail.mail_activity_data_warning", raise_if_not_found=False)
        present = self.activity_ids.filtered(lambda a: a.summary == title and a.user_id == user)[:1]
        if present:
            present.write({"note": note, "date_deadline": self._get_today()})
        else:
            self.activity_schedule(
                activity_type_id=kind.id if kind else False, date_deadline=self._get_today(),
                summary=title, note=note, user_id=user.id,
            )  # fmt: skip
        return True


class LeadDistributionRun(models.Model):
    """Who hears of a run: one message a person, a digest and, of failures, a to-do.

    Everything is written for all people at once: the messages, their notifications and
    the e-mails with one ``create`` each, whatever the number of people.
    """

    _inherit = "lead.distribution.run"

    def _tell(self, method):
        """Telling people must never cost the run: an error is logged, and the run stays done."""
        self.env.flush_all()  # what is refused of the run itself is no error of the telling
        try:
            with self.env.cr.savepoint():
                getattr(self, method)()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # whoever closes the run does it once more
        except Exception:
            _logger.exception("Lead distribution: telling people of run %s failed", self.id)

    def _notify_failure(self):
        title = self.env._("Lead distribution failed")
        if not self.campaign_id._raise_activity(title, [self.name, self.error or ""]):
            self._warn_of_silence()

    def _warn_of_silence(self):
        """Say on the run that nobody hears of it."""
        self._add_warning(
            self.env._("Nobody hears of this run: the campaign has no responsible who can log in, and its company "
                       "no sales manager.")
        )  # fmt: skip

    def _add_warning(self, text):
        if text not in (self.warnings or []):
            self.warnings = [*(self.warnings or []), text]

    def _notify_dropback_failure(self):
        title = self.env._("Leads could not be dropped back")
        self.campaign_id._raise_activity(title, [self.name, (self.warnings or [""])[-1]])

    def _notify_people(self):
        """Tell everybody who got leads, and the responsible; who is both hears once."""
        kind = self.campaign_id.notify_salespeople
        letters = {} if kind == "none" else self._write_news()
        if self.campaign_id.notify_responsible and self._is_worth_telling():
            self._add_digest(letters)
        self._send_to_users([(user, *letter) for user, letter in letters.items()],
                            "preference" if kind == "none" else kind)  # fmt: skip

    def _add_digest(self, letters):
        """Add the message for the responsible to {user: (subject, body)}."""
        manager = self.campaign_id._get_responsible()
        if not manager:
            self._warn_of_silence()
            return
        subject, body = self.with_context(lang=manager.lang)._get_digest()
        own_subject, own_body = letters.get(manager, (subject, Markup("")))
        letters[manager] = (own_subject, own_body + body)

    def _write_news(self):
        """Return {user: (subject, body)} for everybody who got leads in this run, in their languages."""
        counts = Counter(self._count_rows("user_id"))
        counts.update(self._count_rows("user_id", kind="dropback"))
        users = self.env["res.users"].browse(counts).filtered("active")
        letters = {}
        for lang, group in users.grouped("lang").items():
            run = self.with_context(lang=lang)
            letters.update({user: run._get_news(counts[user.id]) for user in group})
        return letters

    def _is_worth_telling(self):
        """Whether leads moved, or what was left over or warned of differs from the run before.

        A campaign that runs every hour does not tell the same every hour.
        """
        if self.leads_done or self.leads_dropped_back:
            return True
        before = self.search(
            [("campaign_id", "=", self.campaign_id.id), ("id", "<", self.id), ("is_applied", "=", True)], limit=1
        )
        now = (self.left_over or {}, self.warnings or [])
        return any(now) and now != (before.left_over or {}, before.warnings or [])

    def _get_news(self, count):
        """Return (subject, body) of the message for one person."""
        _ = self.env._
        campaign = self.campaign_id.name
        if count == 1:
            subject = _("1 new lead from %s", campaign)
        else:
            subject = _("%(count)s new leads from %(campaign)s", count=count, campaign=campaign)
        body = Markup("<p>%s<br/><a href='%s'>%s</a></p>") % (subject, self._get_news_url(), _("Show these leads"))
        return subject, body

    def _get_news_url(self):
        """Return the address of the leads that the reader has got in this run."""
        return f"{self.get_base_url()}/odoo/{self.id}/my-new-leads"

    def _get_digest(self):
        """Return (subject, body) of the message for the responsible."""
        _ = self.env._
        subject = _("%(campaign)s: %(count)s of %(found)s leads handed out", campaign=self.campaign_id.name,
                    count=self.leads_distributed, found=self.leads_found)  # fmt: skip
        texts = [
            *(f"{count} × {self._describe_left_over(reason)}" for reason, count in (self.left_over or {}).items()),
            *(self.warnings or []),
        ]
        if self.leads_dropped_back:
            texts.insert(0, _("%s dropped back", self.leads_dropped_back))
        items = Markup("").join(Markup("<li>%s</li>") % text for text in texts)
        body = Markup("<p>%s</p><ul>%s</ul><p><a href='%s'>%s</a></p>") % (
            _("%(people)s people received leads, %(seconds)s seconds.", people=self.salespeople_received,
              seconds=self.execution_seconds),
            items, f"{self.get_base_url()}/odoo/lead-distribution-runs/{self.id}", self.name,
        )  # fmt: skip
        return subject, body

    def _send_to_users(self, letters, kind):
        """Send each user one message.

        :param letters: list of (user, subject, body)
        :param kind: ``inbox``: in Odoo for everybody; ``preference``: by e-mail for those who want it so and have
            an address
        """
        if not letters:
            return
        odoobot, campaign = self.env.ref("base.partner_root"), self.campaign_id
        subtype_id, sender = self.env.ref("mail.mt_note").id, odoobot.email_formatted
        messages = self.env["mail.message"].create(
            [
                {
                    "message_type": "user_notification",
                    "subtype_id": subtype_id,
                    "model": campaign._name,  # its chatter does not show messages of this type
                    "res_id": campaign.id,
                    "record_name": campaign.name,
                    "author_id": odoobot.id,
                    "email_from": sender,
                    "reply_to": sender,
                    "subject": subject,
                    "body": body,
                    "partner_ids": [(4, user.partner_id.id)],
                }
                for user, subject, body in letters
            ]
        )
        pairs = [
            (user, message, kind == "preference" and user.notification_type == "email" and bool(user.email))
            for (user, *_letter), message in zip(letters, messages, strict=True)
        ]
        mails = self._create_mails([message for _user, message, by_mail in pairs if by_mail])
        self.env["mail.notification"].create(
            [self._prepare_notification(user, message, mails.get(message)) for user, message, _by_mail in pairs]
        )
        self._push_messages(letters, pairs)

    def _create_mails(self, messages):
        """Create one e-mail a message, to be sent by Odoo's queue; return {message: mail}."""
        mails = self.env["mail.mail"].create(
            [
                {
                    "mail_message_id": message.id,
                    "body_html": message.body,
                    "recipient_ids": [(4, partner.id) for partner in message.partner_ids],
                    "auto_delete": True,
                    "is_notification": True,
                }
                for message in messages
            ]
        )
        return dict(zip(messages, mails, strict=True))

    def _prepare_notification(self, user, message, mail):
        values = {
            "author_id": message.author_id.id,
            "mail_message_id": message.id,
            "res_partner_id": user.partner_id.id,
            "notification_type": "email" if mail else "inbox",
            "notification_status": "ready" if mail else "sent",
        }
        return {**values, "mail_mail_id": mail.id, "is_read": True} if mail else values

    def _push_messages(self, letters, pairs):
        """Show the messages to those who have Odoo open, or its app on their phone."""
        campaign = self.campaign_id
        for user, subject, _body in letters:
            user._bus_send("simple_notification", {"type": "info", "message": subject})
        partners = [user.partner_id.id for user, *_rest in letters]
        devices, _private, _public = campaign._web_push_get_partners_parameters(partners)
        by_partner = devices.grouped("partner_id")
        payloads = {
            device: campaign._web_push_truncate_payload(campaign._notify_by_web_push_prepare_payload(message))
            for user, message, _by_mail in pairs
            for device in by_partner.get(user.partner_id, ())
        }
        if payloads:  # by Odoo's queue: a slow service must not hold up the run
            self.env["mail.push"].create(
                [
                    {"mail_push_device_id": device.id, "payload": json.dumps(payload)}
                    for device, payload in payloads.items()
                ]
            )
            self.env.ref("mail.ir_cron_web_push_notification")._trigger()
