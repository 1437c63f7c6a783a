"""Figures, reports, and what people are told."""
