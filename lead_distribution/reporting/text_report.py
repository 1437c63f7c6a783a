# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""The report of a run for a terminal. Takes figures, returns text."""

WIDTH = 80
BOLD, DIM, RED, RESET = "\033[1m", "\033[2m", "\033[31m", "\033[0m"


def render_text(figures, words, *, color=False, is_kept=True):
    """Return the report as text.

    :param figures: see ``get_figures``
    :param words: ``Readable``, in the language of the reader
    :param color: use the colours of a terminal
    :param is_kept: whether a dry run can be applied later; the terminal forgets its own
    """
    _ = words.env._
    title = _("Dry run report") if figures["dry_run"] else _("Distribution report")
    named = [figures["campaign"], words.day(figures["date"]), figures["kind"]]
    lines = [f"{title}: {', '.join(filter(None, named))}", "=" * WIDTH]
    for heading, body in (
        (_("Distribution overview"), _overview(figures, words, _)),
        (_("Dropback analysis"), _dropback(figures, _)),
        (_("Filter impact analysis"), _filters(figures, _)),
        (_("Current workload analysis"), _workload(figures, _)),
        (
            _("Distribution preview") if figures["dry_run"] else _("Distribution"),
            _preview(figures, _),
        ),
        (_("Strategy details"), _strategy(figures, _)),
        (_("Recommendations"), _recommendations(figures, _)),
        (_("Execution summary"), _summary(figures, words, _, is_kept)),
    ):
        lines += ["", f"{BOLD}{heading}{RESET}" if color else heading, "-" * 50, *body]
    return "\n".join(lines) + "\n"


def _overview(figures, words, _):
    outside = [s for s in figures["funnel"] if s["code"] in figures["outside"]]
    pairs = [
        (_("Leads looked at"), _number(figures["leads_looked_at"])),
        *((step["name"], _number(step["refused"])) for step in outside),
        (_("Date range"), _date_range(figures, words, _)),
        (_("Leads in date range"), _number(figures["leads_in_range"])),
    ]
    if figures["leads_beyond"]:
        pairs.append((_("Older leads looked at"), _number(figures["leads_beyond"])))
    pairs += [
        (_("Dropback leads (old)"), _number(figures["leads_dropped_back"])),
        (
            _("Leads after dropback"),
            _number(figures["leads_found"] + sum(figures["exclusions"].values())),
        ),
        (_("Final distributable leads"), _number(figures["leads_found"])),
        (_("Eligible salespeople"), _number(len(figures["salespeople"]))),
    ]
    pairs += [(_("Not eligible: %s", name), why) for name, why in figures["left_out"].items()]
    return _pairs(pairs)


def _date_range(figures, words, _):
    first, last = figures["date_range"]
    is_open = _("open")
    text = f"{words.day(first) or is_open} – {words.day(last) or is_open}"
    days = figures["window_days"]
    if days is None:
        return text
    number = _("1 day") if days == 1 else _("%s days", days)
    return f"{text} ({number})"


def _dropback(figures, _):
    rows = figures["dropback_summary"]
    lines = [f"  {r['rule']}: {_number(r['count'])} → {r['user']}" for r in rows]
    if figures["dropback_failed"]:
        lines.append("  ! " + _("Could not be dropped back: %s", _number(figures["dropback_failed"])))
    if not lines:
        return ["  " + _("No lead is dropped back.")]
    rate, seconds = figures["dropback_success_rate"], figures["dropback_seconds"]
    return [*lines, *_pairs([(_("Written"), f"{rate:.2f}%"), (_("Time"), _("%s seconds", seconds))])]


def _filters(figures, _):
    refused = sum(figures["exclusions"].values())
    lines = _pairs([(_("Leads filtered out"), _number(refused))])
    steps = [step for step in figures["funnel"] if step["code"] in figures["exclusions"]]
    for step, line in zip(steps, _pairs([(s["name"], _number(s["refused"])) for s in steps]), strict=True):
        lines.append("  " + line)
        if step["code"] == "sales":  # parts of this number, no further steps
            stages = figures["sales_by_stage"].items()
            named = [(_("of them with an opportunity in %s", name), n) for name, n in stages]
            lines += [f"      {text}: {_number(n)}" for text, n in named]
    return [*lines, *(f"  ! {text}" for text in figures["warnings"])]


