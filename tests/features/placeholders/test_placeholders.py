"""Facts in place of placeholders: what readers see when something is said, and when it is not."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from cityinfo import registry
from cityinfo.features import archives, placeholders, publishing, tenants
from cityinfo.features.placeholders import Declared
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Invalid
from tests.factories import EDITOR, City, plant, save, translate
from tests.factories_media import library_of

TEMPLATE = Path(__file__).parents[3] / "tenants" / "municipality-de"
PHONE = Declared(key="youth_office.phone", kind="phone", required=True, label={"de": "Telefon des Jugendamts"})
NAME = Declared(key="youth_office.name", kind="text", translated=True, label={"de": "Name des Jugendamts"})
SITE = Declared(key="youth_office.url", kind="url")
ASKED = (PHONE, NAME, SITE)


@pytest.fixture
def city(city):
    with city.write() as db:
        placeholders.declare(db, ASKED, actor=EDITOR)
    return city


def fill(city, **values):
    """Say facts: `phone`, `name_de`, and so on."""
    wanted = {}
    for name, value in values.items():
        detail, _, language = name.partition("_")
        wanted[f"youth_office.{detail}", language] = value
    with city.write() as db:
        return placeholders.fill(db, wanted, actor=EDITOR)


def seen(city, page_id, language="de"):
    with city.read() as db:
        bodies = map(orjson.loads, publishing.payloads(db, language, "page"))
        return next((body for body in bodies if body["id"] == page_id), None)


def written(city, html, language="de"):
    with city.read() as db:
        return placeholders.write_out(db, language, [html])[0]


def test_a_fact_that_is_said_later_reaches_readers_without_anyone_publishing(city):
    page = plant(city, "Hilfe", content="<p>Rufen Sie an: {{ facts.youth_office.phone }}. Wir helfen.</p><p>Gern.</p>")
    assert seen(city, page)["content"] == "<p>Gern.</p>"
    assert fill(city, phone="030 23125000") == {"youth_office.phone"}
    link = '<a href="tel:+493023125000"><bdi dir="ltr">+49 30 23125000</bdi></a>'
    assert seen(city, page)["content"] == f"<p>Rufen Sie an: {link}. Wir helfen.</p><p>Gern.</p>"
    assert fill(city, phone="") == {"youth_office.phone"}
    assert seen(city, page)["content"] == "<p>Gern.</p>"


def test_the_excerpt_and_a_page_of_nothing_but_a_missing_fact_show_no_braces(city):
    page = plant(city, "Hilfe", content="<p>{{ facts.youth_office.name }}</p>")
    assert (seen(city, page)["content"], seen(city, page)["excerpt"]) == ("", "")
    fill(city, name_de="Jugendamt")
    assert (seen(city, page)["content"], seen(city, page)["excerpt"]) == ("<p>Jugendamt</p>", "Jugendamt")


def test_a_fact_is_said_in_the_language_of_the_text_or_in_the_one_it_is_translated_from(city):
    page = plant(city, "Hilfe", content="<p>Zum {{ facts.youth_office.name }} in {{ tenant.name }}</p>")
    translate(city, page, "en", "Help", content="<p>To the {{ facts.youth_office.name }}</p>")
    translate(city, page, "ar", "عون", content="<p>{{ facts.youth_office.name }}</p>")
    fill(city, name_de="Jugendamt", name_en="Youth Office")
    assert seen(city, page)["content"] == "<p>Zum Jugendamt in Stadt Teststadt</p>"
    assert seen(city, page, "en")["content"] == "<p>To the Youth Office</p>"
    assert seen(city, page, "ar")["content"] == "<p>Jugendamt</p>"


def test_the_name_of_the_city_follows_the_city(city):
    page = plant(city, "Hilfe", content="<p>{{ tenant.name }}</p>")
    with city.write() as db:
        from dataclasses import replace

        tenants.change(db, replace(tenants.facts_of(db), name="Neustadt"), actor=EDITOR)
    assert seen(city, page)["content"] == "<p>Stadt Neustadt</p>"


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<ul><li>A</li><li>B {{ facts.youth_office.url }}</li></ul>", "<ul><li>A</li></ul>"),
        ("<p>A</p><ul><li>{{ facts.youth_office.url }}</li></ul><p>B</p>", "<p>A</p><p>B</p>"),
        ("<h2>Mehr</h2><ul><li>{{ facts.youth_office.url }}</li></ul><h2>Ende</h2><p>B</p>", "<h2>Ende</h2><p>B</p>"),
        ("<h2>Mehr</h2><p>{{ facts.youth_office.url }}</p><p>B</p>", "<h2>Mehr</h2><p>B</p>"),
        ("<h2>Mehr</h2><p>{{ facts.youth_office.url }}</p>", ""),
        ("<ul><li><p>A</p><p>{{ facts.youth_office.url }}</p></li></ul>", "<ul><li><p>A</p></li></ul>"),
        ("<p>A</p><p>{{ facts.nobody.knows }} B</p>", "<p>A</p>"),
        ("<p>Ein {{ Rest von {{ facts.youth_office.url }}</p><p>x {{ y }} z</p>", "<p>x  y  z</p>"),
        ("bare {{ facts.youth_office.url }} words", "bare  words"),
    ],
)
def test_what_is_not_said_takes_its_sentence_with_it_and_what_holds_nothing_then(city, html, left):
    assert written(city, html) == left


def test_a_value_is_no_markup_and_a_link_in_a_link_is_none(city):
    fill(city, name_de="Amt <script>alert(1)</script> & Söhne", url="https://amt.example/?a=1&b=2")
    assert written(city, "<p>{{ facts.youth_office.name }}</p>") == (
        "<p>Amt &lt;script&gt;alert(1)&lt;/script&gt; &amp; Söhne</p>"
    )
    assert written(city, '<p><a href="https://x.example">{{ facts.youth_office.url }}</a></p>') == (
        '<p><a href="https://x.example"><bdi dir="ltr">https://amt.example/?a=1&amp;b=2</bdi></a></p>'
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"phone": "anrufen"}, "Telefon des Jugendamts: .*anrufen"),
        ({"url": "amt"}, "“amt” is no web address"),
        ({"name_de": "x" * 501}, "at most 500 characters"),
        ({"name_de": "{{ facts.youth_office.phone }}"}, "no braces"),
        ({"name": "Amt"}, "not asked for in “”"),
        ({"phone_de": "110"}, "not asked for in “de”"),
        ({"name_xx": "Amt"}, "not asked for in “xx”"),
        ({"fax": "1"}, "No text asks for “youth_office.fax”"),
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_is_kept(city, values, sentence):
    with pytest.raises(Invalid, match=sentence):
        fill(city, url="https://amt.example", **values) if "url" not in values else fill(city, **values)
    with city.read() as db:
        assert placeholders.values(db) == {}


def test_what_is_missing_is_counted_and_where_it_is_used_is_told(city):
    plant(city, "Hilfe", content="<p>{{ facts.youth_office.phone }} {{ facts.youth_office.name }}</p>")
    other = plant(city, "Amt", content="<p>{{ facts.youth_office.phone }}</p>")
    save(city, other, "de", content="<p>nichts mehr</p>")
    with city.read() as db:
        assert placeholders.count_missing(db) == 1
        asked = {one.placeholder.key: (one.uses, one.is_missing) for one in placeholders.asked(db)}
    assert asked == {"youth_office.phone": (1, True), "youth_office.name": (1, False), "youth_office.url": (0, False)}
    fill(city, phone="112")
    with city.read() as db:
        assert placeholders.count_missing(db) == 0


def test_the_template_shows_no_reader_a_brace_and_carries_what_was_said(database, settings, tmp_path):
    library = library_of(database, settings)
    archives.apply(library, archives.read_folder(TEMPLATE))
    with database.unit_of_work(NO_TENANT) as db:
        city = City("municipality-de", tenants.find(db, "municipality-de").id, database)
    _check_no_braces(city)
    with city.write() as db:
        wanted = {}
        for one in placeholders.asked(db):
            samples = {"phone": "030 23125000", "email": "a@b.example", "url": "https://a.example"}
            for language in one.languages:
                wanted[one.placeholder.key, language] = samples.get(one.placeholder.kind, f"Probe {language}")
        placeholders.fill(db, wanted, actor=EDITOR)
        assert placeholders.count_missing(db) == 0
    _check_no_braces(city)
    archives.write_out(archives.collect(library, "municipality-de"), tmp_path / "out")
    assert "Probe de" in (tmp_path / "out" / "facts.toml").read_text()
    assert archives.apply(library, archives.read_folder(tmp_path / "out")).nothing_changed


def _check_no_braces(city):
    with city.read() as db:
        kinds = [one.kind for one in registry.CONTENT_TYPES]
        documents = [
            one for kind in kinds for language in ("de", "en") for one in publishing.payloads(db, language, kind)
        ]
        assert len(documents) > 100
        assert not [one for one in documents if b"{{" in one]
        assert not list(registry.PROJECTOR.verify(db))
