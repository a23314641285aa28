"""Pages: their tree, and what can be done to it."""

from . import views

__all__ = ["views"]
