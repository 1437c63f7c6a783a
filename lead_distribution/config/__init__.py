"""Configurations as text: read, check, and turn into the values of a campaign.

``reader`` turns text into plain data with line numbers, ``schema_*`` say which keys there
are, ``check`` compares the two, ``map_*`` turn what is right into values of records, and
``dump*`` go the other way. Only ``map_*`` and ``dump*`` know Odoo.
"""