def _workload(figures, _):
    header = [
        _("Salesperson"), _("Team"), _("Level"), _("Current"), _("Target"), _("Utilization"),
        _("Deficit"), _("Surplus"),
    ]  # fmt: skip
    rows = [
        [
            line["name"], line["team"], line["level_name"], _number(line["before"]),
            _number(line["target"]), f"{line['utilization_before']:.1f}%", _number(line["deficit"]),
            _number(max(0, line["before"] - line["target"])),
        ]
        for line in figures["salespeople"]
    ]  # fmt: skip
    return draw_table(header, rows, numbers_from=3) if rows else ["  " + _("Nobody is eligible.")]


def _preview(figures, _):
    lines = _pairs([(_("Leads to hand out") if figures["dry_run"] else _("Leads handed out"),
                     _number(figures["leads_distributed"]))])  # fmt: skip
    header = [
        _("Salesperson"), _("New leads"), _("Given up"), _("Current"), _("After dist"),
        _("Target"), _("Final util%"),
    ]  # fmt: skip
    rows = [
        [
            line["name"], _number(line["received"]), _number(line["given_up"]),
            _number(line["before"]), _number(line["after"]), _number(line["target"]),
            f"{line['utilization']:.1f}%",
        ]
        for line in figures["salespeople"]
    ]  # fmt: skip
    if rows:
        lines += draw_table(header, rows, numbers_from=1)
    left = [(figures["left_over_names"][r], _number(n)) for r, n in figures["left_over"].items()]
    if left:
        lines += ["", "  " + _("Left over:"), *("  " + line for line in _pairs(left))]
    return lines


def _strategy(figures, _):
    name = figures["strategy_name"] or figures["strategy"]
    lines = _pairs([(_("Strategy"), name), *map(tuple, figures["strategy_settings"])])
    return [*lines, *(f"  {text}" for text in _tell_experiment(figures["experiment"], _))]


def _tell_experiment(experiment, _):
    """Return how many leads each way of an experiment has handed out, in words."""
    if experiment:
        yield _(
            "Experiment “%(name)s”: %(a)s by way A, %(b)s by way B",
            name=experiment["name"],
            a=_tell_leads(experiment["a"], _),
            b=_tell_leads(experiment["b"], _),
        )


def _tell_leads(count, _):
    return _("1 lead") if count == 1 else _("%s leads", _number(count))


def _recommendations(figures, _):
    return [f"  • {text}" for text in figures["recommendations"]] or ["  " + _("Nothing to recommend.")]


def _summary(figures, words, _, is_kept):
    lines = _pairs(
        [
            (_("State"), words.state(figures["state"])),
            (_("Efficiency"), f"{figures['efficiency']:.2f}%"),
            *((judged["label"], f"{judged['word']}: {judged['detail']}") for judged in figures["evenness"]),
            (_("Time"), _("%s seconds", figures["execution_time_seconds"])),
        ]
    )
    if figures["error"]:
        lines.append(f"  {figures['error']}")
    if figures["dry_run"] and figures["state"] == "planned":
        kept = _("This was a dry run: no lead was changed. Apply the run to do it.")
        gone = _("This was a dry run: no lead was changed. The plan was not kept: a run makes a new one.")
        lines.append("  " + (kept if is_kept else gone))
    return lines


def _number(value):
    return f"{value:,}"


def _pairs(pairs):
    width = max((len(str(name)) for name, _value in pairs), default=0)
    return [f"  {name}:{' ' * (width - len(str(name)))} {value}" for name, value in pairs]


def draw_table(header, rows, *, numbers_from):
    """Return lines of a table whose columns from ``numbers_from`` on are flush right."""
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]

    def draw(left, middle, right):
        return left + middle.join("─" * (width + 2) for width in widths) + right

    def line(cells):
        placed = [
            str(cell).rjust(width) if i >= numbers_from else str(cell).ljust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return "│ " + " │ ".join(placed) + " │"

    return [
        draw("┌", "┬", "┐"), line(header), draw("├", "┼", "┤"), *map(line, rows), draw("└", "┴", "┘"),
    ]  # fmt: skip
