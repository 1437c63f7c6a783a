"""The check of the rooms finds what breaks the law of the house, and nothing else."""

import ast
import doctest
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dev"))
import rooms
import rooms_picture
import structure

CAMPAIGN = """
class Campaign(models.Model):
    _name = "lead.distribution.campaign"

    def _get_steps(self):
        return []
"""


def find(folder, **files):
    """Return (file and line, what is wrong) for an addon of these files; in a name, ``__`` stands for ``/``."""
    addon = folder / "house"
    for name, text in files.items():
        path = addon / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return [(f"{offence.file}:{offence.line}", offence.text) for offence in rooms.find_offences(addon)]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("finding__steps", "from ..planning import people"),
        ("finding__steps", "from ..planning.people import choose"),
        ("finding__deep__steps", "from ...planning.people import choose"),
        ("finding__steps", "def find():\n    from ..models.campaign import campaign"),
        ("finding__steps", "from odoo.addons.house.planning.people import choose"),
        ("finding__steps", "import odoo.addons.house.planning.people"),
        ("finding__steps", "from odoo.addons.house import planning"),
        ("finding__steps", "from .. import planning"),
        ("tools__texts", "from ..work.batches import cut"),
        ("names", "from .tools import texts"),
        ("config__keys", "from ..wizards.load import FORMS"),
        ("importing__spreadsheet__ods", "from ..cleaning import clean"),
        ("importing__spreadsheet__ods", "from .. import cleaning"),
    ],
)
def test_a_room_does_not_import_from_above(tmp_path, file, text):
    [(place, said)] = find(tmp_path, **{file: text})
    assert place == f"house/{file.replace('__', '/')}.py:{text.count(chr(10)) + 1}"
    assert "stands above it" in said


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("applying__write", "from ..reporting.figures import count"),
        ("config__keys", "from ..importing import rows"),
        ("finding__steps", "from ..importing.spreadsheet import ods"),
        ("wizards__load", "from ..terminal.session import Session"),
    ],
)
def test_rooms_of_one_floor_do_not_import_each_other(tmp_path, file, text):
    [(_place, said)] = find(tmp_path, **{file: text})
    assert "on its own floor" in said


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("planning__people", "from ..finding.candidates import Candidate\nfrom ..names import STATES"),
        ("planning__people", "from .limits import count"),
        ("importing__chunk", "from .spreadsheet import ods\nfrom ..applying.locks import lock"),
        ("models__campaign__campaign", "from ...planning.people import choose"),
        ("models__campaign__campaign", "from ..lead.lead import CODES"),
        ("hooks", "from .models.lead.lead import CODES"),
        (
            "engine__optimal",
            "import math\nfrom .data import Lead",
        ),
        ("tests__test_plan", "from ..models import campaign"),
    ],
)
def test_what_is_below_is_there_to_be_used(tmp_path, file, text):
    assert find(tmp_path, **{file: text}) == []


@pytest.mark.parametrize("text", ["import odoo", "from odoo.fields import Domain", "from scipy import sparse"])
def test_the_engine_needs_nothing_but_python(tmp_path, text):
    [(place, said)] = find(tmp_path, engine__planner=text)
    assert place == "house/engine/planner.py:1"
    assert "nothing but Python" in said


def test_a_folder_without_a_place_in_the_house_is_told(tmp_path):
    [(_place, said)] = find(tmp_path, utils__texts="")
    assert "utils/ is no room" in said


@pytest.mark.parametrize(
    "head", ['_inherit = "{}"', '_inherit = ["{}"]', '_name = "{0}"\n    _inherit = ["{0}", "mail.thread"]']
)
def test_the_addon_does_not_override_its_own_methods(tmp_path, head):
    model = head.format("lead.distribution.campaign")
    again = (
        f"class Dropback(models.Model):\n    def _get_steps(self):\n        return super()._get_steps()\n    {model}\n"
    )
    found = find(tmp_path, models__campaign=CAMPAIGN, models__dropback=again)
    assert [place for place, _said in found] == ["house/models/dropback.py:2"]
    assert "lead.distribution.campaign._get_steps is in models/campaign.py already" in found[0][1]


