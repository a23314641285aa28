"""What the template has learned: it waits here until somebody decides what holds for the city."""

from . import deciding, followers, following, lists, ties

__all__ = ["deciding", "followers", "following", "lists", "ties"]
