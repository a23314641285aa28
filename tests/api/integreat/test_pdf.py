"""Printable documents, at the address that apps have always opened."""

from __future__ import annotations

import sys

import pytest

from cityinfo.adapters import typesetting
from tests.factories import plant, save, translate

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


def test_a_language_whose_script_cannot_be_printed_says_so(client, city):
    translate(city, plant(city, "Arbeit"), "ar", "العمل", content="<p>مرحبا بكم في المدينة</p>")
    answer = client.get("/teststadt/ar/wp-json/ig-mpdf/v1/pdf")
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
