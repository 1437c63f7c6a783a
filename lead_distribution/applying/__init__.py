"""Makes a plan true, and takes it back: checks, locks, and what a lead was like before."""
