"""Printable documents, at the address that apps have always opened."""

from __future__ import annotations

import sys
from io import BytesIO

import pytest
from pypdf import PdfReader

from cityinfo.adapters import typesetting
from tests.factories import make_city, plant, save, translate

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
HERE = "/teststadt/de/wp-json/ig-mpdf/v1/pdf"


@pytest.fixture
def source(monkeypatch):
    """What is handed to the typesetter's own program, and its real answer."""
    seen = []
    compiled = typesetting._compiled

    def note(text):
        seen.append(text.decode())
        return compiled(text)

    monkeypatch.setattr(typesetting, "_compiled", note)
    return seen


def test_all_pages_are_printed_in_the_order_of_the_tree(client, city, source):
    work = plant(city, "Arbeit", content="<p>Erst <strong>anmelden</strong>.</p>")
    plant(city, "Suche", under=work)
    plant(city, "Wohnen")
    answer = client.get(HERE)
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    places = [source[0].index(title) for title in ('#"Arbeit"', '#"Suche"', '#"Wohnen"')]
    assert places == sorted(places)
    assert 'level: 2)[#"Suche"]' in source[0]
    assert '#strong[#"anmelden";]' in source[0]


def test_a_page_is_printed_with_what_hangs_below_it(client, city, source):
    work = plant(city, "Arbeit")
    plant(city, "Suche", under=work)
    plant(city, "Wohnen")
    answer = client.get(HERE, query_string={"url": "/teststadt/de/arbeit/"})
    assert answer.data.startswith(b"%PDF-")
    assert "Suche" in source[0]
    assert "Wohnen" not in source[0]


def test_words_are_never_taken_for_instructions(client, city, source):
    words = "<p>#panic() $x$ // \\ [c] &lt;b&gt; @d</p><ul><li>e<ul><li>f</li></ul></li></ul>"
    plant(city, 'A "#eval(1) \\ [', content=words)
    assert client.get(HERE).data.startswith(b"%PDF-")


def test_a_second_request_prints_nothing_until_something_changes(client, city, source):
    page = plant(city, "Arbeit")
    client.get(HERE)
    client.get(HERE)
    assert len(source) == 1
    save(city, page, title="Beruf")
    client.get(HERE)
    assert len(source) == 2


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        ("ar", "العمل", "مرحبا بكم المدينة"),
        ("fa", "خانه", "شهر پدر گچ"),
        ("ti", "ስራሕ", "ሰላም እንቋዕ ብደሓን"),
        ("uk", "Робота", "Ласкаво просимо"),
    ],
)
def test_other_scripts_are_printed_as_words_that_can_be_searched(client, database, source, language, title, words):
    city = make_city(database, "teststadt", languages=("de", language))
    translate(city, plant(city, "Arbeit"), language, title, content=f"<p>{words} <strong>2026</strong></p>")
    answer = client.get(f"/teststadt/{language}/wp-json/ig-mpdf/v1/pdf")
    (page,) = PdfReader(BytesIO(answer.data)).pages
    printed = page.extract_text()
    assert all(word in printed for word in (title, *words.split(), "2026"))
    assert f"dir: {'rtl' if language in ('ar', 'fa') else 'ltr'}" in source[0]


def test_a_language_whose_script_cannot_be_printed_says_so(client, database):
    city = make_city(database, "teststadt", languages=("de", "zh-cn"))
    translate(city, plant(city, "Arbeit"), "zh-cn", "工作", content="<p>欢迎来到我们的城市</p>")
    answer = client.get("/teststadt/zh-cn/wp-json/ig-mpdf/v1/pdf")
    assert answer.status_code == 400
    assert "read it on the screen" in answer.json["error"]


@pytest.mark.parametrize("address", ["/gibtesnicht/de", "/teststadt/xx"])
def test_what_is_not_there_cannot_be_printed(client, city, address):
    assert client.get(f"{address}/wp-json/ig-mpdf/v1/pdf").status_code == 404


def test_a_document_that_cannot_be_made_is_an_answer_too(client, city, monkeypatch):
    plant(city, "Arbeit")
    monkeypatch.setattr(typesetting, "LONGEST", 0.001)
    answer = client.get(HERE)
    assert answer.status_code == 503
    assert "smaller part" in answer.json["error"]
    assert sys.executable not in answer.text
