"""Events: what takes place, once or repeatedly, as editors write it."""

from . import views

__all__ = ["views"]
