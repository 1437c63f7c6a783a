from . import text_report
