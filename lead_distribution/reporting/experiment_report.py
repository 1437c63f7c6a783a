# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Lays the result of an experiment out as a document: the verdict, both ways, what else came of them."""

from .writers import Document, Interval, Table

WAYS = ("a", "b")


def lay_out_experiment(data, words, _):
    """Return the document of an experiment.

    :param data: what ``get_report_data`` of the experiment returns
    :param words: Readable
    """
    main, *others = data["measures"]
    tables = [_ways(main, _)]
    if others:
        tables.append(_others(others, _))
    notes = [*data["notes"], *data["changed_settings"]]
    if notes:
        tables.append(Table(_("To be known"), [_("What")], [[note] for note in notes]))
    if data["balance"]["rows"]:
        tables.append(_balance(data["balance"], _))
    return Document(
        _("Experiment: %s", data["name"]),
        ", ".join(filter(None, (data["campaign"], _tell_end(data, words, _)))),
        _facts(data, main, words, _),
        tables,
        data,
        words.number,
        data["verdict"],
    )


def _tell_end(data, words, _):
    if data["state"] == "done":
        return words.period((data["started_on"], data["ended_on"]))
    return _("not ended: as of %s", words.day(data["looked_on"]))


def _facts(data, main, words, _):
    leads = sum(data[way]["leads"] for way in WAYS)
    facts = [
        (_("Way A"), data["strategies"]["a"]),
        (_("Way B"), data["strategies"]["b"]),
        (_("Leads for way B"), data["share_words"]),
        (_("What counts"), main["name"]),
        (_("Within (days)"), data["days"]),
        (
            _("Leads"),
            _("%(leads)s of %(planned)s", leads=words.number(leads), planned=words.number(data["leads_planned"])),
        ),
        (_("Started on"), words.day(data["started_on"])),
        (_("Dealt until"), words.day(data["dealt_until"])),
        (_("Ended on"), words.day(data["ended_on"])),
        (_("Made the setting"), data["adopted_words"]),
    ]
    return [(name, value) for name, value in facts if value]


def _ways(main, _):
    names = {"a": _("Way A"), "b": _("Way B")}
    rows = [
        [
            names[way],
            main[way]["leads"],
            main[way]["conversions"],
            main[way]["text"]["rate"],
            main[way]["text"]["interval"],
        ]
        for way in WAYS
    ]
    rows.append([_("Difference"), None, None, main["text"]["difference"], main["text"]["interval"]])
    header = [_("Way"), _("Leads"), main["name"], _("Rate"), _("95 of 100 times between")]
    if main["unit"] == "money":
        header[2:4] = [_("Won"), _("Revenue a lead")]
    drawn = [
        *(Interval(way, names[way], *_get_ends(main[way], "rate"), _join(main[way]["text"], "rate")) for way in WAYS),
        Interval(
            "difference", _("Difference"), *_get_ends(main, "difference"), _join(main["text"], "difference"), True
        ),
    ]
    return Table(main["name"], header, rows, intervals=drawn)


def _get_ends(figures, name):
    return figures["low"], figures[name], figures["high"]


def _join(text, name):
    """Return a number and its interval: "12.3% (10.1 to 14.5)"."""
    return f"{text[name]} ({text['interval']})" if text["interval"] else text[name]


def _others(measures, _):
    rows = [
        [measure["name"], *(_join(measure[way]["text"], "rate") for way in WAYS), _join(measure["text"], "difference")]
        for measure in measures
    ]
    title = _("What else came of them, for information")
    return Table(title, [_("Outcome"), _("Way A"), _("Way B"), _("Difference")], rows)


def _balance(balance, _):
    rows = [[row["group"], row["name"], row["text"]["a"], row["text"]["b"]] for row in balance["rows"]]
    return Table(balance["words"], [_("Alike in"), _("Leads"), _("Way A"), _("Way B")], rows)
