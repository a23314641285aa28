"""Settings: what a city says of itself, what it offers its readers, and in which languages."""

from . import appearance, languages, letters, views

__all__ = ["appearance", "languages", "letters", "views"]
