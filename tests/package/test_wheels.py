"""What pip installs: whole, nothing else, and it works in an Odoo that has never seen the project's folder."""

import email
import json
import zipfile

import addon_pages
import package
import pytest

NEEDS = {  # what is no part of Odoo itself
    "lead_distribution": {"odoo"},
    "lead_distribution_queue_job": {"odoo", "odoo-addon-lead_distribution", "odoo-addon-queue_job"},
    "lead_distribution_privacy": {"odoo", "odoo-addon-lead_distribution"},
}
USE = """
import json
from odoo.tools import file_path
from odoo.tools.translate import code_translations, get_po_paths

group = env.ref("sales_team.group_sale_salesman")
people = env["res.users"].with_context(no_reset_password=True).create(
    [{"name": name, "login": name.lower(), "group_ids": [(4, group.id)]} for name in ("Ann", "Bob")])
leads = env["crm.lead"].create([{"name": f"Lead {n}", "type": "lead", "user_id": False} for n in range(10)])
campaign = env["lead.distribution.campaign"].create(
    {"name": "Voice", "use_window": False, "member_ids": [(0, 0, {"user_id": user.id}) for user in people]})
run = campaign.simulate()
nobody = leads.mapped("user_id")
run.action_apply()
env.cr.commit()
installed = env["ir.module.module"].search([("state", "=", "installed")])
module = installed.filtered(lambda each: each.name == "lead_distribution")
print("RESULT " + json.dumps({
    "versions": {each.name: each.latest_version for each in installed},
    "before": len(nobody),
    "state": run.state,
    "each": sorted(len(leads.filtered(lambda lead: lead.user_id == user)) for user in people),
    "file": file_path("lead_distribution/static/description/icon.png"),
    "icon": bool(module.icon_image),
    "page": module.description_html,
    "translations": sorted(path.rpartition("/")[2] for code in ("de_DE", "fr_FR", "es_ES", "nl_NL", "pt_BR")
                           for path in get_po_paths("lead_distribution", code)),
    "german": len(code_translations.get_python_translations("lead_distribution", "de_DE")),
}))
"""


def read_metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


def list_inside(wheel, addon):
    with zipfile.ZipFile(wheel) as archive:
        return {name.removeprefix(f"odoo/addons/{addon}/") for name in archive.namelist()}


@pytest.fixture(scope="module")
def used(bare_odoo):
    """What came of using the addon: the result of ``USE``."""
    out = bare_odoo.shell(USE)
    return json.loads(next(line for line in out.splitlines() if line.startswith("RESULT ")).removeprefix("RESULT "))


def test_a_wheel_has_all_that_the_manifest_names_and_nothing_of_the_project(wheels):
    for addon, wheel in wheels.items():
        assert not package.check(wheel, addon)


def test_what_is_missing_or_does_not_belong_into_a_wheel_is_found(tmp_path):
    wheel = tmp_path / "odd.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("odoo/addons/lead_distribution/__manifest__.py", "")
        archive.writestr("odoo/addons/lead_distribution/__pycache__/names.pyc", "")
        archive.writestr("dev/common.py", "")
    findings = package.check(wheel, "lead_distribution")
    assert "LICENSE is missing" in findings
    assert "dev/common.py does not belong there" in findings
    assert "__pycache__/names.pyc does not belong there" in findings


def test_code_pictures_scripts_and_translations_are_in_the_wheel(wheels):
    inside = list_inside(wheels["lead_distribution"], "lead_distribution")
    assert {"engine/planner.py", "static/openapi.json", "i18n/de.po", "data/configurations/basic.yaml"} <= inside
    assert any(name.startswith("static/src/") and name.endswith(".js") for name in inside)


def test_pip_is_told_name_version_licence_and_what_is_needed(wheels):
    for addon, wheel in wheels.items():
        metadata = read_metadata(wheel)
        assert metadata["Name"] == f"odoo-addon-{addon}"
        assert metadata["Version"] == package.read_manifest(addon)["version"]
        assert metadata["License"] == "LGPL-3"
        assert set(metadata.get_all("Requires-Dist")) == {f"{name}==19.0.*" for name in NEEDS[addon]}
        assert metadata["Description-Content-Type"] == "text/markdown"
        assert metadata.get_payload().strip()


def test_pages_of_the_apps_are_what_the_fragments_say(tmp_path):
    """As ``make readme`` writes them, to the last sign."""
    done = package.run_tool(addon_pages.__file__, "--check")
    assert not done.returncode, done.stdout


def test_a_campaign_hands_out_leads_where_only_the_wheel_is_installed(used):
    assert used["before"] == 0
    assert used["state"] == "done"
    assert used["each"] == [5, 5]


def test_the_addon_is_read_from_where_pip_has_put_it(used, bare_odoo):
    assert used["file"].startswith(str(bare_odoo.site))


def test_the_list_of_apps_has_icon_and_page_with_pictures(used):
    assert used["icon"]
    assert '/lead_distribution/static/description/run.png"' in used["page"]


def test_translations_are_found(used):
    assert used["translations"] == ["de.po", "es.po", "fr.po", "nl.po", "pt_BR.po"]
    assert used["german"] > 100


def test_the_command_works(bare_odoo, used):
    configuration = bare_odoo.folder / "voice.json"
    people = {"source_type": "file", "source_config": {"file_path": "people.txt"}}
    configuration.write_text(json.dumps({"campaign": {"name": "Apple"}, "salesperson_selection": people}))
    (bare_odoo.folder / "people.txt").write_text("ann|1|senior|20\nbob|2|senior|20\n")
    database = ["-c", bare_odoo.config, "-d", "lead_distribution_package_test"]
    out = bare_odoo.call("dailydist", *database, "--config", configuration, "--dry-run", "--json")
    assert json.loads(out[out.index("{") :])["campaign"] == "Apple"


def test_glue_installs_itself_beside_the_addons_of_others(used):
    for addon in package.ALL:
        assert used["versions"][addon] == package.read_manifest(addon)["version"]
