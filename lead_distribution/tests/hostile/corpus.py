"""All cases of the corpus, by reader."""

from . import archives, configurations, old_workbooks, open_documents, people, requests, texts, workbooks  # noqa: F401
from .case import CASES

FILES = ("xlsx", "xls", "ods", "csv")  # readers of files of leads
WORDS = {  # code of a refusal → what its message says
    "bomb": "unpack to far more",
    "broken": "is damaged",
    "columns": "Say which column",
    "empty": "is empty",
    "entities": "no spreadsheet program writes",
    "limit": "and was stopped",
    "long_cell": "millions of characters",
    "long_row": "more text than any row",
    "macros": "contains macros",
    "many_sheets": "more than 255 sheets",
    "memory": "of memory, and was stopped",
    "only_header": "no rows under the names",
    "password": "protected with a password",
    "quote": "is never closed",
    "quote_far": "is not closed for a very long time",
    "strict": "Strict Open XML",
    "time": "of processor time, and was stopped",
    "too_large": "larger than 50 MiB",
    "too_long": "more than 2000 rows",
    "too_wide": "more than 300 columns",
    "unknown": "This is no spreadsheet",
    "web_page": "This is a web page",
}
CODES = set(WORDS) - {"limit", "columns", "only_header"}  # what the reader itself can say

__all__ = ["CASES", "CODES", "FILES", "WORDS"]
