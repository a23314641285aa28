"""What the platform's staff look after: cities and how they are doing, people, languages, messages to everyone."""

from . import (
    announcing,
    categories,
    cities,
    clones,
    closing,
    languages,
    moving,
    opening,
    people,
    state,
    templates,
    wizard,
)

__all__ = [
    "announcing",
    "categories",
    "cities",
    "clones",
    "closing",
    "languages",
    "moving",
    "opening",
    "people",
    "state",
    "templates",
    "wizard",
]
