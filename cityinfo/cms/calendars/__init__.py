"""Calendars elsewhere whose events a city takes over: which ones, what they would bring, and how that went."""

from . import views

__all__ = ["views"]
