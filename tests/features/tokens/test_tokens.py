"""Machines work in one city with what they were given and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from cityinfo import registry
from cityinfo.features import content, events, pages, tokens
from cityinfo.features.audit import AuditRow
from cityinfo.features.content import TextDraft
from cityinfo.features.tokens import TokenDraft
from cityinfo.kernel import clock
from cityinfo.kernel.errors import Forbidden, Invalid, Limited, Unauthenticated
from cityinfo.kernel.facts import SYSTEM
from tests.factories import plant
from tests.factories_events import facts
from tests.factories_people import actor, member

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
WRITING = ("page:read", "page:write", "page:edit", "page:publish")


def token(city, *, scopes=WRITING, by=None, **more):
    """Its identity and its secret."""
    draft = TokenDraft(name="importer", scopes=scopes, expires_at=clock.now() + timedelta(days=30), **more)
    with city.write() as db:
        row, secret = tokens.create(db, draft, actor=actor(db, by) if by else SYSTEM)
        return row.id, secret


def holder(db, secret):
    return tokens.actor_of(db, secret, places=registry.PLACES)


def write(city, secret, page, *, publish=False):
    with city.write() as db:
        revision = content.find_text(db, page, "de").revision
        draft = TextDraft(title="Neu", content="<p>Neu</p>", revision=revision)
        pages.save_text(db, page, "de", draft, actor=holder(db, secret))
        if publish:
            pages.publish(db, page, "de", revision=revision + 1, actor=holder(db, secret))


def text_of(city, page):
    with city.read() as db:
        return content.find_text(db, page, "de")


def test_a_token_writes_and_publishes_what_its_scopes_say(city):
    _, secret = token(city)
    page = plant(city, "Arbeit")
    write(city, secret, page, publish=True)
    text = text_of(city, page)
    assert text.current_version_id == text.public_version_id
    with pytest.raises(Forbidden, match="event:create"), city.write() as db:
        events.create(db, facts("2126-11-01 10:00"), actor=holder(db, secret))


def test_the_secret_is_recognisable_and_kept_nowhere(city):
    number, secret = token(city)
    assert secret.startswith("ci_")
    assert len(secret) >= 46  # 256 bits
    with city.read() as db:
        row = tokens.find(db, number)
        assert secret not in str(vars(row))
        assert secret not in str([vars(one) for one in db.scalars(select(AuditRow))])


def test_a_token_is_worth_nothing_in_another_city(city, other_city):
    _, secret = token(city)
    with pytest.raises(Unauthenticated), other_city.read() as db:
        holder(db, secret)


def test_a_token_ends_when_it_is_revoked_or_its_time_is_over(city):
    number, secret = token(city)
    _, other = token(city)
    with city.write() as db:
        tokens.revoke(db, number, actor=SYSTEM)
    with city.read() as db, pytest.raises(Unauthenticated):
        holder(db, secret)
    with time_machine.travel(clock.now() + timedelta(days=31)), city.read() as db, pytest.raises(Unauthenticated):
        holder(db, other)


def test_a_token_for_some_kinds_or_a_chapter_reaches_no_further(city):
    chapter, elsewhere = plant(city, "Arbeit"), plant(city, "Wohnen")
    below = plant(city, "Lohn", under=chapter)
    _, secret = token(city, subtree=[chapter])
    write(city, secret, below)
    with pytest.raises(Forbidden, match="outside the pages"):
        write(city, secret, elsewhere)
    _, secret = token(city, scopes=(*WRITING, "event:write", "event:create"), kinds=["event"])
    with pytest.raises(Forbidden, match="kind"):
        write(city, secret, elsewhere)


class TestATokenWhoseChangesAreReviewed:
    @pytest.fixture
    def secret(self, city):
        return token(city, reviewed=True)[1]

    def test_publishes_nothing_but_asks_for_a_review(self, city, secret):
        page = plant(city, "Arbeit")
        shown = text_of(city, page).public_version_id
        write(city, secret, page, publish=True)
        text = text_of(city, page)
        assert (text.public_version_id, text.review_state) == (shown, "requested")
        assert text.current_version_id != shown

    def test_changes_nothing_that_readers_see_on_another_way(self, city, secret):
        page, other = plant(city, "Arbeit"), plant(city, "Wohnen")
        for change in (
            lambda db: pages.take_offline(db, page, ["de"], actor=holder(db, secret)),
            lambda db: pages.move(db, page, under=other, revision=1, actor=holder(db, secret)),
            lambda db: content.schedule_text(
                db, page, "de", publish_at=clock.now(), revision=2, actor=holder(db, secret)
            ),
        ):
            with pytest.raises(Forbidden), city.write() as db:
                change(db)


def test_nobody_gives_a_token_more_than_they_have(city):
    manager, editor = member(city, "manager"), member(city, "editor")
    token(city, by=manager)
    with pytest.raises(Forbidden):
        token(city, by=editor)


@pytest.mark.parametrize("scope", ["people:manage", "page:archive", "news:send", "platform:manage", "page:wirte"])
def test_some_things_have_to_be_done_by_a_person(city, scope):
    with pytest.raises(Invalid):
        token(city, scopes=[scope])


@pytest.mark.parametrize("more", [{"per_minute": 0}, {"kinds": ["event"]}])
def test_a_token_that_makes_no_sense_is_refused(city, more):
    with pytest.raises(Invalid):
        token(city, **more)


def test_requests_are_counted_by_the_minute_and_the_last_use_is_noted(city):
    number, secret = token(city, per_minute=2)
    now = clock.now()
    with time_machine.travel(now, tick=False):
        for _ in range(2):
            tokens.use(city.database, city.tenant_id, secret)
        with pytest.raises(Limited, match="60 seconds"):
            tokens.use(city.database, city.tenant_id, secret)
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        tokens.use(city.database, city.tenant_id, secret)
    with city.read() as db:
        assert tokens.find(db, number).used_at == now + timedelta(minutes=1)


def test_tokens_that_ended_long_ago_are_forgotten_and_no_others(city):
    (ended, _), (kept, _) = token(city), token(city)
    with city.write() as db:
        tokens.revoke(db, ended, actor=SYSTEM)
        tokens.find(db, kept).expires_at = clock.now() + timedelta(days=300)
    with time_machine.travel(clock.now() + timedelta(days=91), tick=False):
        assert tokens.forget_ended(city.database) == 1
    with city.read() as db:
        assert [one.id for one in tokens.tokens(db)] == [kept]
