"""Two cities that give pages to each other, and whoever works there."""

from __future__ import annotations

import pytest

from tests.cms.upstream.conftest import people_of  # noqa: F401 - a fixture
from tests.factories import City, make_city, plant
from tests.factories_media import library_of
from tests.features.commons.commons import offer


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


@pytest.fixture
def giver(database) -> City:
    return make_city(database, "geberstadt")


@pytest.fixture
def city(database) -> City:
    """The city whose editors look at the screens."""
    return make_city(database, "nehmerstadt", languages=("de", "en"))


@pytest.fixture
def page(giver):
    """A page that the other city offers."""
    page = plant(giver, "Führerschein", content="<p>Das Amt hilft.</p><p>Der Antrag kostet 35 Euro.</p>")
    offer(giver, page)
    return page
