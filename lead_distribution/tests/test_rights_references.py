from odoo.tests import tagged

from .rights_common import RightsCase


@tagged("post_install", "-at_install")
class TestPartsOfStartedImports(RightsCase):
    """An import that was started is what was done, with its columns, values, sheets, callers, and its file."""

    def setUp(self):
        super().setUp()
        [self.batch] = self.records["lead.import.batch"]
        self.manager_env = self.get_env(self.manager)

    def start(self):
        values = {"state": "done", "started_on": self.env.cr.now(), "counts": {"done": 1}, "step": "result"}
        self.batch.sudo().write(values)

    def each_change(self):
        """Yield the ways in which a manager may try to change a part: (words, call)."""
        part = {"batch_id": self.batch.id}
        changes = {
            "lead.import.column": ({"target": "email"}, {**part, "name": "Made up"}),
            "lead.import.value": ({"left_out": True}, {**part, "target": "status", "key": "made up"}),
            "lead.import.sheet": ({"name": "Another"}, {**part, "name": "Made up"}),
            "lead.import.caller": ({"ticked": False}, {**part, "user_id": self.bob.id}),
        }
        for name, (vals, new) in changes.items():
            records = self.records[name][0].with_env(self.manager_env)
            yield f"write {name}", lambda r=records, v=vals: r.write(v)
            yield f"create {name}", lambda r=records, v=new: r.create(v)
            yield f"unlink {name}", records.unlink

    def test_parts_of_an_import_are_changed_until_it_is_started(self):
        for expected in ("yes", "no"):
            for words, change in self.each_change():
                self.assertEqual(self.try_to(change), expected, words)
            self.start()

    def test_no_part_moves_into_a_started_import(self):
        draft = self.manager_env["lead.import.batch"].create({})
        column = self.manager_env["lead.import.column"].create({"batch_id": draft.id, "name": "Mine"})
        self.start()
        self.assertEqual(self.try_to(lambda: column.write({"batch_id": self.batch.id})), "no")

    def test_the_file_of_a_started_import_stays(self):
        values = {"name": "file", "res_model": self.batch._name, "res_field": "file", "res_id": self.batch.id}
        file = self.env["ir.attachment"].create({**values, "raw": b"a"}).with_env(self.manager_env)
        changes = (
            lambda: file.write({"raw": b"b"}), file.unlink, lambda: file.create({**values, "raw": b"c"}),
        )  # fmt: skip
        for expected in ("yes", "no"):
            self.assertEqual([self.try_to(change) for change in changes], [expected] * 3)
            self.start()
        self.assertEqual(file.raw, b"a")
