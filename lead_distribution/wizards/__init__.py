from . import crm_lead_distribute
from . import crm_lead_why_not
