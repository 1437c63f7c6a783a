from . import lead_distribution_campaign
