"""What the platform's staff look after: all cities and how they are doing."""

from . import announcing, cities, opening, state

__all__ = ["announcing", "cities", "opening", "state"]
