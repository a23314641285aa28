"""Getting in: who one is, which city, and out again."""

from . import cities, letters, views

__all__ = ["cities", "letters", "views"]
