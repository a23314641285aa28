"""What leaves a city as an archive makes the same city elsewhere: nothing is lost, nothing is changed."""

from __future__ import annotations

import random
import shutil
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from cityinfo.cli.demo import FOLDER
from cityinfo.features import (
    accounts,
    archives,
    contacts,
    content,
    events,
    feedback,
    imprint,
    locations,
    logins,
    media,
    news,
    offers,
    organizations,
    pages,
    search,
    tenants,
)
from cityinfo.features.content import TextDraft
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT, Base
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from cityinfo.settings import Settings
from tests.conftest import DATABASE_FILE, open_database, register_languages
from tests.factories import EDITOR, City, make_city
from tests.factories_media import library_of, picture, put

REFUSALS = (Conflict, Invalid, NotFound)
LANGUAGES = ("de", "en", "ar")
TITLES = ("Wohnen", "Über uns", "السكن", "Straße & Weg", "Wohnen!", "a b c", "x" * 80, "Ημέρα")
ON_SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@contextmanager
def elsewhere(sqlite_template, folder):
    """A service that has no city yet."""
    folder.mkdir()
    shutil.copy(sqlite_template, folder / DATABASE_FILE)
    settings = Settings(data_dir=folder)
    database = open_database(settings)
    register_languages(database)
    try:
        yield library_of(database, settings)
    finally:
        database.dispose()


