"""Runs that grow through the day: what small parts of leads have in common, whoever asks for them."""
