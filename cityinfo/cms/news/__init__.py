"""News: what a city tells its readers now, who gets it, and what others publish beside it."""

from . import feeds, screens, steps

__all__ = ["feeds", "screens", "steps"]
