"""The transport problem, solved by HiGHS as SciPy has it. An optional dependency."""

try:
    import numpy
    from scipy.optimize import linprog
    from scipy.sparse import coo_array
except ImportError:  # the strategy that needs it says so, see get_solver
    linprog = None

SCALE = 100.0  # of the largest value, so that the solver's tolerances are small beside it


def is_available():
    """Whether SciPy is installed."""
    return linprog is not None


def solve(supplies, rooms, arcs, total=None, ladders=None):
    """Ship as much as possible, and of all ways to do so the one of the largest value.

    :param supplies: number of leads of each kind
    :param rooms: {(receiver, class): number}, a class of None counts all the receiver gets
    :param arcs: list of (number of supply, receiver, class, value of one lead, at most)
    :param total: ship at most so much, or None
    :param ladders: {receiver: list of (amount, cost of one lead)}, costs growing
    :return: the amount for each arc, whole numbers
    :raise RuntimeError: if the solver finds no solution, which would be its fault
    """
    if not arcs:
        return []
    limits = list(supplies)
    rows, columns = [], []
    numbers = {}
    for place, (supply, receiver, cap_class, *_rest) in enumerate(arcs):
        keys = [key for key in dict.fromkeys([(receiver, None), (receiver, cap_class)]) if key in rooms]
        for key in keys:
            if key not in numbers:
                numbers[key] = len(limits)
                limits.append(rooms[key])
        used = [supply, *(numbers[key] for key in keys)]
        rows += used
        columns += [place] * len(used)
    matrix = _matrix(rows, columns, len(limits), len(arcs))
    most = _ship_most(matrix, limits, arcs, total)
    amounts = _ship_best(matrix, limits, arcs, most, ladders or {})
    return [int(amount) for amount in numpy.rint(amounts)]


def _matrix(rows, columns, height, width, values=None):
    values = numpy.ones(len(rows)) if values is None else values
    return coo_array((values, (rows, columns)), shape=(height, width)).tocsr()


def _ship_most(matrix, limits, arcs, total):
    """Return how much can be shipped at all."""
    bounds = [(0, arc[4]) for arc in arcs]
    found = _linprog(-numpy.ones(len(arcs)), A_ub=matrix, b_ub=limits, bounds=bounds)
    most = round(found.x.sum())
    return most if total is None else min(most, total)


def _ship_best(matrix, limits, arcs, most, ladders):
    """Return the amounts of the best way to ship ``most``.

    What a receiver gets flows on over the rungs of the receiver's ladder. It is still a problem
    of flows in a network, whose corners have whole numbers (the matrix is totally unimodular),
    and the simplex method ends in a corner.
    """
    count = len(arcs)
    rungs = [(receiver, *rung) for receiver, ladder in ladders.items() for rung in ladder]
    place_of = {receiver: number for number, receiver in enumerate(ladders, 1)}
    rows, columns, signs = [0] * count, list(range(count)), [1.0] * count
    for column, arc in enumerate(arcs):
        if arc[1] in place_of:
            rows.append(place_of[arc[1]])
            columns.append(column)
            signs.append(1.0)
    for column, (receiver, *_rest) in enumerate(rungs, count):
        rows.append(place_of[receiver])
        columns.append(column)
        signs.append(-1.0)
    width = count + len(rungs)
    found = _linprog(
        numpy.array([-arc[3] for arc in arcs] + [rung[2] for rung in rungs]),
        A_ub=_matrix(*matrix.nonzero(), matrix.shape[0], width),
        b_ub=limits,
        A_eq=_matrix(rows, columns, len(ladders) + 1, width, signs),
        b_eq=[most] + [0] * len(ladders),
        bounds=[(0, arc[4]) for arc in arcs] + [(0, rung[1]) for rung in rungs],
    )
    return found.x[:count]


def _linprog(costs, **problem):
    """Try the simplex method, then without simplification, then from the inside with a crossover.

    HiGHS at times gives up on very small problems whose values hardly differ. All three end
    in a corner.
    """
    scaled = costs * (SCALE / max(abs(costs).max(), 1e-12))
    for method, extra in (("highs-ds", {}), ("highs-ds", {"presolve": False}), ("highs-ipm", {"presolve": False})):
        result = linprog(scaled, method=method, options=extra, **problem)
        if result.status == 0:
            return result
    raise RuntimeError(result.message)
