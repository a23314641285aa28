"""Quality: what a city insists on before a text is published."""

from . import views

__all__ = ["views"]
