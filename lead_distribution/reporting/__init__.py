"""What is told of runs, and where it goes: folders of report files, readers, lines of the log."""
