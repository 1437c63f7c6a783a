"""What is told of runs: files that are kept with them."""
