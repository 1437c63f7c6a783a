"""Changes good and hostile files, texts, values and requests by chance, as an attacker's program would.

Everything is drawn from the random generator that is handed in: the same one gives the same case.
"""

import io
import json
import re
import zipfile

from .case import CASES
from .workbooks import pack

LARGEST = 60_000  # bytes of a file that is changed; larger ones are slow, and change no more
TEXTS = (
    "", " ", "\0", "\ud800", "\u202e", "\u200b", "\ufeff", "²", "٣", "-1", "0", "1e999", "NaN", "-0.0", "9" * 30, "9" * 5_000,
    "true", "null", "~", "=1+1", "%s", "%", "{{7*7}}", "<t t-out='1'/>", "<script>", "'; DROP TABLE x; --", "../../etc/passwd",
    "\\", '"', "'", "\n", "\r\n", ",", ";", "\t", "|", "(" * 30, "[", "*", "${HOME}", "!!python/name:os", "&a", "*a", "<<",
    "x" * 300, "x" * 5_000, "2026-02-31", "0000-00-00", "31/12/9999", "25:61", "http://[::1", "a@b", "+49 30 1", "Ann", "Voice",
)  # fmt: skip
VALUES = (
    None, True, False, 0, -1, 1, 7, 2**31, 2**63, -(2**63), 10**30, 0.0, -0.0, 1.5, 1e308, [], {}, [[]], [None], {"": None},
    {"a": {"b": {}}}, [1, "a", None], "",
)  # fmt: skip
NUMBERS = re.compile(rb"\d+")
XML_BITS = (
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#0;", b"&#xD800;", b"]]>", b"<![CDATA[", b"<a>" * 50, b"</row>", b"<", b">",
    b"\x00", b"\xff", b'r="1"', b'r="A1048577"', b't="s"', b't="d"', b't="b"', b's="9"', b"xmlns=''", b"<!--", b"<?x", b"<c/>",
)  # fmt: skip


