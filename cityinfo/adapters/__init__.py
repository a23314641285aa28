"""The outside world: one file for each system, behind a port that a feature or the kernel declares."""