def test_what_odoo_chains_anyway_may_be_in_several_files(tmp_path):
    again = CAMPAIGN.replace("_get_steps", "{}")
    assert find(tmp_path, models__a=again.format("write"), models__b=again.format("write")) == []
    assert len(find(tmp_path, models__a=again.format("action_run"), models__b=again.format("action_run"))) == 1


def test_methods_of_other_models_and_other_classes_may_have_the_same_name(tmp_path):
    pool = CAMPAIGN.replace("campaign", "pool")
    plain = "class Steps:\n    def _get_steps(self):\n        pass\n"
    assert find(tmp_path, models__campaign=CAMPAIGN, models__pool=pool, finding__steps=plain) == []


@pytest.mark.parametrize(
    "call", ["campaign._get_steps()", "campaign.sudo()._get_steps", 'getattr(campaign, "_get_steps")()']
)
def test_a_room_calls_no_private_method_of_a_record_it_was_given(tmp_path, call):
    [(place, said)] = find(
        tmp_path, models__campaign=CAMPAIGN, finding__find=f"def find(campaign):\n    return {call}\n"
    )
    assert place == "house/finding/find.py:2"
    assert "_get_steps is private to models/campaign.py" in said


@pytest.mark.parametrize(
    "text",
    [
        "def find(campaign):\n    return campaign._read_group([])\n",  # Odoo's
        "class Finder(Base):\n    def find(self):\n        return self._get_steps() + super()._get_steps()\n",
        "class Finder:\n    def _get_steps(self):\n        pass\n\ndef find(finder):\n    return finder._get_steps()\n",
    ],
)
def test_odoos_methods_and_those_of_the_file_itself_may_be_called(tmp_path, text):
    assert find(tmp_path, models__campaign=CAMPAIGN, finding__find=text) == []


def test_faces_may_ask_each_other(tmp_path):
    asks = "def explain(campaign):\n    return campaign._get_steps()\n"
    assert find(tmp_path, models__campaign=CAMPAIGN, wizards__why=asks) == []


@pytest.mark.parametrize(
    "text",
    [
        "from .words import _join",
        "from . import words\n\nwords._join()",
        "from odoo.addons.house.models.words import _join",
    ],
)
def test_private_functions_stay_in_their_file(tmp_path, text):
    found = find(tmp_path, models__words="def _join():\n    pass\n", models__lead=text)
    assert [place for place, _said in found] == [f"house/models/lead.py:{text.count(chr(10)) + 1}"]
    assert "_join is private to" in found[0][1]


def test_the_picture_shows_every_room_where_it_stands():
    assert set(rooms_picture.WORDS) == set(rooms.HEIGHT)
    drawn = rooms_picture.PICTURE.read_text(encoding="utf-8")
    assert drawn == rooms_picture.draw(), "run “python3 dev/rooms_picture.py”"


def test_the_examples_of_the_check_are_true():
    assert doctest.testmod(rooms) == (0, 1)


def test_what_is_found_is_told_and_fails(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(rooms, "ROOT", tmp_path)
    find(tmp_path, models__campaign=CAMPAIGN, finding__find="def find(campaign):\n    return campaign._get_steps()\n")
    assert rooms.check(["house"]) == 1
    assert "house/finding/find.py:2: _get_steps is private to" in capsys.readouterr().out
    find(tmp_path, finding__find="")
    assert rooms.check(["house"]) == 0


def test_the_check_of_rights_looks_at_models_with_records_of_their_own():
    text = """
class Own(models.Model):
    _name = "house.own"
    _inherit = ["mail.thread"]

class Form(models.TransientModel):
    _name = "house.form"

class Lead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "house.guard"]

class Guard(models.AbstractModel):
    _name = "house.guard"

class More(models.Model):
    _inherit = "house.own"
"""
    assert list(structure._list_new_models(ast.parse(text))) == ["house.own", "house.form"]
