"""Settings: what a city says of itself, and what it offers its readers."""

from . import views

__all__ = ["views"]
