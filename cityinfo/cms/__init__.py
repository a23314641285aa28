"""The CMS: HTML for editors. Screens are in sections; what stands around all of them is in `layout`."""

from __future__ import annotations

from flask import Flask

from . import (
    audit,
    comments,
    dashboard,
    events,
    feedback,
    imprint,
    jobs,
    keys,
    layout,
    login,
    pages,
    people,
    profile,
    quality,
    search,
    settings,
    tokens,
    translations,
    webhooks,
    writing,
)

SECTIONS = (
    login,
    profile,
    dashboard,
    pages,
    writing,
    events,
    imprint,
    comments,
    translations,
    feedback,
    people,
    jobs,
    quality,
    search,
    settings,
    tokens,
    webhooks,
    audit,
    keys,
)


def register(app: Flask) -> None:
    """Add the CMS with all its sections to the application."""
    app.register_blueprint(layout.blueprint)
