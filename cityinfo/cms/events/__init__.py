"""Events: what takes place, once or repeatedly, as editors write it."""

from . import screens

__all__ = ["screens"]
