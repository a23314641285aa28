"""Finding and replacing words across the city, with a look at each text before, and one step back."""

from . import views

__all__ = ["views"]
