"""Offers: services, courses, benefits and the like, and offers of other systems that the city switches on."""

from . import external, screens

__all__ = ["external", "screens"]
