"""The CMS: HTML for editors. Screens are in sections; what stands around all of them is in `layout`."""

from __future__ import annotations

from flask import Flask

from . import (
    audit,
    calendars,
    comments,
    commons,
    contacts,
    dashboard,
    events,
    feedback,
    imprint,
    jobs,
    keys,
    layout,
    locations,
    login,
    media,
    news,
    offers,
    opening,
    organizations,
    pages,
    people,
    platform,
    profile,
    proposals,
    quality,
    replacements,
    search,
    settings,
    tokens,
    translations,
    upstream,
    webhooks,
    writing,
)

SECTIONS = (
    login,
    profile,
    dashboard,
    opening,
    pages,
    writing,
    events,
    calendars,
    locations,
    contacts,
    offers,
    organizations,
    news,
    imprint,
    media,
    comments,
    translations,
    replacements,
    feedback,
    proposals,
    upstream,
    commons,
    people,
    jobs,
    quality,
    search,
    settings,
    tokens,
    webhooks,
    audit,
    keys,
    platform,
)


def register(app: Flask) -> None:
    """Add the CMS with all its sections to the application."""
    app.register_blueprint(layout.blueprint)
