"""Which pictures the documents have: what is opened, by whom, what is clicked, how large. ``make pictures`` takes them.

A picture that no document shows, or one that is shown and not here, fails ``tests/engine/test_documents.py``.
"""

from dataclasses import dataclass

# the sample database is made in the morning, handed out at once, and looked at an hour later (UTC)
INSTALLED = "2026-11-18T07:00:00"
HANDED_OUT = "2026-11-18T08:10:00"
TAKEN = "2026-11-18T09:30:00"
ZONE = "Europe/Brussels"
LARGEST = 150 * 1024  # bytes

DESK = (1280, 800)
TALL = (1280, 1000)
PHONE = (390, 844)
TAB = ".o_notebook .nav-link"
DIALOG = ".modal .modal-content"


@dataclass(frozen=True)
class Picture:
    """One file below docs/images.

    :param path: of the page; {words in braces} are records, see ``find_records`` in test_pictures.py
    :param steps: a selector and a text: what is clicked, one after the other; with a third text: what is typed there
    :param ready: a selector, and a text in it: what has to be seen before the picture is taken
    :param scrolled: whether the page is scrolled until that is on top
    :param clip: a selector: what is on the picture; without, the whole window
    """

    name: str
    path: str
    ready: tuple = (".o_view_controller", "")
    steps: tuple = ()
    scrolled: bool = False
    clip: str = ""
    size: tuple = DESK
    login: str = "admin"


PICTURES = [
    Picture("dashboard", "/odoo/lead-distribution-dashboard", (".o_ld_dashboard canvas", ""), size=TALL),
    Picture("dashboard-phone", "/odoo/lead-distribution-dashboard", (".o_ld_dashboard", ""), size=PHONE),
    Picture("campaign", "/odoo/lead-distribution/{voice}", (".o_form_view", "People")),
    Picture("campaign-leads", "/odoo/lead-distribution/{voice}", steps=((TAB, "Leads"),), size=TALL),
    Picture(
        "campaign-new",
        "/odoo/lead-distribution",
        (".o_ld_start_people tr", ""),
        steps=((".o-kanban-button-new", ""), (".modal div[name=name] input", "", "Voice"), (".modal .o_ld_next", "")),
        clip=DIALOG,
    ),
    Picture("people", "/odoo/lead-distribution/{voice}", (TAB, "People"), scrolled=True),
    Picture(
        "deadlines",
        "/odoo/lead-distribution/{voice}",
        (TAB, "People"),
        steps=((TAB, "After the hand-out"),),
        scrolled=True,
    ),
    Picture("plan", "/odoo/lead-distribution-runs/{plan}", (".o_form_view", "")),
    Picture("run", "/odoo/lead-distribution-runs/{run}", (".o_form_view", ""), size=TALL),
    Picture(
        "revert",
        "/odoo/lead-distribution-runs/{run}",
        (DIALOG, ""),
        steps=(("button[name=action_ask_revert]", ""),),
        clip=DIALOG,
    ),
    Picture("why", "/odoo/crm/{lead}", (TAB, "Distribution"), steps=((TAB, "Distribution"),), scrolled=True),
    Picture(
        "why-not",
        "/odoo/crm/{lead}",
        (".modal .alert", ""),
        steps=((TAB, "Distribution"), ("button", "Why not this lead?")),
        clip=DIALOG,
    ),
    Picture(
        "compare",
        "/odoo/lead-distribution/{voice}",
        (".o_ld_comparison", ""),
        steps=(("button", "Compare strategies"), ("button.btn-primary", "Compare")),
        scrolled=True,
    ),
    Picture(
        "who-is-there", "/odoo/lead-distribution/{partners}", (".o_ld_there", ""), steps=(("button", "Who is there"),)
    ),
    Picture("waiting", "/odoo/waiting-leads", (".o_list_view", "")),
    Picture("import-result", "/odoo/lead-imports/{import}", (".o_form_view", "")),
    Picture("experiment", "/odoo/lead-experiments/{experiment}", (".o_form_view", ""), size=TALL),
    Picture("my-leads", "/odoo/my-leads", (".o_kanban_view", ""), size=PHONE, login="alice_smith"),
]
