from . import crm_lead_distribute
from . import crm_lead_why_not
from . import lead_distribution_config_load
from . import lead_distribution_config_text
from . import lead_distribution_line_up
from . import lead_distribution_compare
from . import lead_distribution_report_request
from . import lead_distribution_verification
