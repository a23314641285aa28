"""What the platform's staff look after: cities and how they are doing, people, languages, messages to everyone."""

from . import announcing, categories, cities, closing, languages, moving, opening, people, state, templates

__all__ = [
    "announcing",
    "categories",
    "cities",
    "closing",
    "languages",
    "moving",
    "opening",
    "people",
    "state",
    "templates",
]