def change_bytes(draw, data, other=b""):
    """Return bytes with some of them flipped, cut out, repeated, or taken from elsewhere."""
    data = bytearray(data)
    for _time in range(draw.choice((1, 1, 2, 4, 16))):
        place, length = draw.randrange(len(data) + 1), draw.choice((1, 2, 4, 8, 64, 512))
        match draw.randrange(7):
            case 0 if data:
                data[place % len(data)] ^= 1 << draw.randrange(8)
            case 1:
                del data[place:]
            case 2:
                del data[place : place + length]
            case 3:
                data[place:place] = data[place : place + length] * draw.choice((1, 2, 50))
            case 4:
                data[place : place + length] = draw.randbytes(length)
            case 5:
                start = draw.randrange(len(other) + 1)
                data[place : place + length] = other[start : start + length]
            case 6:
                data[place : place + 4] = draw.choice(
                    (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\x80")
                )
    return bytes(data)


def change_text(draw, data):
    """Return bytes of a text with odd texts put in, numbers changed, or lines and cells in other places."""
    for _time in range(draw.choice((1, 1, 2, 4))):
        place = draw.randrange(len(data) + 1)
        match draw.randrange(4):
            case 0:
                data = data[:place] + draw.choice(TEXTS).encode("utf-8", "surrogatepass") + data[place:]
            case 1:
                number = draw.choice((b"0", b"-1", b"1", b"99999", b"2147483648", b"9" * 40, b"1e5"))
                data = _replace_one(draw, NUMBERS, data, number)
            case 2:
                lines = data.split(b"\n")
                draw.shuffle(lines)
                data = b"\n".join(lines)
            case 3:
                data = data[:place] + data[place : place + 200] * draw.choice((2, 20)) + data[place:]
    return data


def change_xml(draw, data):
    """Return XML with its elements, attributes and texts changed, mostly still in good form."""
    for _time in range(draw.choice((1, 1, 2, 4))):
        tags = [match.span() for match in re.finditer(rb"<[^>]*>", data)]
        if not tags:
            return change_bytes(draw, data)
        start, end = draw.choice(tags)
        match draw.randrange(6):
            case 0:
                data = data[:start] + data[end:]
            case 1:
                data = data[:end] + data[start:end] * draw.choice((1, 3, 200)) + data[end:]
            case 2:
                number = draw.choice((b"0", b"-1", b"1048577", b"2147483648", b"9" * 40, b"x", b""))
                data = data[:start] + _replace_one(draw, NUMBERS, data[start:end], number) + data[end:]
            case 3:
                data = data[:end] + draw.choice(XML_BITS) + data[end:]
            case 4:
                to, _end = draw.choice(tags)
                data = data[:to] + data[start:end] + data[to:]
            case 5:
                text = draw.choice(TEXTS).encode("utf-8", "ignore").replace(b"<", b"&lt;").replace(b"\0", b"")
                data = data[:end] + text + data[end:]
    return data


def _replace_one(draw, pattern, data, by):
    found = list(pattern.finditer(data))
    if not found:
        return data
    start, end = draw.choice(found).span()
    return data[:start] + by + data[end:]


def change_archive(draw, data, other):
    """Return a zip file with a part of it changed inside, or with parts dropped, repeated or taken from another one."""
    parts, others = unpack(data), unpack(other)
    if not parts:
        return change_bytes(draw, data, other)
    name = draw.choice(list(parts))
    match draw.randrange(8):
        case 0:
            del parts[name]
        case 1 if others:
            taken = draw.choice(list(others))
            parts[draw.choice((name, taken))] = others[taken]
        case 2:
            parts[name] = change_bytes(draw, parts[name])
        case _:
            parts[name] = change_xml(draw, parts[name])
    changed = pack(parts)
    return change_bytes(draw, changed, other) if draw.random() < 0.1 else changed


def unpack(data):
    """Return {name: bytes} of a zip file; nothing if it is none that can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {part.filename: archive.read(part) for part in archive.infolist() if part.file_size < LARGEST}
    except Exception:
        return {}


def change_file(draw, data, other):
    """Return a changed file of whatever kind."""
    if data[:2] == b"PK" and draw.random() < 0.8:
        return change_archive(draw, data, other)
    if data[:4] == b"\xd0\xcf\x11\xe0" or draw.random() < 0.3:
        return change_bytes(draw, data, other)
    return change_text(draw, data)


def load_files(readers):
    """Return {reader: [(name, bytes)]} of the corpus, as far as they are small."""
    made = {reader: [(str(case), case.make()) for case in CASES[reader] if "heavy" not in case.make.__code__.co_names]
            for reader in readers}  # fmt: skip
    return {reader: [(name, data) for name, data in found if len(data) <= LARGEST] for reader, found in made.items()}


def change_value(draw, value):
    """Return data of the kind of JSON with some of its branches changed, moved, dropped or added; the given one stays."""
    value = json.loads(json.dumps(value))
    for _time in range(draw.choice((1, 1, 1, 1, 2, 4))):
        places = list(_walk(value))
        if not places:
            return draw.choice(VALUES)
        holder, key = draw.choice(places)
        match draw.randrange(8):
            case 0:
                del holder[key]
            case 1:
                holder[key] = draw.choice(VALUES)
            case 2 | 3:
                holder[key] = draw.choice(TEXTS)
            case 4:
                other, its_key = draw.choice(places)
                holder[key] = json.loads(json.dumps(other[its_key])) if _has(other, its_key) else None
            case 5:
                holder[key] = draw.choice(([holder[key]], {"a": holder[key]}, [holder[key], holder[key]]))
            case 6 if isinstance(holder, dict):
                holder[draw.choice((key + "s", key.upper(), draw.choice(TEXTS)))] = holder.pop(key)
            case _:
                holder[key] = draw.choice((-1, 0, 1, 10**6, 1.5, "1", "yes", [1, 2], ["Ann", "Ann"], {"Ann": 1}))
    return value


def _has(holder, key):
    return key in holder if isinstance(holder, dict) else key < len(holder)


def _walk(value):
    """Yield (holder, key) of all that stands in lists and dicts."""
    for key, item in list(
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield value, key
        yield from _walk(item)
