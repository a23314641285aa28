"""Measures what docs/performance.md quotes: `make bench`."""
