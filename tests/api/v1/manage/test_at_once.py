"""Programs that ask at once, or ask again, never make two of one thing, and never get an answer of someone else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.editors import Editor


@pytest.fixture
def amal(client, city):
    return Editor(client, city)


def at_once(*requests):
    """Answers to requests that several programs send at the same moment, each over a connection of its own."""
    together = Barrier(len(requests))

    def send(request):
        together.wait(timeout=10)
        return request()

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(send, requests))


def making(editor, title, key):
    """A request for a page, over a connection of its own."""
    client = editor.client.application.test_client()
    body = {"facts": {}, "texts": {"de": {"title": title}}}
    headers = {**editor.headers, "Idempotency-Key": key}
    return lambda: client.post(f"{editor.here}/pages", json=body, headers=headers)


def number_of_pages(editor):
    return len(editor.get("/pages").json["items"])


def test_one_key_sent_many_times_at_once_makes_one_page(amal):
    answers = at_once(*(making(amal, "Arbeit", "k1") for _ in range(6)))
    made = [one.json["id"] for one in answers if one.status_code == 201]
    assert len(made) >= 1
    assert len(set(made)) == 1
    assert {one.status_code for one in answers} <= {201, 409}
    assert number_of_pages(amal) == 1
    assert making(amal, "Arbeit", "k1")().json["id"] == made[0]


def test_one_key_for_two_things_at_once_makes_one_of_them(amal):
    answers = at_once(making(amal, "Arbeit", "k1"), making(amal, "Wohnen", "k1"))
    assert sorted(one.status_code for one in answers) in ([201, 409], [201, 422])
    assert number_of_pages(amal) == 1


def test_one_key_of_two_people_at_once_makes_two_pages(amal, client, city):
    other = Editor(client, city)
    answers = at_once(making(amal, "Arbeit", "k1"), making(other, "Arbeit", "k1"))
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json["id"] != answers[1].json["id"]


def test_of_two_who_change_the_same_at_once_one_is_told_of_the_other(amal):
    entry = amal.create()
    path = f"{amal.here}/pages/{entry.json['id']}/texts/de"
    headers = {**amal.headers, "If-Match": entry.headers["ETag"]}

    def writing(title):
        client = amal.client.application.test_client()
        return lambda: client.put(path, json={"title": title, "content": "<p>x</p>"}, headers=headers)

    answers = at_once(writing("Eins"), writing("Zwei"))
    assert sorted(one.status_code for one in answers) == [200, 412]
    refused = next(one for one in answers if one.status_code == 412)
    assert {refused.json["data"][side]["title"] for side in ("yours", "theirs")} == {"Eins", "Zwei"}
