"""Locations: places in the city, as editors write them."""

from . import screens

__all__ = ["screens"]
