"""Whatever editors do to content of whatever type: the feed, the bundle and a full recomputation say the same."""

from __future__ import annotations

import random

import pytest

from cityinfo import registry
from cityinfo.features import contacts, content, locations, organizations, pages, tenants
from cityinfo.features.locations import Address
from cityinfo.features.organizations import OrganizationFacts
from cityinfo.kernel.errors import Problem
from tests.factories import CONTENT_SWITCHES, EDITOR, make_city, plant, rebuild, switch
from tests.factories_entries import found, revision_of, write, write_in
from tests.factories_events import change as change_event
from tests.factories_events import hold
from tests.factories_news import announce
from tests.factories_offers import change_offer, offer, publish_imprint
from tests.factories_places import change_contact, change_location, introduce, settle

LANGUAGES = ("de", "en", "ar")
SWITCHES = (*CONTENT_SWITCHES, "push_notifications", "fallback")
WITHOUT_EDITORS = {"media"}  # made by uploading


def change_organization(db, entry_id, dice):
    targets = content.related(db, [entry_id], organizations.PART_OF)
    facts = OrganizationFacts(
        website=f"https://{dice.randrange(9)}.example", part_of=next(iter(targets.get(entry_id, ())), None)
    )
    organizations.change(db, entry_id, facts, revision=revision_of(db, entry_id), actor=EDITOR)


def change_page(db, entry_id, dice):
    known = organizations.all_ids(db)
    chosen = dice.choice([None, *known])
    pages.set_organization(db, entry_id, chosen, revision=revision_of(db, entry_id), actor=EDITOR)


def change_place(city, entry_id, dice):
    change_location(city, entry_id, address=Address(street=f"Weg {dice.randrange(99)}"))


def change_desk(city, entry_id, dice):
    with city.read() as db:
        places = locations.all_ids(db)
    place = dice.choice([None, *places])
    change_contact(city, entry_id, phone=f"0821 324{dice.randrange(10, 99)}", location=place)


def change_help(city, entry_id, dice):
    with city.read() as db:
        places, desks = locations.all_ids(db), contacts.all_ids(db)
    chosen = {"locations": dice.sample(places, min(2, len(places))), "contacts": dice.sample(desks, min(2, len(desks)))}
    change_offer(city, entry_id, sort="service", **chosen)


def change_date(city, entry_id, dice):
    with city.read() as db:
        places = locations.all_ids(db)
    change_event(city, entry_id, f"2099-05-{dice.randrange(10, 28)}T18:00", location=dice.choice([None, *places]))


def within(change):
    """A change that is made in a unit of work."""

    def made(city, entry_id, dice):
        with city.write() as db:
            change(db, entry_id, dice)

    return made


def show_contact(city, entry_id, dice):
    """Whatever has words can show a contact card."""
    with city.read() as db:
        desks = contacts.all_ids(db)
    card = f'<contact-card entry="{dice.choice(desks)}" show="phone address"></contact-card>' if desks else ""
    write(city, entry_id, f"Mit Karte {dice.randrange(10_000)}", text=f"<p>Hier.</p>{card}")


def nothing(city, entry_id, dice):
    """News and the imprint are words alone."""


# Kind → how an editor makes an entry with words, and how one changes what stands beside them.
KINDS = {
    "page": (plant, within(change_page)),
    "organization": (found, within(change_organization)),
    "location": (settle, change_place),
    "contact": (introduce, change_desk),
    "offer": (offer, change_help),
    "event": (lambda city, name: hold(city, name, "2099-05-01T18:00"), change_date),
    "imprint": (publish_imprint, nothing),
    "news": (announce, nothing),
}


class Follower:
    """A phone that reads the bundle once and then only what changed."""

    def __init__(self, client, language):
        self._client, self._here = client, f"/api/v1/tenants/teststadt/{language}"
        bundle = self.bundle()
        self.kept, self._cursor = self._of(bundle["items"]), bundle["cursor"]

    def bundle(self):
        return self._client.get(f"{self._here}/bundle").json

    def follow(self):
        more = True
        while more:
            answer = self._client.get(f"{self._here}/changes", query_string={"since": self._cursor, "limit": 7}).json
            for item in answer["items"]:
                self.kept.pop((item["kind"], item["id"]), None)
                self.kept.update(self._of([item]))
            self._cursor, more = answer["cursor"], answer["more"]
        return self.kept

    def full(self):
        return self._of(self.bundle()["items"])

    @staticmethod
    def _of(items):
        return {(item["kind"], item["id"]): item["document"] for item in items if not item["removed"]}


class Editors:
    """Do one thing after another, at random; what is refused is refused whole."""

    def __init__(self, city, dice):
        self._city, self._dice = city, dice
        self._entries = []

    def step(self):
        actions = [self._make, self._write, self._write, self._hide, self._archive]
        actions += [self._change, self._show, self._switch]
        action = self._dice.choice(actions)
        try:
            action() if self._entries or action == self._make else self._make()
        except Problem:
            return

    def _make(self):
        kind = self._dice.choice(sorted(KINDS))
        self._entries.append((kind, KINDS[kind][0](self._city, f"Neu {self._dice.randrange(10_000)}")))

    def _write(self):
        _, entry_id = self._dice.choice(self._entries)
        language, public = self._dice.choice(LANGUAGES), self._dice.random() < 0.8
        with self._city.write() as db:
            write_in(db, entry_id, f"Titel {self._dice.randrange(10_000)}", language=language, public=public)

    def _hide(self):
        _, entry_id = self._dice.choice(self._entries)
        with self._city.write() as db:
            content.take_offline(db, entry_id, [self._dice.choice(LANGUAGES)], actor=EDITOR)

    def _archive(self):
        _, entry_id = self._dice.choice(self._entries)
        with self._city.write() as db:
            entry = content.find_entry(db, entry_id)
            content.set_archived(db, entry, entry.archived_at is None, revision=entry.revision, actor=EDITOR)

    def _change(self):
        kind, entry_id = self._dice.choice(self._entries)
        KINDS[kind][1](self._city, entry_id, self._dice)

    def _switch(self):
        """The city no longer wants a kind of content, or wants it again."""
        feature = self._dice.choice(SWITCHES)
        with self._city.read() as db:
            on = tenants.offers(db, feature)
        switch(self._city, **{feature: not on})
        rebuild(self._city)

    def _show(self):
        kind, entry_id = self._dice.choice(self._entries)
        if kind in ("page", "event", "offer", "location"):
            show_contact(self._city, entry_id, self._dice)


def test_every_kind_takes_part():
    assert {one.kind for one in registry.CONTENT_TYPES} - WITHOUT_EDITORS == set(KINDS)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("seed", "fallback"), [(1, True), (2, False), (3, True)])
def test_feed_bundle_and_recomputation_agree_after_whatever_editors_do(database, client, seed, fallback):
    city = make_city(
        database, "teststadt", languages=LANGUAGES, features={"fallback": fallback, "push_notifications": True}
    )
    editors = Editors(city, random.Random(seed))
    followers = [Follower(client, language) for language in LANGUAGES]
    for _ in range(12):
        for _ in range(5):
            editors.step()
        for follower in followers:
            assert follower.follow() == follower.full()
        with city.read() as db:
            assert not list(registry.PROJECTOR.verify(db))
    assert any(follower.kept for follower in followers)
