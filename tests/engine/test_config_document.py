import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dev"))
import config_document


def test_the_document_of_configurations_has_the_keys_of_the_table():
    text = config_document.DOCUMENT.read_text(encoding="utf-8")
    assert config_document.write_document(text) == text, "run “python3 dev/config_document.py”"
