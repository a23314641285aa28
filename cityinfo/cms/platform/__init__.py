"""What the platform's staff look after: all cities and how they are doing."""

from . import cities, opening, state

__all__ = ["cities", "opening", "state"]
