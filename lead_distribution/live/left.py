"""What of a live run is left over."""

from ..reporting.left import prepare_left
from .rows import read_left

ELSEWHERE = "elsewhere"  # reason of leads that somebody got otherwise before they were handed out


def count_left(run):
    """Write on the run which of the leads that it has found wait still, and how many went elsewhere meanwhile."""
    left = read_left(run)
    elsewhere = run.leads_not_distributed - sum(map(len, left.values()))
    if elsewhere > 0:
        left[ELSEWHERE] = [None] * elsewhere
    run.write(prepare_left(left))
