"""Moving in, as a worker does it: from an application of our own, or from a city that a test writes down."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import orjson

from cityinfo.features import content, moving, publishing
from cityinfo.features.moving import CityChoices
from cityinfo.kernel import clock, jobs
from cityinfo.kernel.errors import Invalid, NotFound, Unavailable
from cityinfo.kernel.facts import Actor
from tests.factories import City
from tests.factories_media import DOCUMENT, picture

OLD = "http://alt.example"
EARLY, LATE = "2024-01-01T10:00:00.123+01:00", "2024-06-01T10:00:00.456+02:00"
JUST_NOW = (clock.now() - timedelta(hours=1)).isoformat()  # old messages leave by themselves
NOBODY = Actor("terminal")


class ClientServer:
    """The old server, answered by an application of our own."""

    def __init__(self, client) -> None:
        self._client = client

    def get(self, address, *, most, hosts):
        parts = urlsplit(address)
        assert parts.hostname in hosts
        answer = self._client.get(f"{parts.path}?{parts.query}", base_url=OLD)
        if answer.status_code == 404:
            raise NotFound("fetch.none", "There is nothing.")
        assert answer.status_code == 200, address
        return answer.data


class OldCity:
    """The old server with one city: what its lists say, by list and language, and its files by path.

    `breaks` are parts of addresses that are not answered at present, with how often.
    """

    def __init__(self, slug="kreis", languages=("de", "en")) -> None:
        self.slug, self.languages = slug, list(languages)
        self.lists: dict[tuple[str, str], list] = {
            (what, one): [] for one in languages for what in ("pages", "locations", "events", "news")
        }
        self.imprints: dict[str, dict] = {}
        self.files: dict[str, bytes] = {}
        self.region = {"name": "Landkreis Kreis", "prefix": "Landkreis", "name_without_prefix": "Kreis"}
        self.region |= {"latitude": 48.4, "longitude": 10.9, "plz": "86150", "events": True, "pois": True}
        self.breaks: dict[str, int] = {}
        self.asked: list[str] = []

    def get(self, address, *, most, hosts):
        parts = urlsplit(address)
        if parts.hostname not in hosts:
            raise Invalid("fetch.host", "This is another server.")
        self.asked.append(address)
        for part, times in self.breaks.items():
            if part in address and times:
                self.breaks[part] -= 1
                raise Unavailable("fetch.slow", "The server takes too long; try again later.")
        if parts.path in self.files:
            return self.files[parts.path]
        return orjson.dumps(self._answer(unquote(parts.path), parse_qs(parts.query)))

    def _answer(self, path, query):
        match path.strip("/").split("/")[2:]:
            case ["regions", self.slug]:
                return self.region
            case [self.slug, "languages"]:
                return [{"code": one} for one in self.languages]
            case [self.slug, language, "imprint"] if language in self.imprints:
                return self.imprints[language]
            case [self.slug, language, what] if (what, language) in self.lists:
                found = self.lists[what, language]
                return [one for one in found if one.get("on_map", True)] if "on_map" in query else found
        raise NotFound("fetch.none", "There is nothing.")

    # What there is

    def page(self, number, path, *, language="de", others=None, parent=(0, None), order=1, words="<p>Ja.</p>", **more):
        """A page in one language; `others` are numbers and paths in other languages."""
        said = {
            "id": number,
            "path": f"/{self.slug}/{language}/{path}/",
            "title": f"Seite {number}",
            "content": words,
            "last_updated": EARLY,
            "parent": {"id": parent[0], "path": parent[1] and f"/{self.slug}/{language}/{parent[1]}/"},
            "order": order,
            "available_languages": self.named(others),
            "thumbnail": None,
            "organization": None,
            "embedded_offers": [],
            **more,
        }
        self.lists["pages", language].append(said)
        return said

    def entry(self, what, number, path, *, language="de", others=None, **more):
        """A place or an event in one language."""
        said = {
            "id": number,
            "path": f"/{self.slug}/{language}/{what}/{path}/",
            "title": f"Ding {number}",
            "content": "",
            "last_updated": EARLY,
            "available_languages": self.named(others),
            "thumbnail": None,
            **more,
        }
        self.lists[what, language].append(said)
        return said

    def named(self, others):
        return {
            language: {"id": number, "path": f"/{self.slug}/{language}/{path}/"}
            for language, (number, path) in (others or {}).items()
        }


def a_city():
    """Three pages in German and English, of which one hangs below another."""
    old = OldCity()
    old.page(101, "willkommen", order=10, others={"en": (201, "welcome")})
    old.page(201, "welcome", language="en", order=10, others={"de": (101, "willkommen")})
    old.page(102, "willkommen/amt", parent=(7001, "willkommen"), others={"en": (202, "welcome/office")})
    old.page(202, "welcome/office", language="en", parent=(7001, "welcome"), others={"de": (102, "willkommen/amt")})
    old.page(103, "müll", order=20)
    return old


def a_full_city():
    """The same with something of every kind."""
    old = a_city()
    old.region["push_notifications"] = True
    old.files = {"/media/a.jpg": picture(), "/media/b.jpg": picture(colour="red"), "/media/c.pdf": DOCUMENT}
    words = f'<p><img src="{OLD}/media/b.jpg" alt="b"> <a href="/media/c.pdf">P</a> <a href="/kreis/en/welcome/">a</a>'
    old.lists["pages", "de"][2] |= {"thumbnail": f"{OLD}/media/a.jpg", "content": words}
    place = {"id": 61, "address": "Weg 1", "postcode": "86150", "town": "Ort", "latitude": 48.4, "longitude": 10.9}
    contact = {"area_of_responsibility": "Rat", "phone_number": "0821 123456"}
    of_place = {
        "organization": {"id": 5, "slug": "verein", "name": "Verein", "website": "https://verein.example"},
        "category": {"id": 9, "name": "Treffpunkt für alle", "color": "#1DC6C6", "icon": "meeting_point"},
    }
    old.entry("locations", 601, "haus", location=place, contacts=[contact], **of_place)
    rule = "DTSTART:20300501T080000\nRRULE:FREQ=WEEKLY;UNTIL=20310220T225959;BYDAY=WE"
    times = {"id": 51, "start": "2030-05-01T10:00:00+02:00", "end": "2030-05-01T11:00:00+02:00"}
    old.entry("events", 501, "fest", event=times, location={"id": 61}, recurrence_rule=rule)
    old.lists["news", "de"].append({"id": "local-7", "title": "Neu", "content": "Da.", "display_date": JUST_NOW})
    old.imprints = {"de": {"id": 901, "path": "/kreis/de/imprint/", "title": "Impressum", "content": "<p>Kreis</p>"}}
    return old


def ask(database, source, choices, server):
    return moving.request(database, source, choices, server=server, actor=NOBODY)


def run(library, requested, server, **options):
    """Do the job once, and raise what goes wrong in it."""
    wrong = []

    def job(run, **arguments):
        try:
            moving.move_in(run, **arguments, store=library.store, limits=library.limits, server=server, **options)
        except Exception as problem:
            wrong.append(problem)
            raise

    jobs.run_job(library.database, {moving.MOVE_IN: job}, requested.tenant_id, requested.job_id)
    if wrong:
        raise wrong[0]


def move(library, old, slug="neu", **choices) -> City:
    """Let the city come, for the first time or again."""
    requested = ask(library.database, OLD, CityChoices(slug=slug, region=old.slug, **choices), old)
    run(library, requested, old)
    return City(slug, requested.tenant_id, library.database)


def report_of(city):
    with city.read() as db:
        return moving.runs(db)[0].report


def published(city, language, kind="page"):
    """What readers see, by title."""
    with city.read() as db:
        bodies = [orjson.loads(one) for one in publishing.payloads(db, language, kind)]
    return {body["title"]: body for body in sorted(bodies, key=lambda body: body["title"])}


def version_count(city):
    with city.read() as db:
        return sum(
            len(content.versions(db, entry.id, language))
            for entry in content.entries_of(db, ("page", "location", "event", "contact", "imprint", "news"))
            for language in content.titles(db, entry.id)
        )
