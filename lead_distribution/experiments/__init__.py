"""Experiments: two ways of handing out at the same time, and which of them sells more."""
