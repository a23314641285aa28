"""Settings: what a city says of itself, what it offers its readers, and in which languages."""

from . import languages, views

__all__ = ["languages", "views"]
