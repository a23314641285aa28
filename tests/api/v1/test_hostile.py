"""What nobody sends by mistake: refused in the words of the contract, quickly, and never with a 5xx."""

from __future__ import annotations

import gzip
import io
import json
import time

import pytest

from tests.editors import Editor
from tests.factories_media import picture

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
WORDS = {"facts": {}, "texts": {"de": {"title": "Arbeit"}}}
BODIES = {
    "lists within lists": b'{"facts":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "objects within objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "a number of many digits": b'{"facts":{"parent":' + b"9" * 100_000 + b"},%s" % json.dumps(WORDS).encode()[1:],
    "no number": b'{"facts":{"parent":NaN}}',
    "a name with half a character": b'{"facts":{},"\\ud83d":1}',
    "words with half a character": b'{"facts":{},"texts":{"de":{"title":"\\ud83d"}}}',
    "words with NUL": b'{"facts":{},"texts":{"de":{"title":"a\\u0000b"}}}',
    "other letters": json.dumps(WORDS).encode("utf-16"),
    "broken letters": b'{"facts":{},"texts":{"de":{"title":"\xff"}}}',
    "a list": b"[]",
    "nothing": b"",
    "null": b"null",
    "thousands of unknown fields": json.dumps({f"f{number}": 1 for number in range(50_000)}).encode(),
    "thousands of languages": json.dumps({"texts": {f"l{number}": {"title": "x"} for number in range(9_000)}}).encode(),
    "more than can be meant": b'"' + b"a" * 60_000_000 + b'"',
}
PUBLIC = {
    "/api/v1/auth/login": {"email": "amal@example.org", "password": "x"},
    "/api/v1/auth/refresh": {"refresh_token": "x"},
    "/api/v1/tenants/{city}/de/feedback": {"topic": "tenant", "comment": "x"},
}


@pytest.fixture
def amal(client, city):
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    return Editor(client, city)


def send(amal, data, path="/pages", **headers):
    headers = {**amal.headers, "Content-Type": "application/json", **headers}
    return amal.client.post(f"{amal.here}{path}", data=data, headers=headers)


def is_refused(answer):
    return answer.status_code in (400, 404, 413, 422) and answer.content_type == "application/problem+json"


@on_one_database
@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_makes_no_sense_is_refused_quickly_and_makes_nothing(amal, body):
    begun = time.monotonic()
    answer = send(amal, BODIES[body])
    assert is_refused(answer), answer.data
    assert len(answer.data) < 50_000
    assert time.monotonic() - begun < 10
    assert amal.get("/pages").json["items"] == []


@on_one_database
def test_a_squeezed_body_is_not_unfolded(amal):
    begun = time.monotonic()
    answer = send(amal, gzip.compress(b" " * 100_000_000 + json.dumps(WORDS).encode()), **{"Content-Encoding": "gzip"})
    assert is_refused(answer)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("word", ["\\u0000", "\\ud83d", "x" * 2_000_000])
def test_what_nobody_had_to_log_in_for_is_answered_as_described(client, city, path, word):
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    right = PUBLIC[path]
    for name in right:
        body = json.dumps({**right, name: "WORD"}).replace("WORD", word)
        answer = client.post(path.format(city=city.slug), data=body, headers={"Content-Type": "application/json"})
        assert answer.status_code < 500, (name, answer.data)
    unknown = json.dumps({**right, "WORD": 1}).replace("WORD", word)
    answer = client.post(path.format(city=city.slug), data=unknown, headers={"Content-Type": "application/json"})
    assert answer.status_code < 500, answer.data


@on_one_database
def test_a_form_of_thousands_of_parts_is_refused(amal):
    part = '--b\r\nContent-Disposition: form-data; name="words"\r\n\r\nx\r\n'
    answer = send(amal, part * 3_000 + "--b--", "/media", **{"Content-Type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 413


@on_one_database
def test_a_file_that_calls_itself_a_path_is_kept_under_its_last_name(amal):
    data = {"file": (io.BytesIO(picture()), "../../etc/passwd.jpg")}
    made = amal.client.post(f"{amal.here}/media?folder=x", data=data, headers=amal.headers)
    assert made.status_code == 201, made.json
    assert made.json["facts"]["name"] == "passwd.jpg"


@on_one_database
@pytest.mark.parametrize("nested", ["<div>", "<ul><li>", "<b id=%d></p>", "<blockquote>x"])
def test_markup_that_nests_thousands_deep_costs_no_more_than_other_markup(amal, nested):
    content = "".join(nested % number if "%" in nested else nested for number in range(60_000)) + "Wort"
    begun = time.monotonic()
    made = send(amal, json.dumps({"facts": {}, "texts": {"de": {"title": "x", "content": content}}}))
    assert made.status_code == 201
    assert time.monotonic() - begun < 10
    assert "Wort" in made.json["texts"]["de"]["current"]["content"]


@on_one_database
@pytest.mark.parametrize(
    "query", ["limit=" + "9" * 5_000, "q=%00", "q=%ED%A0%80", "cursor=" + "a" * 20_000, "language=%00", "limit=NaN"]
)
def test_a_query_that_makes_no_sense_is_answered_as_described(amal, query):
    assert amal.get(f"/pages?{query}").status_code in (200, 422)


@on_one_database
@pytest.mark.parametrize("path", ["/pages/%00", "/pages/" + "9" * 30, "/pages/1%0d%0aSet-Cookie:x", "/pages/%ED%A0%80"])
def test_an_address_that_makes_no_sense_leads_nowhere(amal, path):
    answer = amal.get(path)
    assert is_refused(answer)
    assert "Set-Cookie" not in answer.headers


@on_one_database
@pytest.mark.parametrize("key", ["a" * 201, " ", "ä", "a b", ""])
def test_a_key_that_is_none_is_refused_and_makes_nothing(amal, key):
    assert send(amal, json.dumps(WORDS), **{"Idempotency-Key": key}).status_code == 422
    assert amal.get("/pages").json["items"] == []


@on_one_database
@pytest.mark.parametrize("tag", ["W/{tag}", '{tag}, "other"', "'{tag}'", '"{long}"', "*", "", '"\xff"'])
def test_only_the_one_strong_tag_of_what_was_seen_lets_one_change_it(amal, tag):
    entry = amal.create()
    sent = tag.format(tag=entry.headers["ETag"], long="a" * 50_000)
    refused = amal.ask("PUT", f"/pages/{entry.json['id']}/texts/de", seen=sent, json={"title": "N", "content": ""})
    assert refused.status_code == (428 if sent in ("*", "", '"\xff"') else 412)
    assert amal.get(f"/pages/{entry.json['id']}").json["texts"]["de"]["title"] == "Arbeit"
