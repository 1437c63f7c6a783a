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


def solve(supplies, rooms, arcs, total=None):
    """Ship as much as possible, and of all ways to do so the one of the largest value.

    :param supplies: number of leads of each kind
    :param rooms: {(receiver, class): number}, a class of None counts all the receiver gets
    :param arcs: list of (number of supply, receiver, class, value of one lead, at most)
    :param total: ship at most so much, or None
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
    matrix = coo_array((numpy.ones(len(rows)), (rows, columns)), shape=(len(limits), len(arcs))).tocsr()
    bounds = [(0, arc[4]) for arc in arcs]
    return _solve_in_two_steps(matrix, numpy.array(limits, dtype=float), [arc[3] for arc in arcs], total, bounds)


def _solve_in_two_steps(matrix, limits, values, total, bounds):
    """First how much can be shipped at all, then how best.

    All corners of such a problem have whole numbers (Hoffman and Kruskal, 1956: the matrix is
    totally unimodular), and the simplex method ends in a corner.
    """
    count = matrix.shape[1]
    ones = numpy.ones(count)
    most = round(_linprog(-ones, matrix, limits, bounds=bounds).x.sum())
    most = most if total is None else min(most, total)
    exact = {"A_eq": ones.reshape(1, count), "b_eq": [most]}
    best = _linprog(-numpy.array(values), matrix, limits, bounds=bounds, **exact)
    return [int(amount) for amount in numpy.rint(best.x)]


def _linprog(costs, matrix, limits, **options):
    """Try the simplex method, then without simplification, then from the inside with a crossover.

    HiGHS at times gives up on very small problems whose values hardly differ. All three end
    in a corner.
    """
    scaled = costs * (SCALE / max(abs(costs).max(), 1e-12))
    for method, extra in (("highs-ds", {}), ("highs-ds", {"presolve": False}), ("highs-ipm", {"presolve": False})):
        result = linprog(scaled, A_ub=matrix, b_ub=limits, method=method, options=extra, **options)
        if result.status == 0:
            return result
    raise RuntimeError(result.message)
