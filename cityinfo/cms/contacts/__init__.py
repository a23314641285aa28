"""Contacts: whom to turn to, as editors write them."""

from . import screens

__all__ = ["screens"]
