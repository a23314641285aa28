"""Whoever subscribed is told everything that readers see anew: signed, in order, at least once, and nothing else."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from cityinfo.features import audit, pages, tenants, webhooks
from cityinfo.features.content import TextDraft
from cityinfo.features.logins import Seal
from cityinfo.features.webhooks import DROPPED, FAILING, GONE, SENT, WAITING, WebhookDraft
from cityinfo.features.webhooks import jobs as delivering
from cityinfo.kernel import jobs
from cityinfo.kernel.errors import Invalid, NotFound
from tests.factories import EDITOR, archive, delete, move, plant, save, take_offline, translate
from tests.factories_webhooks import (
    HERE,
    KINDS,
    SAFE,
    Receiver,
    deliveries,
    replay,
    signed_by,
    subscribe,
    webhook,
    work,
)

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def time():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def receiver(httpserver):
    return Receiver(httpserver)


def told(receiver):
    """What was said of texts, in order: kind, entry, language, whether it is gone."""
    return [
        (item["kind"], item["id"], item["language"], item["removed"])
        for item in receiver.items
        if item["kind"] != "outline"
    ]


def open_jobs(city):
    with city.read() as db:
        return db.scalars(select(jobs.Job.id).where(jobs.Job.finished_at.is_(None))).all()


def test_what_readers_see_anew_is_told_signed_and_without_words(city, receiver):
    _, secret = subscribe(city, receiver.address)
    page = plant(city, "Wohnen", content="<p>Geheim bis jetzt</p>")
    assert receiver.requests == []
    work(city)
    (request,) = receiver.requests
    assert signed_by(request, secret)
    assert not signed_by(request, "whsec_" + "A" * 43 + "=")
    assert (request.headers["content-type"], request.headers["webhook-id"][:4]) == ("application/json", "msg_")
    assert abs(int(request.headers["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 60
    (message,) = receiver.messages
    assert (message["type"], message["data"]["tenant"]) == ("content.changed", "teststadt")
    assert told(receiver) == [("page", page, "de", False)]
    assert {"outline", "page"} == {item["kind"] for item in message["data"]["items"]}
    assert b"Wohnen" not in request.get_data()
    assert b"Geheim" not in request.get_data()
    assert open_jobs(city) == []


def test_messages_arrive_in_order_and_meet_without_a_gap(city, receiver):
    subscribe(city, receiver.address)
    first = plant(city, "Wohnen")
    work(city)
    second = plant(city, "Arbeit")
    take_offline(city, first, ["de"])
    work(city)
    archive(city, second)
    delete(city, second)
    work(city)
    assert told(receiver) == [
        ("page", first, "de", False),
        ("page", second, "de", False),
        ("page", first, "de", True),
        ("page", second, "de", True),
    ]
    assert [one["seq"] for one in receiver.items] == sorted(one["seq"] for one in receiver.items)
    assert all(until == since for (_, until), (since, _) in zip(receiver.ranges, receiver.ranges[1:], strict=False))


@on_one_database
def test_drafts_and_what_was_there_before_are_not_told(city, receiver):
    plant(city, "Schon da")
    subscribe(city, receiver.address)
    plant(city, "Entwurf", public=False)
    work(city)
    assert receiver.requests == []
    assert open_jobs(city) == []


@on_one_database
def test_filters_choose_kinds_and_languages(city, receiver, httpserver):
    others, outlines = Receiver(httpserver, "/en"), Receiver(httpserver, "/outline")
    subscribe(city, receiver.address, kinds=["event"])
    subscribe(city, others.address, kinds=["page"], languages=["en"])
    subscribe(city, outlines.address, kinds=["outline"])
    page = plant(city, "Wohnen")
    translate(city, page, "en", "Housing")
    other = plant(city, "Arbeit")
    move(city, other, under=page)
    work(city)
    assert receiver.requests == []
    assert told(others) == [("page", page, "en", False)]
    assert {(item["kind"], item["language"]) for item in outlines.items} == {("outline", None)}
    assert {item["id"] for item in outlines.items} == {page, other}


@on_one_database
def test_what_no_fact_tells_is_told_all_the_same(city, receiver):
    """A language that is switched off takes its documents away in a job of its own."""
    page = plant(city, "Wohnen")
    translate(city, page, "en", "Housing")
    subscribe(city, receiver.address, languages=["en"])
    with city.write() as db:
        tenants.set_languages(db, [tenants.LanguageChoice(slug="de")], actor=EDITOR)
    work(city)
    work(city)
    assert ("page", page, "en", True) in told(receiver)


@on_one_database
def test_a_city_is_told_of_by_its_own_webhooks_only(city, other_city, receiver):
    subscribe(city, receiver.address)
    plant(other_city, "Fremd")
    work(city)
    assert receiver.requests == []


@on_one_database
def test_many_documents_of_one_number_arrive_in_pieces_that_meet(city, receiver, monkeypatch):
    monkeypatch.setattr("cityinfo.features.webhooks.rules.MOST_ITEMS", 2)
    subscribe(city, receiver.address, kinds=["page"])
    planted = []
    with city.write() as db:
        for title in ("Eins", "Zwei", "Drei", "Vier", "Fünf"):
            page = pages.create(db, TextDraft(title=title, content=""), language="de", actor=EDITOR)
            pages.publish(db, page.id, "de", revision=1, actor=EDITOR)
            planted.append(page.id)
    work(city)
    assert [len(message["data"]["items"]) for message in receiver.messages] == [2, 2, 1]
    assert [item["id"] for item in receiver.items] == planted


# When nobody takes it


def test_what_fails_is_tried_again_later_and_later_and_then_goes_on_in_order(city, receiver, time):
    hook, secret = subscribe(city, receiver.address)
    receiver.status = 500
    first = plant(city, "Wohnen")
    work(city)
    work(city)
    assert len(receiver.requests) == 1  # not before its time
    second = plant(city, "Arbeit")
    work(city)
    assert len(receiver.requests) == 1  # and news does not hurry it
    time.shift(timedelta(seconds=21))
    work(city)
    time.shift(timedelta(seconds=21))
    work(city)
    assert len(receiver.requests) == 2
    receiver.status = 200
    time.shift(timedelta(seconds=41))
    work(city)
    assert told(receiver)[-2:] == [("page", first, "de", False), ("page", second, "de", False)]
    ids = [request.headers["webhook-id"] for request in receiver.requests]
    assert ids[0] == ids[1] == ids[2] != ids[3]  # a receiver that knows the message already can tell
    assert all(signed_by(request, secret) for request in receiver.requests)
    assert webhook(city, hook).failing_since is None


@on_one_database
def test_the_log_says_how_messages_went_and_keeps_no_words_of_the_receiver(city, receiver, time):
    hook, _ = subscribe(city, receiver.address)
    receiver.status = 503
    plant(city, "Wohnen")
    work(city)
    (row,) = deliveries(city, hook)
    assert (row.state, row.attempts, row.status, row.failure) == (WAITING, 1, 503, "webhook.status")
    receiver.status = 200
    time.shift(HOUR)
    work(city)
    (row,) = deliveries(city, hook)
    assert (row.state, row.attempts, row.status, row.failure, row.tried_at) == (SENT, 2, 200, "", START + HOUR)
    assert "words of the receiver" not in repr(vars(row))
    time.shift(31 * DAY)
    webhooks.look_after(city.database)
    assert deliveries(city, hook) == []


def test_after_days_of_failures_it_is_switched_off_with_a_note(city, receiver, time):
    hook, _ = subscribe(city, receiver.address)
    receiver.status = 500
    plant(city, "Wohnen")
    for _ in range(40):
        work(city)
        time.shift(timedelta(hours=4))
    off = webhook(city, hook)
    assert (off.active, off.note, open_jobs(city)) == (False, FAILING, [])
    assert len(receiver.requests) == 31  # every four hours for five days
    with city.read() as db:
        (row,) = audit.page(db, audit.Wanted(action="WebhookStopped")).rows
    assert (row.actor, row.entry_id) == ("system", hook)
    receiver.status = 200
    later = plant(city, "Arbeit")
    work(city)
    assert len(receiver.requests) == 31
    with city.write() as db:
        draft = WebhookDraft(address=receiver.address)
        webhooks.change(db, hook, draft, known_kinds=KINDS, actor=EDITOR)
    work(city)
    assert told(receiver)[-1] == ("page", later, "de", False)  # what it missed is told then
    assert (webhook(city, hook).note, webhook(city, hook).failing_since) == ("", None)


@on_one_database
def test_a_receiver_that_says_gone_is_not_asked_again(city, receiver):
    hook, _ = subscribe(city, receiver.address)
    receiver.status = 410
    plant(city, "Wohnen")
    work(city)
    assert (webhook(city, hook).active, webhook(city, hook).note) == (False, GONE)


class Killed(BaseException):
    """As when the process ends: nothing of ours runs any more."""


@pytest.mark.parametrize("arrived", [True, False])
def test_a_worker_that_is_killed_loses_nothing(city, receiver, time, arrived):
    class Dying:
        def send(self, address, body, *, headers):
            if arrived:
                HERE.send(address, body, headers=headers)
            raise Killed

    subscribe(city, receiver.address)
    page = plant(city, "Wohnen")
    with pytest.raises(Killed):
        work(city, sender=Dying())
    time.shift(timedelta(minutes=3))  # its lease is over
    work(city)
    assert told(receiver) == [("page", page, "de", False)] * (2 if arrived else 1)
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1


@on_one_database
def test_a_promise_whose_job_was_given_up_is_made_anew(city, receiver, time):
    subscribe(city, receiver.address)
    page = plant(city, "Wohnen")
    with city.write() as db:
        (job,) = db.scalars(select(jobs.Job).where(jobs.Job.name == webhooks.DELIVER))
        job.run_after = None
    work(city)
    assert receiver.requests == []
    assert webhooks.look_after(city.database) == 1
    assert webhooks.look_after(city.database) == 0
    work(city)
    assert told(receiver) == [("page", page, "de", False)]


def test_what_is_published_while_the_last_message_is_on_its_way_is_told_too(city, receiver):
    planted = []

    class Slow:
        def send(self, address, body, *, headers):
            if not planted:
                writer = threading.Thread(target=lambda: planted.append(plant(city, "Dazwischen")))
                writer.start()
                writer.join()
            return HERE.send(address, body, headers=headers)

    subscribe(city, receiver.address, kinds=["page"])
    first = plant(city, "Wohnen")
    work(city, sender=Slow())
    assert told(receiver) == [("page", first, "de", False), ("page", planted[0], "de", False)]
    assert open_jobs(city) == []


def test_what_is_published_between_the_last_look_and_the_end_of_the_job_is_told_too(city, receiver, monkeypatch):
    """It finds a job and promises none, so the job must look once more where no publication can pass it."""
    look, planted = delivering._next_message, []

    def look_and_be_overtaken(run, webhook_id):
        found = look(run, webhook_id)
        if found is None and not planted:
            planted.append(plant(city, "Dazwischen"))
        return found

    monkeypatch.setattr(delivering, "_next_message", look_and_be_overtaken)
    subscribe(city, receiver.address, kinds=["page"])
    first = plant(city, "Wohnen")
    work(city)
    assert told(receiver) == [("page", first, "de", False), ("page", planted[0], "de", False)]
    assert open_jobs(city) == []


# Once more


def test_everything_since_a_number_is_told_once_more(city, receiver):
    hook, _ = subscribe(city, receiver.address, kinds=["page"])
    first, second = plant(city, "Wohnen"), plant(city, "Arbeit")
    work(city)
    (seq, _) = [item["seq"] for item in receiver.items]
    receiver.requests.clear()
    replay(city, hook, since=seq)
    work(city)
    assert told(receiver) == [("page", second, "de", False)]
    replay(city, hook)
    work(city)
    assert told(receiver)[1:] == [("page", first, "de", False), ("page", second, "de", False)]


@on_one_database
def test_a_replay_drops_what_was_under_way_even_when_it_arrives_in_between(city, receiver):
    hook, _ = subscribe(city, receiver.address, kinds=["page"])
    first = plant(city, "Wohnen")
    work(city)
    second = plant(city, "Arbeit")

    class Interrupted:
        def __init__(self):
            self.calls = 0

        def send(self, address, body, *, headers):
            self.calls += 1
            if self.calls == 1:
                replay(city, hook)
            return HERE.send(address, body, headers=headers)

    work(city, sender=Interrupted())
    assert [entry for _, entry, _, _ in told(receiver)] == [first, second, first, second]
    assert [row.state for row in deliveries(city, hook)] == [SENT, DROPPED, SENT]


@on_one_database
@pytest.mark.parametrize("since", [-1, 10_000])
def test_there_is_no_replay_from_a_number_that_is_none(city, receiver, since):
    hook, _ = subscribe(city, receiver.address)
    with pytest.raises(Invalid, match="The newest number is"):
        replay(city, hook, since=since)


# Secrets


@on_one_database
def test_two_secrets_sign_while_they_are_exchanged(city, receiver, time):
    hook, old = subscribe(city, receiver.address)
    with city.write() as db:
        new = webhooks.rotate(db, hook, overlap=DAY, safe=SAFE, actor=EDITOR)
    page = plant(city, "Wohnen")
    work(city)
    assert signed_by(receiver.requests[0], old)
    assert signed_by(receiver.requests[0], new)
    time.shift(DAY)
    save(city, page, content="<p>Neu</p>")
    work(city)
    assert not signed_by(receiver.requests[1], old)
    assert signed_by(receiver.requests[1], new)
    time.shift(HOUR)
    webhooks.look_after(city.database)
    assert webhook(city, hook).former_secret == ""


@on_one_database
def test_a_secret_is_kept_hidden_and_useless_under_another_key(city, receiver, time):
    hook, secret = subscribe(city, receiver.address)
    kept = webhook(city, hook).secret
    assert secret.removeprefix("whsec_") not in kept
    assert SAFE.reveal(kept) == secret
    plant(city, "Wohnen")
    for other in (Seal("another key", hidden="webhooks"), Seal("only-in-tests", hidden="logins")):
        work(city, safe=other)
        time.shift(HOUR)
    assert receiver.requests == []
    assert deliveries(city, hook)[0].failure == "secret.key"


# Who may be told


@on_one_database
@pytest.mark.parametrize(
    "address",
    [
        "http://city.example/hook",
        "ftp://city.example/hook",
        "https://",
        "https://user:word@city.example/",
        "https://city.example/#part",
        "https://city.example/a\nb",
        "https://city.example:port/",
        "https://city.example/" + "a" * 2_000,
    ],
)
def test_an_address_that_is_none_is_refused(city, address):
    with pytest.raises(Invalid, match="webhook's address"):
        subscribe(city, address)


@on_one_database
@pytest.mark.parametrize("filters", [{"kinds": ["pages"]}, {"languages": ["fr"]}])
def test_a_filter_that_would_never_match_is_refused(city, filters):
    with pytest.raises(Invalid, match="choose from"):
        subscribe(city, "https://city.example/hook", **filters)


@on_one_database
def test_a_city_has_so_many_and_removed_ones_are_told_nothing(city, receiver):
    hooks = [subscribe(city, receiver.address)[0] for _ in range(20)]
    with pytest.raises(Invalid, match="at most 20"):
        subscribe(city, receiver.address)
    plant(city, "Wohnen")
    for hook in hooks:
        with city.write() as db:
            webhooks.delete(db, hook, actor=EDITOR)
    work(city)
    assert receiver.requests == []
    with pytest.raises(NotFound):
        webhook(city, hooks[0])


@on_one_database
def test_everything_that_is_done_to_a_webhook_is_on_record(city, receiver):
    hook, _ = subscribe(city, receiver.address)
    replay(city, hook)
    with city.write() as db:
        webhooks.rotate(db, hook, safe=SAFE, actor=EDITOR)
        draft = WebhookDraft(address=receiver.address, active=False)
        webhooks.change(db, hook, draft, known_kinds=KINDS, actor=EDITOR)
        webhooks.delete(db, hook, actor=EDITOR)
    with city.read() as db:
        rows = audit.page(db, audit.Wanted(kind="webhook", entry_id=hook)).rows
    done = ["WebhookAdded", "WebhookReplayed", "WebhookRotated", "WebhookChanged", "WebhookRemoved"]
    assert [row.action for row in reversed(rows)] == done
