"""Who may what: the words that fields and models share. The whole table is ``security/rights.csv``."""

MANAGERS = "sales_team.group_sale_manager"
