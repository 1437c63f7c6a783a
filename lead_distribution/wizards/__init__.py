from . import crm_lead_distribute
