"""Translations: how far they are, and a text beside its translation."""

from . import progress, views

__all__ = ["progress", "views"]
