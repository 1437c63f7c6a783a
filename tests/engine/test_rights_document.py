import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dev"))
import rights_document


def test_the_document_of_rights_is_written_from_the_table():
    written = rights_document.write_document(rights_document.read_rows())
    assert rights_document.DOCUMENT.read_text(encoding="utf-8") == written, "run “python3 dev/rights_document.py”"
