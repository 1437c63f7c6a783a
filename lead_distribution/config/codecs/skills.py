from ..keys.sharing import RULES
from .codec import Codec

BLOCK = f"{RULES}.skill_matching"
ROWS = "odoo.skills"


class SkillsCodec(Codec):
    """Skills are tags of leads: two lists, of names and of weights, or blocks of ``odoo.skills``."""

    def load(self, values):
        block = self.get(BLOCK, {})
        names, weights = block.get("required_skills", []), block.get("skill_weights", [])
        if len(weights) > len(names):
            self.context.warn(f"{BLOCK}.skill_weights", self._("There are more weights than skills."))
        skills = {name: weights[n] if n < len(weights) else 1.0 for n, name in enumerate(names)}
        skills.update({row["tag"]: row.get("weight", 1.0) for row in self.get(ROWS, []) if row.get("tag")})
        if block.get("enabled") and not skills:
            self.context.warn(BLOCK, self._("No skill is named: every lead goes to anybody."), lasting=False)
        return {
            "use_skills": block.get("enabled", False),
            "skill_ids": [{"tag": name, "weight": weight} for name, weight in skills.items()],
        }

    @staticmethod
    def dump(campaign, names):
        if not campaign.skill_ids:
            return {}
        skills = campaign.skill_ids.sorted(lambda skill: (-skill.weight, skill.tag_id.name))
        return {
            f"{BLOCK}.enabled": campaign.use_skills,
            f"{BLOCK}.required_skills": [skill.tag_id.name for skill in skills],
            f"{BLOCK}.skill_weights": skills.mapped("weight"),
        }
