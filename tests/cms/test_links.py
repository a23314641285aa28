"""What screens lead to can be opened by whoever is led there, whatever their role."""

from __future__ import annotations

import re
from html import unescape

import pytest

from cityinfo.features import imprint
from cityinfo.features.accounts import CONTRIBUTOR, ROLES
from tests.factories import EDITOR, plant, save, translate
from tests.factories_entries import found, write
from tests.factories_events import hold

_HREF = re.compile(r'\shref="([^"#]+)[^"]*"')


@pytest.fixture
def organization(city):
    """A city with some of every kind that has screens, and an organization with an event of its own."""
    page = plant(city, "Wohnen", content="<p>Erstens.</p>")
    translate(city, page, "en", "Living", content="<p>First.</p>")
    save(city, page, content="<p>Zweitens.</p>")
    write(city, hold(city, "Konzert", "2100-05-01T18:00"), "Concert", language="en")
    with city.write() as db:
        imprint_id = imprint.open_imprint(db, actor=EDITOR).id
    write(city, imprint_id, "Impressum")
    own = found(city, "Caritas")
    hold(city, "Beratung", "2100-05-01T18:00", organization=own)
    return own


@pytest.mark.parametrize("role", ROLES)
def test_no_screen_leads_to_one_that_is_closed(people, organization, role):
    someone = people(role, **({"organization": organization} if role == CONTRIBUTOR else {}))
    home = f"/cms/{someone.city.slug}/"
    known, waiting, closed = {home}, [(home, "")], []
    while waiting:
        path, seen_on = waiting.pop()
        answer = someone.client.get(path)
        if answer.status_code >= 400:
            closed.append((answer.status_code, path, seen_on))
        for link in _links(answer, home) - known:
            known.add(link)
            waiting.append((link, path))
    assert len(known) > 5
    assert not closed


def _links(answer, home):
    """Where a screen leads within the city, by path: a list is the same screen whatever it was narrowed to."""
    if not answer.content_type.startswith("text/html"):
        return set()
    named = {unescape(one) for one in _HREF.findall(answer.get_data(as_text=True))} | {answer.location or ""}
    return {one.partition("?")[0] for one in named if one.startswith(home)}
