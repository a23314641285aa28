"""Settings: what a city says of itself, what it offers its readers, and in which languages."""

from . import appearance, languages, letters, placeholders, views

__all__ = ["appearance", "languages", "letters", "placeholders", "views"]
