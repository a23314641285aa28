"""What readers told the city: reading it, answering, putting it away."""

from . import views

__all__ = ["views"]