def files_in(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def exported(library, slug, folder, requested=()):
    archives.write_out(archives.collect(library, slug, requested), folder)
    return files_in(folder)


def states_of(library, slug):
    with library.database.unit_of_work(NO_TENANT) as db:
        tenant_id = tenants.find(db, slug).id
    with library.database.unit_of_work(tenant_id) as db:
        ids = [entry.id for entry in content.entries_of(db, ("page", "event", "location"))]
        titles = content.titles_of(db, ids)
        found = content.states(db, ids)
        named = (
            (sorted(titles.get(one, {}).items()), language, str(state)) for (one, language), state in found.items()
        )
        return sorted(named)


class Newsroom:
    """A city in which someone does one thing after the other, of every kind; what is refused did not happen."""

    def __init__(self, city: City, library, seed: int) -> None:
        self.city, self.library, self.by = city, library, random.Random(seed)
        self.ids: dict[str, list[int]] = {}

    def one(self, kind: str) -> int | None:
        known = self.ids.get(kind)
        return self.by.choice(known) if known and self.by.random() < 0.8 else None

    def some(self, kind: str) -> list[int]:
        return [one for one in self.ids.get(kind, ()) if self.by.random() < 0.3]

    def work(self, acts: int) -> None:
        todo = [self.page, self.page, self.organization, self.location, self.contact, self.event, self.offer]
        todo += [self.message, self.file, self.text, self.text, self.text, self.text, self.publish, self.publish]
        todo += [self.archive, self.words_beside, self.single_date, self.decide, self.move, self.imprint]
        todo += [self.calendar, self.person, self.reader]
        for _ in range(acts):
            try:
                with self.city.write() as db:
                    self.by.choice(todo)(db)
            except REFUSALS:
                continue

    def _keep(self, kind: str, entry_id: int, db) -> None:
        self._say(db, entry_id, "de")
        db.after_commit.append(lambda: self.ids.setdefault(kind, []).append(entry_id))

    def _say(self, db, entry_id: int, language: str) -> None:
        text = content.text_of(db, entry_id, language)
        title = self.by.choice(TITLES) + (f" {self.by.randrange(30)}" if self.by.random() < 0.7 else "")
        draft = TextDraft(
            title=title,
            content=self._content(),
            revision=text.revision if text else 0,
            minor=self.by.random() < 0.2,
            origin=self.by.choice((content.HUMAN, content.HUMAN, content.MACHINE)),
            slug=self.by.choice((None, None, f"weg-{self.by.randrange(200)}")),
        )
        entry = content.find_entry(db, entry_id)
        save = pages.save_text if entry.kind == pages.KIND else content.save_text
        save(db, entry_id, language, draft, actor=EDITOR)

    def _content(self) -> str:
        parts = [f"<p>Satz {self.by.randrange(9)} mit &amp; und „“.</p>"]
        if (page := self.one("page")) is not None:
            parts.append(f'<p><a href="entry:{page}{self.by.choice(("", "/en"))}">dort</a></p>')
        if (contact := self.one("contact")) is not None:
            parts.append(f'<contact-card entry="{contact}" show="phone"></contact-card>')
        if (file := self.one("media")) is not None:
            parts.append(f'<p><img src="media:{file}" alt=""><a href="media:{file}">Datei</a></p>')
        if (event := self.one("event")) is not None:
            parts.append(f'<p><a href="entry:{event}">Fest</a></p>')
        return "".join(self.by.sample(parts, self.by.randint(1, len(parts))))

    def page(self, db) -> None:
        made = pages.plant(db, under=self.one("page"), actor=EDITOR)
        part = {"organization": self.one("organization"), "mirrors": self.one("page")}
        revision = content.find_entry(db, made.id).revision
        pages.change(db, made.id, part, revision=revision, actor=EDITOR)
        self._keep("page", made.id, db)

    def organization(self, db) -> None:
        facts = organizations.OrganizationFacts(
            sort=self.by.choice(sorted(organizations.SORTS)),
            logo=self.one("media"),
            part_of=self.one("organization"),
            partners=self.some("organization"),
        )
        if (known := self.one("organization")) and self.by.random() < 0.3:  # partners of each other
            organizations.change(db, known, facts, revision=content.find_entry(db, known).revision, actor=EDITOR)
        else:
            self._keep("organization", organizations.create(db, facts, actor=EDITOR).id, db)

    def location(self, db) -> None:
        given = [slug for slug, one in locations.all_categories(db).items() if not one.retired]
        facts = locations.LocationFacts(
            categories=self.by.sample(given, 2),
            address=locations.Address(street="Weg 1", town=self.by.choice(("", "Ort"))),
            latitude=48.5 if self.by.random() < 0.5 else None,
            longitude=10.25,
            hours=self.by.choice(("", "Mo-Fr 08:00-12:00; PH off")),
            accessibility={"toilet": "yes"} if self.by.random() < 0.5 else {},
            picture=self.one("media"),
            organization=self.one("organization"),
        )
        self._keep("location", locations.create(db, facts, actor=EDITOR).id, db)

    def contact(self, db) -> None:
        facts = contacts.ContactFacts(
            phone=self.by.choice(("", "030 23125000")),
            email=self.by.choice(("", "amt@stadt.example")),
            primary=self.by.random() < 0.3,
            location=self.one("location"),
            organization=self.one("organization"),
        )
        self._keep("contact", contacts.create(db, facts, actor=EDITOR).id, db)

    def event(self, db) -> None:
        starts = datetime.fromisoformat("2030-01-07T18:00") + timedelta(days=self.by.randrange(60))
        facts = events.EventFacts(
            starts=starts,
            ends=starts + timedelta(hours=2),
            rules=self.by.choice(((), ("FREQ=DAILY;COUNT=9",))),
            dates=self.by.choice(((), (starts + timedelta(days=40),))),
            categories=self.by.choice(((), ("Musik", "Fest"))),
            registration_url=self.by.choice(("", "https://anmelden.example")),
            location=self.one("location"),
            picture=self.one("media"),
        )
        self._keep("event", events.create(db, facts, actor=EDITOR).id, db)

    def single_date(self, db) -> None:
        event_id = self.one("event")
        if event_id is None:
            return
        at = datetime.fromisoformat(events.find(db, event_id).starts) + timedelta(days=self.by.randrange(4))
        revision = content.find_entry(db, event_id).revision
        act = self.by.randrange(3)
        if act == 0:
            times = self.by.choice((None, (at + timedelta(hours=1), at + timedelta(hours=3))))
            events.override(db, event_id, at, times, revision=revision, actor=EDITOR)
        elif act == 1:
            row = events.reword(db, event_id, at, revision=revision, actor=EDITOR)
            self._say(db, row.id, "de")
        else:
            place = events.Whereabouts(location=self.one("location"))
            events.relocate(db, event_id, at, place, revision=revision, actor=EDITOR)

    def offer(self, db) -> None:
        facts = offers.OfferFacts(
            sort="course",
            provider=self.one("organization"),
            locations=self.some("location"),
            contacts=self.some("contact"),
            spoken=("de",),
            cost_from=self.by.choice((None, 0, 250)),
            schedule=self.by.choice(((), ({"day": "mo", "from": "09:00", "to": "11:00"},))),
            deadline=self.by.choice((None, datetime(2031, 5, 1, 10, tzinfo=clock.now().tzinfo))),
        )
        self._keep("offer", offers.create(db, facts, actor=EDITOR).id, db)

    def message(self, db) -> None:
        made = news.create(db, news.MessageFacts(push=False, visible_from=clock.now()), actor=EDITOR)
        draft = TextDraft(title=f"Nachricht {self.by.randrange(99)}", content="<p>Heute.</p>")
        content.save_text(db, made.id, "de", draft, actor=EDITOR)
        if self.by.random() < 0.5:
            news.approve(db, made.id, revision=content.find_entry(db, made.id).revision, actor=EDITOR)

    def file(self, db) -> None:
        data = picture(40 + self.by.randrange(3), 30)
        name, words = f"bild-{self.by.randrange(5)}.jpg", {"de": "Ein Haus"}
        folder = self.by.choice(("", "haus/dach"))
        known = self.ids.setdefault("media", [])  # bytes come in a unit of work of their own

        def bring() -> None:
            known.append(put(self.library, self.city, data, name=name, folder=folder, **words))

        db.after_commit.append(bring)

    def text(self, db) -> None:
        entry_id = self.one(self.by.choice(("page", "page", "event", "location", "offer", "imprint")))
        if entry_id is not None:
            self._say(db, entry_id, self.by.choice(LANGUAGES))

    def publish(self, db) -> None:
        entry_id, language = self.one(self.by.choice(("page", "page", "event", "contact"))), self.by.choice(LANGUAGES)
        text = content.text_of(db, entry_id, language) if entry_id is not None else None
        if text is not None and entry_id is not None:
            content.publish_text(db, entry_id, language, revision=text.revision, actor=EDITOR)
            if self.by.random() < 0.2:
                self._schedule(db, entry_id, language)

    def _schedule(self, db, entry_id: int, language: str) -> None:
        revision, late = content.find_text(db, entry_id, language).revision, clock.now() + timedelta(days=300)
        content.schedule_text(db, entry_id, language, offline_at=late, revision=revision, actor=EDITOR)

    def words_beside(self, db) -> None:
        entry_id = self.one("page")
        if entry_id is not None:
            revision = content.find_entry(db, entry_id).revision
            content.set_keywords(db, entry_id, "de", ["Bleibe", "Wohnung"], revision=revision, actor=EDITOR)

    def archive(self, db) -> None:
        kind, module = self.by.choice((("page", pages), ("event", events), ("location", locations), ("media", media)))
        entry_id = self.one(kind)
        if entry_id is not None:
            revision = content.find_entry(db, entry_id).revision
            module.archive(db, entry_id, revision=revision, actor=EDITOR)

    def move(self, db) -> None:
        page_id = self.one("page")
        if page_id is not None:
            revision = content.find_entry(db, page_id).revision
            pages.move(db, page_id, under=self.one("page"), after=pages.Place.FIRST, revision=revision, actor=EDITOR)

    def imprint(self, db) -> None:
        known = imprint.open_imprint(db, actor=EDITOR)
        self._keep("imprint", known.id, db)

    def calendar(self, db) -> None:
        address, paused = f"https://kalender.example/{self.by.randrange(9)}.ics", self.by.random() < 0.5
        place = self.one("location")
        draft = events.CalendarDraft(name="Verein", address=address, language="de", paused=paused, location=place)
        events.add_calendar(db, draft, actor=EDITOR)

    def person(self, db) -> None:
        name = self.by.choice(("Eva", "Karim", "Zoë"))
        role, languages = self.by.choice((("editor", ()), ("manager", ()), ("translator", ("en",))))
        below = [one for one in [self.one("page")] if one and role == "editor"]
        draft = accounts.MembershipDraft(role=role, languages=languages, subtree=below)
        logins.invite(db, f"{name.lower()}@stadt.example", name=name, membership=draft, actor=EDITOR)

    def reader(self, db) -> None:
        query, comment = f"Wohnung {self.by.randrange(99)}", "Nichts\ngefunden „!“"
        said = feedback.Message(topic="search", query=query, comment=comment)
        feedback.send(db, said, language="de", address=str(self.by.randrange(99)), keep=timedelta(days=90))
        latest = feedback.listed(db)[0]
        if self.by.random() < 0.5:
            feedback.reply(db, latest.id, "Jetzt schon.", actor=EDITOR)

    def decide(self, db) -> None:
        act = self.by.randrange(4)
        if act == 0:
            slug, retired = self.by.choice(("tafel", "bad", "amt")), self.by.random() < 0.3
            look = {"names": {"de": slug}, "icon": "other", "color": "#585858", "retired": retired}
            locations.save_category(db, slug, **look, actor=EDITOR)
            locations.order_categories(db, self.by.sample(("tafel", "bad", "amt"), 3), actor=EDITOR)
        elif act == 1:
            search.add_synonyms(db, "de", ["Bleibe", f"Wohnung {self.by.randrange(9)}"], actor=EDITOR)
        elif act == 2:
            logins.style.set_style(db, logins.style.Style(sender="Ihre Stadt"), actor=EDITOR)
        elif (logo := self.one("media")) is not None:
            theme = tenants.Theme(light="#005a9c", logo=media.logo(db, logo))
            tenants.set_theme(db, theme, actor=EDITOR)


@ON_SQLITE
@pytest.mark.slow
@examples(
    max_examples=3,  # the demo city and killed runs walk the same way
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_a_random_city_comes_back_byte_for_byte(seed, settings, database, sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("random")
    library = library_of(database, settings)
    city = make_city(database, f"stadt-{database.identities.next()}", languages=LANGUAGES)
    Newsroom(city, library, seed).work(80)
    everything = archives.CHOICES
    first = exported(library, city.slug, folder / "first", everything)
    with elsewhere(sqlite_template, folder / "service") as there, archives.opened(folder / "first") as archive:
        archives.apply(there, archive)
        assert exported(there, city.slug, folder / "second", everything) == first
        assert states_of(there, city.slug) == states_of(library, city.slug)
        assert archives.apply(there, archive).nothing_changed
    with archives.opened(folder / "first") as archive:
        assert archives.apply(library, archive).nothing_changed


def test_the_demo_city_comes_back_from_a_zip_on_both_databases(settings, database, sqlite_template, tmp_path):
    library = library_of(database, settings)
    with elsewhere(sqlite_template, tmp_path / "service") as there:
        archives.apply(there, archives.read_folder(FOLDER))
        first = exported(there, "musterstadt", tmp_path / "first")
        archives.write_out(archives.collect(there, "musterstadt"), tmp_path / "musterstadt.zip")
    with archives.opened(tmp_path / "musterstadt.zip") as archive:
        archives.apply(library, archive)
    assert exported(library, "musterstadt", tmp_path / "second") == first
    assert archives.write_out(archives.collect(library, "musterstadt"), tmp_path / "again.zip") == len(first)
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "musterstadt.zip").read_bytes()


def test_what_is_gone_from_a_city_is_gone_from_its_folder(settings, database, tmp_path):
    library = library_of(database, settings)
    city = make_city(database, "teststadt")
    room = Newsroom(city, library, 1)
    with city.write() as db:
        room.location(db)
    (tmp_path / "out" / "NOTES.md").parent.mkdir()
    assert "locations" in str(exported(library, "teststadt", tmp_path / "out"))
    (tmp_path / "out" / "NOTES.md").write_text("mine")
    with city.write() as db:
        revision = content.find_entry(db, room.ids["location"][0]).revision
        locations.archive(db, room.ids["location"][0], revision=revision, actor=EDITOR)
    with city.write() as db:
        revision = content.find_entry(db, room.ids["location"][0]).revision
        locations.delete_for_good(db, room.ids["location"][0], revision=revision, actor=EDITOR)
    left = exported(library, "teststadt", tmp_path / "out")
    assert set(left) == {"tenant.toml", "NOTES.md"}


# Every table of a tenant: in an archive, made again from what is, or left out for a reason.
IN_ARCHIVES = set(
    "tenant_language entry text version address keywords relation page credit embedded_offer event event_override"
    " changed_occurrence location location_in_category location_category contact organization offer external_offer"
    " news_message imprint media_file synonym_group quality_gate letter_style second_factor_rule feed"
    " external_calendar placeholder placeholder_value".split()
)
ON_REQUEST = set("feedback membership".split())
MADE_AGAIN = set(
    "clock due embedding embedding_head head published reference text_words job feed_item delivery".split()
)
LEFT_OUT = {
    "audit": "what was done there stays there, sealed by its chain",
    "audit_head": "the same",
    "autosave": "words of people that nobody else reads",
    "said_passage": "aligned again when someone translates",
    "comment_thread": "what colleagues say to each other",
    "comment": "the same",
    "comment_mention": "the same",
    "proposal": "of people and organizations there",
    "organization_member": "the same",
    "api_token": "a secret",
    "webhook": "a secret",
    "webhook_delivery": "belongs to a webhook",
    "push_subscription": "of readers' phones",
    "delivery_receipt": "the same",
    "kept_answer": "answers to retries live a day",
    "sending": "counts what strangers sent",
    "sender_salt": "the same",
    "search_miss": "what readers looked for there",
    "location_import": "how to take back what was done there",
    "location_imported": "the same",
    "replacement": "the same",
    "replaced": "the same",
    "external_event": "a calendar is read anew; its events come as events of the city",
    "refused_event": "the same",
    "tenant_condition": "how the city is doing is measured anew",
    "media_quota": "set by whoever runs the service",
    "move_in": "where the city came from, and how far that is",
    "move_in_run": "the same",
    "moved_entry": "the same",
    "moved_text": "the same",
    "moved_file": "the same",
    "opening": "how a city on this service was opened",
    "clone": "how the city came to be on this service",
    "origin": "numbers of another city of this service",
    "text_origin": "the same",
    "following": "the same",
    "received": "the same",
    "taken_text": "the same",
    "taken_place": "the same",
    "declined": "the same",
    "offering": "given to cities of this service",
    "page_subscription": "the same as following",
    "correction": "what another city of this service was told",
    "follower": "who follows this city is told by them",
    "divergence": "the same",
    "detached": "is about origins, which stay behind",
    "decision": "a record of who did what and when, which stays where it was made",
}


def test_every_table_of_a_tenant_is_in_archives_or_left_out_for_a_reason():
    tables = {name for name, table in Base.metadata.tables.items() if "tenant_id" in table.c}
    assert tables == IN_ARCHIVES | ON_REQUEST | MADE_AGAIN | set(LEFT_OUT)
