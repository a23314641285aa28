"""Every message is told once in each language over each channel, after readers can see it, and never as a draft."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from sqlalchemy import select

from cityinfo.features import news, publishing, tenants
from cityinfo.features.news import FCM, MAIN, WEBPUSH, Delivery
from cityinfo.kernel import jobs
from cityinfo.kernel.errors import Gone, Invalid, Unavailable
from tests.factories import EDITOR, make_city
from tests.factories_news import (
    Phone,
    add_language,
    announce,
    approve,
    archive,
    draft,
    move_end,
    schedule,
    states,
    subscribe,
    work,
)

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DOWN = Unavailable("fcm.down", "Down.")


@pytest.fixture
def time():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(database, time):
    return make_city(database, "teststadt", features={"push_notifications": True})


@pytest.fixture
def firebase():
    return Phone()


@pytest.fixture
def browsers():
    return Phone()


@pytest.fixture
def senders(firebase, browsers):
    return {FCM: firebase, WEBPUSH: browsers}


def topics(phone):
    return sorted(language for language, _, to in phone.told if to is None)


def test_a_scheduled_message_is_told_once_it_is_visible_and_not_before(city, time, senders, firebase):
    message = announce(city, "Wasser abkochen", visible_from=START + HOUR)
    work(city, senders=senders)
    assert (firebase.told, states(city, message)) == ([], {})
    time.move_to(START + HOUR)
    work(city, senders=senders)
    assert firebase.told == [("de", message, None)]
    for _ in range(3):
        work(city, senders=senders)
    assert len(firebase.told) == 1
    assert states(city, message) == {("de", FCM): "sent", ("de", WEBPUSH): "sent"}


def test_when_a_phone_is_told_the_message_can_be_read(city, senders, firebase):
    readable = []

    class Reader(Phone):
        def send(self, notice, to):
            with city.read() as db:
                readable.append(publishing.payloads_of(db, notice.language, news.KIND, [notice.number]))

    announce(city, "Wasser abkochen")
    work(city, senders={**senders, FCM: Reader()})
    assert len(readable) == 1
    assert readable[0]


@on_one_database
def test_drafts_are_never_told_even_when_their_moment_comes(city, time, senders, firebase):
    message = draft(city, "Entwurf", visible_from=START + HOUR)
    time.move_to(START + DAY)
    work(city, senders=senders)
    assert (firebase.told, states(city, message)) == ([], {})


@on_one_database
def test_a_notice_says_what_a_phone_shows(city, senders, firebase):
    message = announce(city, "إغلاق", language="ar", text="<p>يوم <strong>الجمعة</strong> &amp; غدا</p>")
    work(city, senders=senders)
    (notice,) = firebase.notices
    assert (notice.city, notice.language, notice.number) == ("teststadt", "ar", message)
    assert (notice.title, notice.body) == ("إغلاق", "يوم الجمعة & غدا")
    assert notice.path == f"/teststadt/ar/news/local-{message}"
    assert notice.seconds == DAY.total_seconds()


@on_one_database
def test_in_main_language_mode_every_language_is_told_and_a_translation_that_comes_later_is_not(
    city, senders, firebase
):
    message = announce(city, "Wasser abkochen", mode=MAIN)
    work(city, senders=senders)
    assert topics(firebase) == ["ar", "de", "en"]
    assert {one.title for one in firebase.notices} == {"Wasser abkochen"}
    add_language(city, message, "en", "Boil water")
    work(city, senders=senders)
    assert topics(firebase) == ["ar", "de", "en"]


@on_one_database
def test_in_the_other_mode_a_translation_is_told_when_it_is_published(city, senders, firebase):
    message = announce(city, "Wasser abkochen")
    add_language(city, message, "en", "Boil water", public=False)
    work(city, senders=senders)
    assert topics(firebase) == ["de"]
    add_language(city, message, "en", "Boil the water")
    work(city, senders=senders)
    assert [(one.language, one.title) for one in firebase.notices] == [
        ("de", "Wasser abkochen"),
        ("en", "Boil the water"),
    ]


def test_one_channel_that_fails_is_tried_again_alone(city, time, browsers):
    firebase = Phone(DOWN, DOWN)
    subscribe(city, "anna")
    message = announce(city, "Wasser abkochen")
    senders = {FCM: firebase, WEBPUSH: browsers}
    work(city, senders=senders)
    assert states(city, message) == {("de", FCM): "waiting", ("de", WEBPUSH): "sent"}
    with city.read() as db:
        assert [one.failure for one in news.deliveries(db, message)] == ["Unavailable fcm.down", ""]
    work(city, senders=senders)
    assert len(firebase.failing) == 1, "it was tried again without a pause"
    for _ in range(3):
        time.shift(5 * 60)
        work(city, senders=senders)
    assert states(city, message) == {("de", FCM): "sent", ("de", WEBPUSH): "sent"}
    assert (len(firebase.told), len(browsers.told)) == (1, 1)


@on_one_database
def test_what_is_refused_for_good_is_given_up_at_once_and_an_editor_may_try_again(city, time, senders):
    message = announce(city, "Wasser abkochen")
    work(city, senders={**senders, FCM: Phone(Invalid("fcm.refused", "No."))})
    assert states(city, message)["de", FCM] == "failed"
    with city.write() as db:
        for row in news.deliveries(db, message):
            news.send_again(db, row.id)
    work(city, senders=senders)
    assert states(city, message)["de", FCM] == "sent"
    assert len(senders[FCM].told) == 1


@on_one_database
def test_what_fails_for_hours_is_given_up_in_the_end(city, time):
    firebase = Phone(*[DOWN] * 50)
    message = announce(city, "Wasser abkochen")
    for _ in range(10):
        work(city, senders={FCM: firebase})
        time.shift(3601)
    assert states(city, message)["de", FCM] == "failed"
    assert 50 - len(firebase.failing) == jobs.MOST_ATTEMPTS


@on_one_database
def test_a_window_that_has_passed_is_not_told(city, time, senders, firebase):
    message = announce(city, "Straße gesperrt", visible_until=START + HOUR)
    late = announce(city, "Lange her", visible_from=START - 2 * DAY)
    time.shift(2 * 3600)
    work(city, senders=senders)
    assert firebase.told == []
    assert states(city, message) == {("de", FCM): "expired", ("de", WEBPUSH): "expired"}
    assert set(states(city, late).values()) == {"expired"}


@pytest.mark.parametrize("end", [START + 2 * HOUR, None])
def test_a_notice_is_worth_telling_no_longer_than_the_message_stands_however_its_end_is_moved(
    city, time, browsers, end
):
    """A push server keeps what it cannot hand over; with the old end phones would ring after the new one."""
    message = announce(city, "Straße gesperrt", visible_until=START + 8 * HOUR)
    firebase = Phone(DOWN)
    senders = {FCM: firebase, WEBPUSH: browsers}
    work(city, senders=senders)
    move_end(city, message, end)
    time.shift(HOUR)
    work(city, senders=senders)
    remaining = ((end or START + DAY) - START - HOUR).total_seconds()
    assert [one.seconds for one in firebase.notices] == [remaining]


@on_one_database
def test_a_notice_that_is_still_waiting_when_the_new_end_has_come_is_not_told(city, time, browsers):
    message = announce(city, "Straße gesperrt", visible_until=START + 8 * HOUR)
    firebase = Phone(DOWN)
    work(city, senders={FCM: firebase, WEBPUSH: browsers})
    move_end(city, message, START + HOUR)
    time.shift(HOUR)
    work(city, senders={FCM: firebase, WEBPUSH: browsers})
    assert (firebase.told, states(city, message)["de", FCM]) == ([], "expired")


@on_one_database
def test_a_notice_that_would_have_been_too_late_is_told_when_the_message_stays_longer(city, time, browsers):
    message = announce(city, "Straße gesperrt", visible_until=START + HOUR)
    firebase = Phone(DOWN)
    work(city, senders={FCM: firebase, WEBPUSH: browsers})
    move_end(city, message, START + 8 * HOUR)
    time.shift(2 * HOUR)
    work(city, senders={FCM: firebase, WEBPUSH: browsers})
    assert firebase.told == [("de", message, None)]


@on_one_database
def test_what_has_expired_or_was_sent_is_not_told_when_the_message_stays_longer(city, time, senders, firebase):
    told = announce(city, "Gesagt", visible_until=START + HOUR)
    work(city, senders=senders)
    missed = announce(city, "Verpasst", visible_until=START + HOUR)
    time.shift(HOUR)
    work(city, senders=senders)
    for message in (told, missed):
        move_end(city, message, START + 8 * HOUR)
    work(city, senders=senders)
    assert firebase.told == [("de", told, None)]
    assert set(states(city, missed).values()) == {"expired"}


@on_one_database
def test_what_was_given_up_and_is_tried_again_ends_with_the_message_too(city, time, senders, firebase):
    message = announce(city, "Straße gesperrt", visible_until=START + 8 * HOUR)
    work(city, senders={**senders, FCM: Phone(Invalid("fcm.refused", "No."))})
    move_end(city, message, START + 2 * HOUR)
    with city.write() as db:
        for row in news.deliveries(db, message):
            news.send_again(db, row.id)
    work(city, senders=senders)
    assert [one.seconds for one in firebase.notices] == [2 * 3600]


@on_one_database
def test_a_message_that_was_taken_back_in_time_is_not_told(city, senders, firebase):
    message = announce(city, "Falscher Alarm")
    archive(city, message)
    work(city, senders=senders)
    assert (firebase.told, set(states(city, message).values())) == ([], {"withdrawn"})


@on_one_database
def test_a_city_without_the_feature_and_a_quiet_message_tell_nobody(database, time, senders, firebase):
    quiet, off = make_city(database, "leise", features={"push_notifications": True}), make_city(database, "aus")
    assert states(quiet, announce(quiet, "Nur zum Lesen", push=False)) == {}
    assert states(off, announce(off, "Niemand")) == {}


@on_one_database
def test_a_channel_without_keys_says_so(city, firebase):
    message = announce(city, "Wasser abkochen")
    work(city, senders={FCM: firebase})
    assert states(city, message) == {("de", FCM): "sent", ("de", WEBPUSH): "off"}


@on_one_database
def test_a_worker_that_dies_while_sending_is_followed_by_one_that_sends_again(city, time, senders, firebase):
    class WorkerKilled(BaseException):
        pass

    class Dying(Phone):
        def send(self, notice, to):
            raise WorkerKilled

    message = announce(city, "Wasser abkochen")
    with pytest.raises(WorkerKilled):
        work(city, senders={**senders, FCM: Dying()})
    assert states(city, message)["de", FCM] == "sending"
    time.shift(90)
    work(city, senders=senders)
    assert firebase.told == [], "nobody sends what another may still be sending"
    for _ in range(4):
        time.shift(10 * 60)
        work(city, senders=senders)
    assert states(city, message)["de", FCM] == "sent"
    assert len(firebase.told) == 1


# browsers


@on_one_database
def test_browsers_are_told_in_their_language_and_each_once_however_often_others_fail(city, time, firebase):
    for number in range(45):
        subscribe(city, f"de-{number}")
    subscribe(city, "en-1", language="en")
    browsers = Phone(DOWN, DOWN, DOWN)
    message = announce(city, "Wasser abkochen")
    senders = {FCM: firebase, WEBPUSH: browsers}
    work(city, senders=senders)
    assert (len(browsers.told), states(city, message)["de", WEBPUSH]) == (42, "waiting")
    time.shift(60)
    work(city, senders=senders)
    told = Counter(endpoint for _, _, endpoint in browsers.told)
    assert (len(told), set(told.values()), "https://push.example/en-1" in told) == (45, {1}, False)
    with city.read() as db:
        assert news.statistics(db, [message]) == {message: {"sent": 2, "browsers": 45}}


@on_one_database
def test_a_browser_that_is_gone_is_forgotten(city, time, firebase):
    subscribe(city, "anna")
    message = announce(city, "Eins")
    work(city, senders={FCM: firebase, WEBPUSH: Phone(Gone("webpush.gone", "Gone."))})
    assert states(city, message)["de", WEBPUSH] == "sent"
    with city.read() as db:
        assert db.scalars(select(news.Subscription)).all() == []


@on_one_database
def test_a_browser_that_asks_again_changes_its_language_and_can_leave(city, senders, browsers):
    subscribe(city, "anna", language="en")
    subscribe(city, "anna")
    announce(city, "Eins")
    work(city, senders=senders)
    assert [to for _, _, to in browsers.told] == ["https://push.example/anna"]
    with city.write() as db:
        news.unsubscribe(db, endpoint="https://push.example/anna")
    announce(city, "Zwei")
    work(city, senders=senders)
    assert len(browsers.told) == 1


@on_one_database
@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://10.0.0.8/a",
        "https://[fe80::1]/a",
        "https://169.254.169.254/latest",
        "https://localhost/a",
        "https://printer.local/a",
        "https://2130706433/a",
        "https://push.example:22/a",
        "https://user@push.example/a",
        "https://push.example/" + "a" * 1000,
        "file:///etc/passwd",
        "https://[",
    ],
)
def test_an_endpoint_that_leads_inside_or_nowhere_is_refused(city, endpoint):
    with pytest.raises(Invalid, match="public https address"), city.write() as db:
        news.subscribe(db, endpoint=endpoint, p256dh="B" + "A" * 86, auth="A" * 22, language="de", address="192.0.2.1")


@on_one_database
def test_keys_of_another_form_are_refused(city):
    with pytest.raises(Invalid, match="keys"), city.write() as db:
        news.subscribe(
            db, endpoint="https://push.example/a", p256dh="kurz", auth="A" * 22, language="de", address="192.0.2.1"
        )


# many workers at once


def test_many_workers_at_once_tell_each_once(database):
    city = make_city(database, "teststadt", features={"push_notifications": True})
    messages = [announce(city, f"Nachricht {number}", mode=MAIN) for number in range(4)]
    for number in range(3):
        subscribe(city, f"leser-{number}")
    phone = Phone()
    known = {news.DELIVER: partial(news.deliver, senders={FCM: phone, WEBPUSH: phone})}
    due = jobs.sweep(database)
    start = threading.Barrier(6)

    def worker():
        start.wait()
        for tenant_id, job_id in due:
            jobs.run_job(database, known, tenant_id, job_id)

    threads = [threading.Thread(target=worker) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = Counter(phone.told)
    assert set(counted.values()) == {1}
    topics_told = {(language, number) for language, number, to in counted if to is None}
    assert topics_told == {(language, number) for language in ("ar", "de", "en") for number in messages}
    assert sum(to is not None for _, _, to in counted) == 12
    assert {state for message in messages for state in states(city, message).values()} == {"sent"}


@on_one_database
def test_two_jobs_for_the_same_delivery_tell_it_once(city, senders, firebase):
    message = announce(city, "Wasser abkochen")
    with city.write() as db:
        for row in db.scalars(select(Delivery)):
            jobs.enqueue(db, news.DELIVER, delivery=row.id)
    work(city, senders=senders)
    assert firebase.told == [("de", message, None)]


@on_one_database
def test_a_language_that_is_switched_off_is_not_told(city, senders, firebase):
    message = draft(city, "Town hall closed", language="en")
    approve(city, message)
    with city.write() as db:
        tenants.set_languages(db, [tenants.LanguageChoice(slug="de")], actor=EDITOR)
    schedule(city, message)
    work(city, senders=senders)
    assert firebase.told == []
