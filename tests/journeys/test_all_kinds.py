"""Whatever editors do to content of whatever type: the feed, the bundle and a full recomputation say the same."""

from __future__ import annotations

import random

import pytest

from cityinfo import registry
from cityinfo.features import content, organizations, pages
from cityinfo.features.organizations import OrganizationFacts
from cityinfo.kernel.errors import Problem
from tests.factories import EDITOR, make_city, plant
from tests.factories_entries import found, revision_of, write_in

LANGUAGES = ("de", "en", "ar")
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


# Kind → how an editor makes an entry with words, and how one changes what stands beside them.
KINDS = {
    "page": (plant, change_page),
    "organization": (found, change_organization),
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
        action = self._dice.choice([self._make, self._write, self._write, self._hide, self._archive, self._change])
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
        with self._city.write() as db:
            KINDS[kind][1](db, entry_id, self._dice)


def test_every_kind_takes_part():
    assert {one.kind for one in registry.CONTENT_TYPES} - WITHOUT_EDITORS == set(KINDS)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("seed", "fallback"), [(1, True), (2, False), (3, True)])
def test_feed_bundle_and_recomputation_agree_after_whatever_editors_do(database, client, seed, fallback):
    city = make_city(database, "teststadt", languages=LANGUAGES, features={"fallback": fallback})
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
