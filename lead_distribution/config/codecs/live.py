from ..keys.live import FALLBACK
from .codec import Codec

PERSON = f"{FALLBACK}.user"


class FallbackCodec(Codec):
    """Who gets the live leads that nobody can take: a person by name, without whom they wait."""

    def load(self, values):
        name = self.get(PERSON)
        user = self.context.find_users([name], PERSON)[:1] if name else self.env["res.users"]
        found = {"live_fallback_user_id": user.id}
        if self.get(f"{FALLBACK}.action") != "user":
            return found
        if not name:
            self.context.problem(PERSON, self._("Write who gets the leads that nobody can take."))
        elif not user:
            self.context.warn(PERSON, self._("Leads that nobody can take wait."))
            found["live_fallback"] = "wait"
        elif not user.active:
            self.context.tell_person(PERSON, self._("“%s” cannot log in: leads that nobody can take wait.", name))
        return found

    @staticmethod
    def dump(campaign, names):
        return {PERSON: names[campaign.live_fallback_user_id] if campaign.live_fallback_user_id else None}
