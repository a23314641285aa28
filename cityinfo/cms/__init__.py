"""The CMS: HTML for editors. Screens are in sections; what stands around all of them is in `layout`."""

from __future__ import annotations

from flask import Flask

from . import dashboard, layout, login, pages, profile, translations, writing

SECTIONS = (login, profile, dashboard, pages, writing, translations)


def register(app: Flask) -> None:
    """Add the CMS with all its sections to the application."""
    app.register_blueprint(layout.blueprint)
