"""Sphinx's settings for ``make docs``: one site of all documents, by reader.

The source is the whole repository, so that links lead where they lead on the disk. Documents are plain Markdown without
directives: the order of the pages stands here.
"""

project = "Lead Distribution"
author = copyright = "The contributors of Lead Distribution"
language = "en"

START = "docs/index"
NAVIGATION = {  # reader → pages, in the order in which they are read
    "Start": ["README"],
    "Salesperson": ["docs/salesperson"],
    "Sales manager": [
        "docs/manager/index",
        "docs/manager/first-campaign",
        "docs/manager/people",
        "docs/manager/leads",
        "docs/manager/sharing",
        "docs/manager/limits",
        "docs/manager/availability",
        "docs/manager/live",
        "docs/manager/after-the-hand-out",
        "docs/manager/by-hand",
        "docs/manager/why",
        "docs/manager/put-back",
        "docs/manager/import",
        "docs/manager/experiments",
        "docs/manager/reports",
        "docs/manager/numbers",
    ],
    "Administrator": [
        "docs/administrator/index",
        "docs/administrator/install",
        "docs/administrator/schedule",
        "docs/administrator/command-line",
        "docs/administrator/configuration",
        "docs/administrator/configuration-keys",
        "docs/administrator/settings",
        "docs/administrator/live",
        "docs/administrator/scaling",
        "docs/administrator/monitoring",
        "docs/administrator/backup",
        "docs/administrator/update",
        "docs/administrator/data-protection",
        "docs/rights",
        "CHANGELOG",
    ],
    "Developer": [
        "docs/developer/how-it-works",
        "docs/developer/develop",
        "docs/developer/testing",
        "docs/developer/extend",
        "docs/developer/api",
        "docs/developer/readings",
        "docs/developer/experiments",
        "docs/developer/performance",
        "docs/developer/long-tests",
        "benchmarks/README",
        "docs/coverage",
    ],
}

TITLES = {  # where that of the page is too long, or says nothing here
    "README": "Try it, install it",
    "docs/salesperson": "What you see, what you do",
    "docs/manager/index": "What do you want to do?",
    "docs/manager/import": "Import a spreadsheet",
    "docs/manager/experiments": "Experiments",
    "docs/administrator/index": "Overview",
    "docs/administrator/scaling": "Millions of leads, many machines",
    "docs/rights": "Rights",
    "benchmarks/README": "How fast it is",
    "docs/developer/develop": "Work on it",
}

root_doc = START
include_patterns = ["README.md", "CHANGELOG.md", "docs/**.md", "benchmarks/README.md"]
exclude_patterns = [".*", "site", "dist", "lead_distribution*", "tests", "dev"]
extensions = ["myst_parser"]
myst_heading_anchors = 4
# what the tables of the documents and their pictures need; no raw HTML
myst_enable_extensions = []
# examples have “…” where something is left out
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = project
html_show_sphinx = False
html_copy_source = False
html_show_copyright = False
html_theme_options = {"navigation_with_keys": False}
html_css_files = ["site.css"]
html_static_path = ["static"]


def name_entry(page):
    return f"{TITLES[page]} </{page}>" if page in TITLES else f"/{page}"


def add_navigation(_app, name, source):
    """Give the start page the tree of all pages, which its text on a forge does without."""
    if name == START:
        source[0] += "".join(
            f"\n```{{toctree}}\n:hidden:\n:caption: {reader}\n\n" + "\n".join(map(name_entry, pages)) + "\n```\n"
            for reader, pages in NAVIGATION.items()
        )


def setup(app):
    app.connect("source-read", add_navigation)
