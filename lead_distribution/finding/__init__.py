"""Which leads: dates and their edges, customers with an opportunity, where old leads go.

Takes settings as values, gives domains and SQL back; knows nothing of the models that ask.
"""
