"""Today: what waits for whoever has logged in."""

from . import views

__all__ = ["views"]
