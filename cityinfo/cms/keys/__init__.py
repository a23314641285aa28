"""The keys of all screens, told on one page."""

from . import views

__all__ = ["views"]
