"""What ``odoo dailydist`` does in a database. Prints; decides nothing about leads."""
