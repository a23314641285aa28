"""A city that follows a template, and whoever decides there."""

from __future__ import annotations

import pytest

from cityinfo.app import create_app
from tests.cms.conftest import Someone
from tests.features.upstream.conftest import library, template, town_of  # noqa: F401 - fixtures


@pytest.fixture
def people_of(settings):
    """Makes someone with a role in a city."""
    apps = {}

    def make(city, role, **reach):
        app = apps.setdefault(city.slug, None) or create_app(settings, database=city.database)
        apps[city.slug] = app
        return Someone(app, city, role, **reach)

    return make
