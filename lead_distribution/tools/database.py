from odoo.tools import SQL


def compile_nothing(env):
    """Keep PostgreSQL from compiling statements until the transaction ends.

    It compiles what it believes to be expensive, and statements on big tables look so even if
    they read a few rows of an index: at a million leads each look for the duplicates of 1,000
    rows took 2.9 s, of which 2.7 were spent on compiling.
    """
    env.cr.execute(SQL("SET LOCAL jit = off"))
