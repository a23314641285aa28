"""A city at its end, and what is looked at before and after."""

from __future__ import annotations

import pytest

from tests.factories_media import library_of


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)
