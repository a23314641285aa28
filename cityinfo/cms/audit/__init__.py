"""The audit log: who did what to which thing."""

from . import views

__all__ = ["views"]
