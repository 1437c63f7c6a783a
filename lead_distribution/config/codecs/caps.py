from ..context import at
from .codec import Codec

ROWS = "odoo.caps"


class CapsCodec(Codec):
    """More limits a person: of everybody, or of one person."""

    def load(self, values):
        rows = [self._load_row(cap, at(ROWS, number)) for number, cap in enumerate(self.get(ROWS, []))]
        return {"cap_ids": [row for row in rows if row]}

    def _load_row(self, cap, path):
        user = self.context.find_users([cap["user"]], (*path, "user")) if cap.get("user") else None
        if cap.get("user") and not user:
            return None
        place = (*path, "measure")
        measure = self.context.pick_choice("lead.distribution.cap", "measure", cap.get("measure", "day"), place)
        return {
            "measure": measure or "day",
            "maximum": cap.get("maximum", 0),
            "only_campaign": cap.get("only_campaign", False),
            "user_id": user.id if user else False,
        }

    @staticmethod
    def dump(campaign, names):
        caps = [
            {
                "measure": cap.measure,
                "maximum": cap.maximum,
                "only_campaign": cap.only_campaign,
                **({"user": names[cap.user_id]} if cap.user_id else {}),
            }
            for cap in campaign.cap_ids.sorted("id")
        ]
        return {ROWS: caps}
