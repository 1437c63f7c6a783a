"""What is asked of leads to know a person again, as their indexes have it; of the table alias ``l``."""

from odoo.tools import SQL

# what an import compares; short, as an index takes no long texts. Odoo's own indexes of these columns
# are for parts of texts: PostgreSQL would take them for whole ones, too, and be a hundred times slower
EMAIL_KEY = SQL("left(l.email_normalized::text, 320)")
NAME_KEY = SQL("left(lower(l.contact_name || chr(10) || l.partner_name), 300)")
# and it would read all of Odoo's index of the leads that have a phone, as long as it has not looked how many of them an
# import has brought. With NULLIF it cannot tell that only those are asked for
PHONE_KEY = SQL(r"left(regexp_replace(nullif(l.phone::text, ''), '[^0-9+]', '', 'g'), 40)")
