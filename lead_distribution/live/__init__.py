"""Leads as they come: they wait in a list, and are handed out in seconds, to people who are there."""
