"""Files, texts and requests made to do harm, each with what is to become of it; made by code, so that none lies about.

Neither Odoo nor the addon is needed here: the tests of the reader use it without them.
"""
