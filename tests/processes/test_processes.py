"""The processes of the tests beside this one are real ones, though they are forked off a loaded Odoo."""

import signal

TELL = """
import json, os, random
env.cr.execute("SELECT pg_backend_pid()")
print("RESULT " + json.dumps([os.getpid(), env.cr.fetchone()[0], random.random()]))
"""


def test_each_has_a_connection_and_chances_of_its_own(odoo):
    each = list(zip(*[odoo.run(TELL) for _time in range(3)], strict=True))
    assert [len(set(values)) for values in each] == [3, 3, 3]


def test_it_knows_what_the_one_before_has_written(odoo):
    write = "env['ir.config_parameter'].set_param('lead_distribution.test', value)\nenv.cr.commit()"
    read = "import json\nprint('RESULT ' + json.dumps(env['ir.config_parameter'].get_param('lead_distribution.test')))"
    for value in ("first", "second"):
        odoo.run(write, value=value)
        assert odoo.run(read) == value


def test_what_it_replaces_is_gone_with_it(odoo):
    odoo.run("from odoo.addons.lead_distribution.applying import applier\napplier.BATCH_SIZE = 7")
    look = "from odoo.addons.lead_distribution.applying import applier\nprint(f'RESULT {applier.BATCH_SIZE}')"
    assert odoo.run(look) != 7


def test_an_error_is_told_and_ends_it(odoo):
    process = odoo.start("print('RESULT 1')\nraise ValueError('so be it')")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "RESULT 1\n")
    assert err.startswith("Traceback")
    assert err.endswith("ValueError: so be it\n")


def test_killed_it_has_written_nothing_that_was_not_committed(odoo):
    script = "env['res.partner'].create({'name': 'never there'})\nenv.flush_all()\nimport os\nos.kill(os.getpid(), 9)"
    odoo.finish(odoo.start(script), code=-signal.SIGKILL)
    assert odoo.value("SELECT count(*) FROM res_partner WHERE name = 'never there'") == 0
