from ...names import USUAL_TARGET
from ...tools.codes import normalize_level
from ..keys.sharing import LEVELS
from .codec import Codec

BLOCK = f"{LEVELS}.levels"
LAST_PRIORITY = 999


class LevelsCodec(Codec):
    """The campaign's own levels; what they do not say is as in the shared level of the same code."""

    def load(self, values):
        shared, rows = find_shared_levels(self.env), []
        for number, (code, level) in enumerate(self.get(BLOCK, {}).items(), 1):
            like = shared.get(normalize_level(code))
            rows.append(
                {
                    "code": normalize_level(code),
                    "name": level.get("name") or (like.name if like else make_title(code)),
                    "target_leads": level.get("target_leads", like.target_leads if like else USUAL_TARGET),
                    "priority": level.get("priority", like.priority if like else number),
                }
            )
        return {"level_ids": rows}

    @staticmethod
    def dump(campaign, names):
        levels = {
            level.code: {"name": level.name, "target_leads": level.target_leads, "priority": level.priority}
            for level in list_own_levels(campaign)
        }
        return {BLOCK: levels}


def list_own_levels(campaign):
    levels = campaign.with_context(active_test=False).level_ids
    return levels.sorted(lambda level: (level.priority, level.id))


def find_shared_levels(env):
    """Return {code as it is compared: level that all campaigns share}."""
    levels = env["lead.distribution.level"].search([("campaign_id", "=", False)])
    return {normalize_level(level.code): level for level in levels}


def make_title(code):
    return code.replace("_", " ").strip().capitalize()


def prepare_last_level(code, rows):
    """Return the row of a level that people have and no list names: it comes last."""
    last = max([LAST_PRIORITY, *(row["priority"] + 1 for row in rows)])
    return {"code": code, "name": make_title(code), "target_leads": USUAL_TARGET, "priority": last}
