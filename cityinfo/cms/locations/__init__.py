"""Locations: places in the city, as editors write them."""

from . import importing, screens

__all__ = ["importing", "screens"]
