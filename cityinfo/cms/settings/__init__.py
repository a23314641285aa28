"""Settings: what a city says of itself, what it offers its readers, and in which languages."""

from . import appearance, categories, languages, letters, placeholders, views

__all__ = ["appearance", "categories", "languages", "letters", "placeholders", "views"]
