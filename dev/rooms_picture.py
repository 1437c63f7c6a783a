"""Draw docs/images/rooms.svg from the floors of dev/rooms.py: ``python3 dev/rooms_picture.py``."""

from html import escape

from common import ROOT
from rooms import FLOORS

PICTURE = ROOT / "docs" / "images" / "rooms.svg"
WORDS = {
    "controllers": "routes",
    "cli": "odoo dailydist",
    "wizards": "forms",
    "terminal": "a run in a terminal",
    "demo": "sample data",
    "models": "the faces: fields, constraints, buttons, contract, hooks",
    "importing": "files become leads",
    "config": "a campaign as text",
    "live": "leads as they come",
    "following": "after the hand-out",
    "experiments": "two ways at once, and what came of each",
    "day": "runs that grow through the day",
    "applying": "makes a plan true, takes it back",
    "reporting": "figures, words, messages, reports",
    "planning": "who may receive, limits, facts; calls the engine, stores the plan",
    "finding": "which leads: steps, funnel, matching",
    "importing/spreadsheet": "reads files",
    "work": "batches, retrying, bisecting, measuring, archives",
    "tools": "small things of no subject",
    "engine": "decides; pure Python",
    "names": "words that several rooms share",
}
WIDTH, LEFT, HEIGHT, GAP = 860, 30, 44, 16
COLOURS = {"models": "#f2d7a0", "engine": "#bfe0c5", "names": "#dddddd"}


def draw():
    """Return the picture as SVG: the highest floor at the top, arrows between floors point at what may be imported."""
    parts, top = [], GAP
    for number, floor in enumerate(reversed(FLOORS)):
        width = (WIDTH - LEFT * 2 - GAP * (len(floor) - 1)) / len(floor)
        for place, room in enumerate(floor):
            parts += _draw_room(room, LEFT + place * (width + GAP), top, width)
        top += HEIGHT
        if number < len(FLOORS) - 1:
            middle = WIDTH / 2
            parts.append(f'<path d="M{middle:g} {top + 1} V{top + GAP - 4}" marker-end="url(#arrow)"/>')
        top += GAP
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" font-family="sans-serif" '
        'font-size="13" role="img" aria-label="The rooms of the addon, from the routes above to the words below; '
        'each may import from those below it">'
    )
    style = (
        f'<rect width="{WIDTH}" height="{top}" fill="#ffffff"/>'
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 L8 4 L0 8 z" fill="#555555"/></marker></defs>'
    )
    return "\n".join([head, style, '<g stroke="#555555" fill="none">', *parts, "</g>", "</svg>"]) + "\n"


def _draw_room(room, left, top, width):
    name = "names.py" if room == "names" else f"{room}/"
    middle = left + width / 2
    colour = COLOURS.get(room, "#d5e3f0")
    yield f'<rect x="{left:g}" y="{top}" width="{width:g}" height="{HEIGHT}" rx="5" fill="{colour}"/>'
    text = f'<text x="{middle:g}" text-anchor="middle" stroke="none" fill="#222222"'
    yield f'{text} y="{top + 18}" font-weight="bold">{escape(name)}</text>'
    yield f'{text} y="{top + 36}" font-size="12">{escape(WORDS[room])}</text>'


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
