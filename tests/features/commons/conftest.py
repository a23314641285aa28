"""A city that gives, and one that takes."""

from __future__ import annotations

import pytest

from tests.factories import City, make_city
from tests.factories_media import library_of


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


@pytest.fixture
def giver(database) -> City:
    return make_city(database, "geberstadt", languages=("de", "en", "ar"))


@pytest.fixture
def taker(database) -> City:
    return make_city(database, "nehmerstadt", languages=("de", "en"))
