"""The blocks of the specification's configuration, as users would paste them; written anew, not copied."""

CSV = """salesperson_name,campaign_name,active,team,level,target_leads
Ann,Voice,true,Voice,senior,200
bob@test,Voice,true,Voice,mid_level,
Cem,Voice,false,Voice,junior,0
Dora,Apple,true,Apple,senior,200
"""
