"""The checklist of a new city, on its first screen and on the platform's."""

from . import views

__all__ = ["views"]
