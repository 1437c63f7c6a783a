"""The dashboard: of a manager, of a salesperson, and what needs attention. Sums come from the reports."""
