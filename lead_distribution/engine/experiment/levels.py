"""How sure experiments are to be: one error for all that is said of one experiment, and how it is spent."""

ERROR = 0.05  # at most so many experiments without a difference say that there is one
HARM_ERROR = 0.01  # of it for looking, as often as one likes, whether way B does harm (one-sided)
VERDICT_ERROR = ERROR - HARM_ERROR  # the rest: the one test at the end (two-sided)
LEVEL = 0.95  # of the intervals that are shown
POWER = 0.8  # so many experiments see the difference they were planned for
