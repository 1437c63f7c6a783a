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
        (_("Dropback analysis"), _dropback(figures, words, _)),
        (_("Filter impact analysis"), _filters(figures, words, _)),
        (_("Current workload analysis"), _workload(figures, words, _)),
        (
            _("Distribution preview") if figures["dry_run"] else _("Distribution"),
            _preview(figures, words, _),
        ),
        (_("Strategy details"), _strategy(figures, words, _)),
        (_("Recommendations"), _recommendations(figures, _)),
        (_("Execution summary"), _summary(figures, words, _, is_kept)),
    ):
        lines += ["", f"{BOLD}{heading}{RESET}" if color else heading, "-" * 50, *body]
    return "\n".join(lines) + "\n"


def _overview(figures, words, _):
    outside = [s for s in figures["funnel"] if s["code"] in figures["outside"]]
    pairs = [
        (_("Leads looked at"), words.number(figures["leads_looked_at"])),
        *((step["name"], words.number(step["refused"])) for step in outside),
        (_("Date range"), _date_range(figures, words, _)),
        (_("Leads in date range"), words.number(figures["leads_in_range"])),
    ]
    if figures["leads_beyond"]:
        pairs.append((_("Older leads looked at"), words.number(figures["leads_beyond"])))
    pairs += [
        (_("Dropback leads (old)"), words.number(figures["leads_dropped_back"])),
        (
            _("Leads after dropback"),
            words.number(figures["leads_found"] + sum(figures["exclusions"].values())),
        ),
        (_("Final distributable leads"), words.number(figures["leads_found"])),
        (_("Eligible salespeople"), words.number(len(figures["salespeople"]))),
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
    number = _("1 day") if days == 1 else _("%s days", words.number(days))
    return f"{text} ({number})"


def _dropback(figures, words, _):
    rows = figures["dropback_summary"]
    lines = [f"  {r['rule']}: {words.number(r['count'])} → {r['user']}" for r in rows]
    if figures["dropback_failed"]:
        lines.append("  ! " + _("Could not be dropped back: %s", words.number(figures["dropback_failed"])))
    if not lines:
        return ["  " + _("No lead is dropped back.")]
    rate, seconds = figures["dropback_success_rate"], figures["dropback_seconds"]
    return [
        *lines,
        *_pairs([(_("Written"), f"{words.decimal(rate, 2)}%"), (_("Time"), _("%s seconds", words.number(seconds)))]),
    ]


def _filters(figures, words, _):
    refused = sum(figures["exclusions"].values())
    lines = _pairs([(_("Leads filtered out"), words.number(refused))])
    steps = [step for step in figures["funnel"] if step["code"] in figures["exclusions"]]
    for step, line in zip(steps, _pairs([(s["name"], words.number(s["refused"])) for s in steps]), strict=True):
        lines.append("  " + line)
        if step["code"] == "sales":  # parts of this number, no further steps
            stages = figures["sales_by_stage"].items()
            named = [(_("of them with an opportunity in %s", name), n) for name, n in stages]
            lines += [f"      {text}: {words.number(n)}" for text, n in named]
    return [*lines, *(f"  ! {text}" for text in figures["warnings"])]


def _workload(figures, words, _):
    header = [
        _("Salesperson"), _("Team"), _("Level"), _("Current"), _("Target"), _("Utilization"),
        _("Deficit"), _("Surplus"),
    ]  # fmt: skip
    rows = [
        [
            line["name"], line["team"], line["level_name"], words.number(line["before"]),
            words.number(line["target"]), f"{words.decimal(line['utilization_before'], 1)}%",
            words.number(line["deficit"]), words.number(max(0, line["before"] - line["target"])),
        ]
        for line in figures["salespeople"]
    ]  # fmt: skip
    return draw_table(header, rows, numbers_from=3) if rows else ["  " + _("Nobody is eligible.")]


def _preview(figures, words, _):
    lines = _pairs([(_("Leads to hand out") if figures["dry_run"] else _("Leads handed out"),
                     words.number(figures["leads_distributed"]))])  # fmt: skip
    header = [
        _("Salesperson"), _("New leads"), _("Given up"), _("Current"), _("After dist"),
        _("Target"), _("Final util%"),
    ]  # fmt: skip
    rows = [
        [
            line["name"], words.number(line["received"]), words.number(line["given_up"]),
            words.number(line["before"]), words.number(line["after"]), words.number(line["target"]),
            f"{words.decimal(line['utilization'], 1)}%",
        ]
        for line in figures["salespeople"]
    ]  # fmt: skip
    if rows:
        lines += draw_table(header, rows, numbers_from=1)
    left = [(figures["left_over_names"][r], words.number(n)) for r, n in figures["left_over"].items()]
    if left:
        lines += ["", "  " + _("Left over:"), *("  " + line for line in _pairs(left))]
    return lines


def _strategy(figures, words, _):
    name = figures["strategy_name"] or figures["strategy"]
    lines = _pairs([(_("Strategy"), name), *map(tuple, figures["strategy_settings"])])
    return [*lines, *(f"  {text}" for text in _tell_experiment(figures["experiment"], words, _))]


def _tell_experiment(experiment, words, _):
    """Return how many leads each way of an experiment has handed out, in words."""
    if experiment:
        yield _(
            "Experiment “%(name)s”: %(a)s by way A, %(b)s by way B",
            name=experiment["name"],
            a=_tell_leads(experiment["a"], words, _),
            b=_tell_leads(experiment["b"], words, _),
        )


def _tell_leads(count, words, _):
    return _("1 lead") if count == 1 else _("%s leads", words.number(count))


def _recommendations(figures, _):
    return [f"  • {text}" for text in figures["recommendations"]] or ["  " + _("Nothing to recommend.")]


def _summary(figures, words, _, is_kept):
    lines = _pairs(
        [
            (_("State"), words.state(figures["state"])),
            (_("Efficiency"), f"{words.decimal(figures['efficiency'], 2)}%"),
            *((judged["label"], f"{judged['word']}: {judged['detail']}") for judged in figures["evenness"]),
            (_("Time"), _("%s seconds", words.number(figures["execution_time_seconds"]))),
        ]
    )
    if figures["error"]:
        lines.append(f"  {figures['error']}")
    if figures["dry_run"] and figures["state"] == "planned":
        kept = _("This was a dry run: no lead was changed. Apply the run to do it.")
        gone = _("This was a dry run: no lead was changed. The plan was not kept: a run makes a new one.")
        lines.append("  " + (kept if is_kept else gone))
    return lines


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
