"""How readers' apps look in a city: two colours that can be read, and a logo that stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityinfo.features import media, tenants
from cityinfo.features.media import Upload
from cityinfo.features.tenants import PAPERS, Theme, contrast, ink_on
from cityinfo.features.tenants.rules import LEAST_CONTRAST, readable
from cityinfo.kernel.errors import Invalid
from tests.factories import EDITOR
from tests.factories_entries import revision_of
from tests.factories_media import library_of, picture, put

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
BLUE = Theme(light="#2044aa", dark="#97afe1")
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def choose(city, theme):
    with city.write() as db:
        tenants.set_theme(db, theme, actor=EDITOR)


def chosen(city):
    with city.read() as db:
        return tenants.theme(db)


def test_a_city_has_no_colours_of_its_own_until_it_chooses_some(city):
    assert chosen(city) == Theme()
    choose(city, BLUE)
    assert chosen(city) == BLUE
    choose(city, Theme())
    assert chosen(city) == Theme()


@pytest.mark.parametrize(("one", "other", "wanted"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_that_of_wcag(one, other, wanted):
    assert contrast(one, other) == pytest.approx(wanted, abs=0.01)


@on_one_database
@pytest.mark.parametrize(
    ("theme", "scheme"),
    [
        (Theme(light="#97afe1", dark="#97afe1"), "light"),
        (Theme(light="#2044aa", dark="#2044aa"), "dark"),
    ],
)
def test_a_colour_that_cannot_be_read_is_refused_with_one_that_can(city, theme, scheme):
    with pytest.raises(Invalid, match="too faint") as refused:
        choose(city, theme)
    assert refused.value.data["scheme"] == scheme
    assert contrast(refused.value.data["nearest"], PAPERS[scheme]) >= LEAST_CONTRAST
    assert refused.value.data["nearest"] in refused.value.message


@on_one_database
@pytest.mark.parametrize("colour", ["", "blau", "#fff", "#2044AA ", "url(x)"])
def test_what_is_no_colour_is_refused(city, colour):
    with pytest.raises(Invalid):
        choose(city, Theme(light=colour, dark="#97afe1"))


@given(COLOURS)
def test_there_is_a_readable_colour_near_every_one_and_an_ink_for_each(colour):
    for scheme, paper in PAPERS.items():
        assert contrast(readable(colour, scheme), paper) >= LEAST_CONTRAST
    assert contrast(ink_on(colour), colour) >= LEAST_CONTRAST


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


def with_logo(city, library):
    picture_id = put(library, city, picture(120, 60), name="wappen.jpg")
    with city.write() as db:
        tenants.set_theme(db, Theme(logo=media.logo(db, picture_id)), actor=EDITOR)
    return picture_id


@on_one_database
def test_a_logo_is_not_put_away(city, library):
    picture_id = with_logo(city, library)
    with pytest.raises(Invalid, match="logo of the city"), city.write() as db:
        media.archive(db, picture_id, revision=revision_of(db, picture_id), actor=EDITOR)
    choose(city, Theme())
    with city.write() as db:
        media.archive(db, picture_id, revision=revision_of(db, picture_id), actor=EDITOR)


@on_one_database
def test_a_logo_with_other_bytes_has_another_address(city, library):
    picture_id, before = with_logo(city, library), chosen(city).logo
    with city.read() as db:
        revision = revision_of(db, picture_id)
    upload = Upload(name="neu.jpg", data=picture(200, 60))
    library.replace(city.tenant_id, picture_id, upload, revision=revision, actor=EDITOR)
    after = chosen(city).logo
    assert after["width"] == 200
    assert after["url"] != before["url"]
