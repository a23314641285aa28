"""What a city has switched off is nowhere: not in lists, single answers, feed, bundle, calendars and sitemaps."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cityinfo.features import events
from cityinfo.kernel import jobs
from cityinfo.kernel.errors import NotFound
from tests.factories import EDITOR, make_city, plant, rebuild, switch
from tests.factories_events import hold
from tests.factories_news import announce, subscribe
from tests.factories_offers import offer, switch_on
from tests.factories_places import introduce, settle

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
HERE = "/api/v1/tenants/teststadt/de"

# Kind → the feature that shows it, how an editor makes an entry of it, what else lists it.
KINDS = {
    "event": ("events", lambda city, title: hold(city, title, "2099-05-01T18:00"), [f"{HERE}/events.ics"]),
    "location": ("locations", settle, ["/api/v3/teststadt/de/locations/"]),
    "contact": ("contacts", introduce, []),
    "offer": ("offers", offer, []),
    "news": ("push_notifications", announce, [f"{HERE}/news.atom", "/api/v3/teststadt/de/fcm/"]),
}
IN_SITEMAP = ("event", "location", "offer", "news")
by_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def city(database):
    return make_city(database, "teststadt", features={"push_notifications": True}, postal_codes=["86150"])


def addresses_of(kind, entry_id):
    plural = "news" if kind == "news" else f"{kind}s"
    return f"{HERE}/{plural}", f"{HERE}/{plural}/{entry_id}"


def since(client, cursor):
    found = client.get(f"{HERE}/changes", query_string={"since": cursor}).json
    return {(one["kind"], one["id"]): one["removed"] for one in found["items"]}


@by_kind
def test_what_is_switched_off_is_nowhere_and_comes_back(client, city, kind):
    feature, make, others = KINDS[kind]
    entry_id = make(city, "Beratung")
    every, one = addresses_of(kind, entry_id)
    cursor = client.get(f"{HERE}/bundle").json["cursor"]
    assert client.get(one).status_code == 200

    switch(city, **{feature: False})
    assert client.get(every).json["items"] == []
    assert client.get(one).status_code == 404
    assert since(client, cursor)[kind, entry_id] is True
    assert (kind, entry_id) not in {(each["kind"], each["id"]) for each in client.get(f"{HERE}/bundle").json["items"]}
    for address in (*others, "/teststadt/de/sitemap.xml"):
        assert "eratung" not in client.get(address).text

    switch(city, **{feature: True})
    rebuild(city)
    assert client.get(one).status_code == 200
    assert since(client, cursor)[kind, entry_id] is False
    for address in (*others, *(["/teststadt/de/sitemap.xml"] if kind in IN_SITEMAP else [])):
        assert "eratung" in client.get(address).text


@by_kind
def test_what_is_published_while_its_kind_is_off_stays_unseen(client, city, kind):
    feature, make, _ = KINDS[kind]
    switch(city, **{feature: False})
    entry_id = make(city, "Beratung")
    assert client.get(addresses_of(kind, entry_id)[1]).status_code == 404


def test_a_page_without_contacts_shows_no_cards(client, city):
    desk = introduce(city, "Wohnen", phone="0821 3240")
    page = plant(city, "Wohnen", content=f'<p>Hier.</p><contact-card entry="{desk}"></contact-card>')
    switch(city, contacts=False)
    rebuild(city)
    assert "3240" not in client.get(f"{HERE}/pages/{page}").text


def test_an_event_without_locations_names_no_place(client, city):
    event = hold(city, "Fest", "2099-05-01T18:00", location=settle(city, "Rathaus"))
    switch(city, locations=False)
    rebuild(city)
    assert client.get(f"{HERE}/events/{event}").json["location"] is None


def test_words_stop_standing_in_when_the_city_switches_that_off(client, city):
    place = settle(city, "Rathaus")
    address = f"/api/v1/tenants/teststadt/en/locations/{place}"
    assert client.get(address).status_code == 404
    switch(city, fallback=True)
    rebuild(city)
    assert client.get(address).json["delivered_language"] == "de"
    switch(city, fallback=False)
    rebuild(city)
    assert client.get(address).status_code == 404


def test_other_systems_offers_go_with_offers(client, city):
    switch_on(city, "sprungbrett")
    assert len(client.get("/api/v3/teststadt/de/offers/").json) == 1
    switch(city, offers=False)
    assert client.get("/api/v3/teststadt/de/offers/").json == []


def test_nobody_subscribes_to_news_that_are_off(city):
    switch(city, push_notifications=False)
    with pytest.raises(NotFound):
        subscribe(city, "handy")


def test_calendars_are_not_read_while_events_are_off(city):
    with city.write() as db:
        draft = events.CalendarDraft(name="Kreis", address="https://kreis.example/a.ics", language="de")
        events.add_calendar(db, draft, actor=EDITOR)
    switch(city, events=False)
    events.enqueue_calendars(city.database)
    with city.read() as db:
        assert events.RUN_CALENDAR not in set(db.scalars(select(jobs.Job.name)))
