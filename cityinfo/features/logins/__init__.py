"""Logins: proving who one is, and going on from there without proving it with every request."""

from . import passwords, sessions
from .actions import set_password
from .models import LoginSession, Password

__all__ = ["LoginSession", "Password", "passwords", "sessions", "set_password"]
