"""What any long work needs. Imports nothing of the rooms above."""
