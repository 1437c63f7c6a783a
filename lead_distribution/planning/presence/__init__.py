"""Who is there: working hours, leave, absences and pauses, asked for all people at once."""
