"""All cases of the corpus, by reader."""

from . import old_workbooks, open_documents, texts, workbooks  # noqa: F401  (they put their cases there)
from .case import CASES

FILES = ("xlsx", "xls", "ods", "csv")  # readers of files of leads

__all__ = ["CASES", "FILES"]
