"""Someone leaves a city: a colleague takes over what waits for them, and their roles end, at once or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityinfo import registry
from cityinfo.features import accounts, audit, comments, content, handover, tokens
from cityinfo.features.comments import CommentDraft
from cityinfo.features.content import TextDraft
from cityinfo.features.tokens import TokenDraft
from cityinfo.kernel import clock
from cityinfo.kernel.errors import Forbidden, Invalid, NotFound
from cityinfo.kernel.facts import SYSTEM, Actor
from tests.factories import plant, save
from tests.factories_people import actor, member

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def name(account_id):
    return f"person:{account_id}"


@pytest.fixture
def mara(city):
    return member(city, "manager", "Mara")


@pytest.fixture
def tarek(city, mara):
    return member(city, "editor", "Tarek")


@pytest.fixture
def elif_(city):
    return member(city, "editor", "Elif")


@pytest.fixture
def jana(city):
    return member(city, "author", "Jana")


def submit(city, page, by, assignee=""):
    """Someone writes and asks for a look at it."""
    with city.write() as db:
        revision = content.find_text(db, page, "de").revision
        draft = TextDraft(title="Neu", content="<p>Neu.</p>", revision=revision)
        content.save_text(db, page, "de", draft, actor=Actor("person", str(by)))
        revision = content.find_text(db, page, "de").revision
        by = Actor("person", str(by))
        content.submit_text(db, page, "de", assignee=name(assignee) if assignee else "", revision=revision, actor=by)


def give_back(city, page, by):
    with city.write() as db:
        revision = content.find_text(db, page, "de").revision
        content.return_text(db, page, "de", reason="Kürzer.", revision=revision, actor=Actor("person", str(by)))


def leave(city, leaving, *, to=None, by=None, **more):
    with city.write() as db:
        acting = actor(db, by) if by else SYSTEM
        return handover.hand_over(db, leaving, to=to, places=registry.PLACES, actor=acting, **more)


def waiting_for(city, someone, question=content.submitted):
    with city.read() as db:
        return [row.entry_id for row in question(db, "page", actor(db, someone))]


def roles(city, account_id):
    with city.read() as db:
        return [row.role for row in accounts.memberships(db, account_id)]


def test_reviews_wait_for_the_colleague_and_the_roles_end(city, mara, tarek, elif_, jana):
    page = plant(city, "Beratung")
    submit(city, page, jana, assignee=tarek)
    assert waiting_for(city, elif_) == []
    leave(city, tarek, to=elif_, by=mara)
    assert waiting_for(city, elif_) == [page]
    assert roles(city, tarek) == []
    with city.read() as db:
        assert content.find_text(db, page, "de").assignee == name(elif_)


@on_one_database
def test_who_wrote_a_version_stays_its_author(city, mara, tarek, elif_):
    page = plant(city, "Beratung")
    submit(city, page, tarek)
    leave(city, tarek, to=elif_, by=mara)
    with city.read() as db:
        assert content.versions(db, page, "de")[0].author == name(tarek)


@on_one_database
def test_nobody_reviews_their_own_words_or_what_they_may_not_publish(city, mara, tarek, elif_, jana):
    own, other = plant(city, "Eigene"), plant(city, "Andere")
    submit(city, own, elif_, assignee=tarek)
    submit(city, other, jana, assignee=tarek)
    leave(city, tarek, to=jana, by=mara)
    with city.read() as db:
        assert [content.find_text(db, one, "de").assignee for one in (own, other)] == ["", ""]
    assert waiting_for(city, elif_) == [other]


@on_one_database
def test_what_was_returned_goes_on_with_the_colleague(city, mara, tarek, elif_):
    page = plant(city, "Beratung")
    submit(city, page, tarek)
    give_back(city, page, mara)
    leave(city, tarek, to=elif_, by=mara)
    assert waiting_for(city, elif_, content.returned) == [page]


@on_one_database
def test_words_that_were_never_saved_are_not_lost(city, mara, tarek, elif_):
    page, begun = plant(city, "Beratung"), plant(city, "Begonnen")
    with city.write() as db:
        for one, who, words in ((page, tarek, "A"), (begun, tarek, "B"), (begun, elif_, "C")):
            author = Actor("person", str(who))
            draft = TextDraft(title=words, content="", revision=1)
            content.autosave(db, one, "de", draft, written_from=None, actor=author)
    leave(city, tarek, to=elif_, by=mara)
    with city.read() as db:
        taking = Actor("person", str(elif_))
        assert content.autosave_of(db, page, "de", taking).title == "A"
        assert content.autosave_of(db, begun, "de", taking).title == "C"
        assert content.autosave_of(db, begun, "de", Actor("person", str(tarek))).title == "B"


@on_one_database
def test_conversations_wait_for_the_colleague_without_another_letter(city, mara, tarek, elif_, jana):
    page, done = plant(city, "Beratung"), plant(city, "Erledigt")
    with city.write() as db:
        asking = Actor("person", str(jana))
        comments.write(db, page, "de", CommentDraft(words="Stimmt das?", mentions=[name(tarek)]), actor=asking)
        thread = comments.write(db, done, "de", CommentDraft(words="Und das?", mentions=[name(tarek)]), actor=asking)
        comments.resolve(db, thread.id, actor=asking)
    with city.read() as db:
        assert handover.burden_of(db, tarek).threads == 1
    leave(city, tarek, to=elif_, by=mara)
    assert waiting_for(city, elif_, comments.waiting) == [page]


@on_one_database
def test_without_a_colleague_reviews_wait_for_anyone(city, mara, tarek, elif_, jana):
    page = plant(city, "Beratung")
    submit(city, page, jana, assignee=tarek)
    leave(city, tarek, by=mara)
    assert waiting_for(city, elif_) == [page]


@on_one_database
def test_only_the_chosen_tokens_of_the_person_are_revoked(city, mara, tarek, elif_):
    def token(by):
        draft = TokenDraft(name="Karte", scopes=["page:read"], expires_at=clock.now() + timedelta(days=9))
        with city.write() as db:
            return tokens.create(db, draft, actor=Actor("person", str(by)))[0].id

    chosen, kept, foreign = token(tarek), token(tarek), token(elif_)
    leave(city, tarek, by=mara, revoked=[chosen, foreign])
    with city.read() as db:
        assert {one.id for one in tokens.tokens(db) if one.revoked_at} == {chosen}
        assert tokens.find(db, kept).revoked_at is None


@on_one_database
def test_when_anything_is_refused_nothing_has_happened(city, mara, jana):
    page = plant(city, "Beratung")
    submit(city, page, jana, assignee=mara)
    with pytest.raises(Invalid, match="last manager"):
        leave(city, mara, to=jana)
    assert roles(city, mara) == ["manager"]
    assert waiting_for(city, mara) == [page]


@on_one_database
def test_only_a_colleague_who_stays_can_take_over(city, mara, tarek, other_city):
    stranger = member(other_city, "editor", "Zora")
    for to in (tarek, stranger):
        with pytest.raises(Invalid, match="colleague"):
            leave(city, tarek, to=to, by=mara)
    with pytest.raises(NotFound):
        leave(city, stranger, by=mara)


@on_one_database
def test_editors_let_nobody_leave(city, tarek, elif_):
    with pytest.raises(Forbidden):
        leave(city, tarek, by=elif_)


@on_one_database
def test_the_log_tells_all_of_it(city, mara, tarek, elif_, jana):
    page = plant(city, "Beratung")
    save(city, page, content="<p>Alt.</p>")
    submit(city, page, jana, assignee=tarek)
    leave(city, tarek, to=elif_, by=mara)
    with city.read() as db:
        told = [(row.action, row.actor) for row in audit.page(db, audit.Wanted()).rows]
    for action in ("TextHandedOver", "MembershipRevoked", "WorkHandedOver"):
        assert (action, name(mara)) in told
