from .codec import Codec

FILTERING = "salesperson_selection.campaign_filtering"
FILTERS = "salesperson_selection.filters"
EXPERIENCE = {"junior": "1", "mid_level": "2", "senior": "3"}


class SelectionCodec(Codec):
    """Which of the members receive leads."""

    def load(self, values):
        filters, filtering = self.get(FILTERS, {}), get_filtering(self.get)
        path = f"{FILTERING}.exclude_specific_users"
        excluded = self.context.find_users(filtering.get("exclude_specific_users", []), path)
        include = filtering.get("include_inactive_salespeople", False) and not filters.get("active_only", True)
        minimum, workload = filters.get("min_experience_level"), filters.get("max_workload_percentage")
        if filters.get("has_permissions") is False:
            text = self._("In Odoo, people always need the right to leads.")
            self.context.tell(f"{FILTERS}.has_permissions", text)
        return {
            "include_inactive": include,
            "excluded_receiver_ids": excluded.ids,
            "min_experience": EXPERIENCE.get(minimum, str(minimum)) if minimum else False,
            "use_max_workload": workload is not None,
            "max_workload": 90.0 if workload is None else workload,
            **self._load_team(filters.get("team_filter")),
        }

    def _load_team(self, name):
        """A team that exists is a record; another one is compared by its name."""
        if not name:
            return {"team_filter_id": False, "team_filter_name": False}
        team = self.context.find_team(name, f"{FILTERS}.team_filter", written=False)
        return {"team_filter_id": team.id, "team_filter_name": False if team else name}

    @staticmethod
    def dump(campaign, names):
        excluded = [name for user, name in names.items() if user in campaign.excluded_receiver_ids]
        return {
            f"{FILTERING}.enabled": True,
            f"{FILTERING}.include_inactive_salespeople": campaign.include_inactive,
            f"{FILTERING}.exclude_specific_users": excluded,
            f"{FILTERS}.active_only": not campaign.include_inactive,
            f"{FILTERS}.min_experience_level": int(campaign.min_experience) if campaign.min_experience else None,
            f"{FILTERS}.max_workload_percentage": campaign.max_workload if campaign.use_max_workload else None,
            f"{FILTERS}.team_filter": campaign.team_filter_id.name or campaign.team_filter_name or None,
        }


def get_filtering(get):
    """Return the block of campaign filtering; switched off, it is as if it were not there."""
    filtering = get(FILTERING, {})
    return {} if filtering.get("enabled") is False else filtering
