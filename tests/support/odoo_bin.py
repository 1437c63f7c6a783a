"""Odoo's command line as a file: with workers, Odoo starts itself once more by the name of its program."""

from odoo.cli.command import main

main()
