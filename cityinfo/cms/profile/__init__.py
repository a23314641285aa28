"""One's own account: name, language, password, second factors, and where one is logged in."""

from . import factors, views

__all__ = ["factors", "views"]
