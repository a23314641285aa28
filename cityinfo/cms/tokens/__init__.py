"""Tokens: machines that work in the city, as its managers see them."""

from . import views

__all__ = ["views"]
