"""The imprint: one text per language, written on the desk of all texts."""

from . import views

__all__ = ["views"]
