"""The CMS: HTML for editors. Screens are in sections; what stands around all of them is in `layout`."""

from __future__ import annotations

from flask import Flask

from . import (
    comments,
    dashboard,
    feedback,
    jobs,
    layout,
    login,
    pages,
    people,
    profile,
    quality,
    settings,
    translations,
    writing,
)

SECTIONS = (
    login,
    profile,
    dashboard,
    pages,
    writing,
    comments,
    translations,
    feedback,
    people,
    jobs,
    quality,
    settings,
)


def register(app: Flask) -> None:
    """Add the CMS with all its sections to the application."""
    app.register_blueprint(layout.blueprint)
