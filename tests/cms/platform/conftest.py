"""Someone of the platform's staff before their screens."""

from __future__ import annotations

import pytest

from cityinfo.app import create_app
from tests.cms.conftest import Staff


@pytest.fixture
def app(settings, database):
    return create_app(settings, database=database)


@pytest.fixture
def staff(app, database):
    return Staff(app, database)
