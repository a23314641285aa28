"""What colleagues say to each other about a text."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import func, select

from cityinfo.features import audit, comments, logins
from cityinfo.features.comments import MOST_ON_A_TEXT, Comment, CommentDraft, Passage, Thread
from cityinfo.kernel import jobs
from cityinfo.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from cityinfo.kernel.facts import SYSTEM
from tests.factories import archive, delete, make_city, plant, save
from tests.factories_people import actor, member, person

LETTERS = logins.Site("https://redaktion.example", logins.Seal("0" * 64))


@pytest.fixture
def page(city):
    return plant(city, "Amt", content="<p>Wir haben am Montag auf.</p><ul><li>Eins</li><li>Zwei</li></ul>")


@pytest.fixture
def mira(city):
    return member(city, "editor", "Mira-Kern")


@pytest.fixture
def tarek(city):
    return member(city, "translator", "Tarek", languages=["ar"])


def say(city, who, page, words="Stimmt das?", *, language="de", mentions=(), **passage):
    with city.write() as db:
        about = Passage(**passage) if passage else None
        draft = CommentDraft(words=words, mentions=mentions)
        return comments.write(db, page, language, draft, passage=about, actor=actor(db, who)).id


def do(city, who, action, *args):
    with city.write() as db:
        return action(db, *args, actor=actor(db, who))


def read(city, page, language="de", **which):
    with city.read() as db:
        return comments.conversations(db, page, language, **which)


def waits_for(city, who):
    with city.read() as db:
        return [(row.entry_id, row.language, row.said) for row in comments.waiting(db, ["page"], actor(db, who))]


def letters(city):
    sent = []
    mailer = type("Box", (), {"send": lambda _, letter: sent.append(letter)})()
    work = {comments.MENTION: partial(comments.send_mention, mailer=mailer, site=LETTERS)}
    with city.read() as db:
        mine = (jobs.Job.name == comments.MENTION, jobs.Job.finished_at.is_(None))
        promised = db.scalars(select(jobs.Job.id).where(*mine)).all()
    for job in promised:
        jobs.run_job(city.database, work, city.tenant_id, job)
    return sent


def test_what_was_said_stands_with_the_text_in_the_order_it_was_said(city, page, mira, tarek):
    thread = say(city, mira, page, "Stimmt der Tag?\r\nIch zweifle.\x00")
    do(city, tarek, comments.answer, thread, CommentDraft(words="Ja."))
    (found,) = read(city, page)
    assert [(one.author, one.words) for one in found.comments] == [
        (f"person:{mira}", "Stimmt der Tag?\nIch zweifle."),
        (f"person:{tarek}", "Ja."),
    ]
    assert read(city, page, "ar") == []


def test_what_is_resolved_is_out_of_the_way_until_someone_answers(city, page, mira, tarek):
    thread = say(city, mira, page)
    do(city, tarek, comments.resolve, thread)
    assert read(city, page, resolved=False) == []
    (done,) = read(city, page, resolved=True)
    assert done.thread.resolved_by == f"person:{tarek}"
    do(city, mira, comments.answer, thread, CommentDraft(words="Doch nicht."))
    assert len(read(city, page, resolved=False)) == 1
    do(city, mira, comments.resolve, thread)
    do(city, mira, comments.reopen, thread)
    with city.read() as db:
        assert comments.count_open(db, [page]) == {page: {"de": 1}}


def test_one_changes_and_takes_back_what_is_ones_own_and_nothing_else(city, page, mira, tarek):
    thread = say(city, mira, page)
    answer = do(city, tarek, comments.answer, thread, CommentDraft(words="Ja.")).id
    do(city, tarek, comments.change, answer, CommentDraft(words="Ja, seit Mai."))
    with pytest.raises(Forbidden):
        do(city, mira, comments.change, answer, CommentDraft(words="Nein."))
    with pytest.raises(Forbidden):
        do(city, mira, comments.delete, answer)
    do(city, mira, comments.delete, thread)
    (left,) = read(city, page)
    assert left.has_lost_its_beginning
    assert [one.words for one in left.comments] == ["Ja, seit Mai."]
    do(city, tarek, comments.delete, answer)
    assert read(city, page) == []


@pytest.mark.parametrize("words", ["", "  \n ", "x" * 2_001])
def test_a_comment_says_something_and_not_too_much(city, page, mira, words):
    with pytest.raises(Invalid):
        say(city, mira, page, words)


def test_there_is_an_end_to_what_can_be_said_about_one_text(city, page, mira):
    thread = say(city, mira, page)
    with city.write() as db:
        now = db.get_one(Comment, (city.tenant_id, thread)).created_at
        rows = [
            Comment(id=db.new_id(), thread_id=thread, author="x", words="x", created_at=now)
            for _ in range(MOST_ON_A_TEXT - 1)
        ]
        db.add_all(rows)
    with pytest.raises(Invalid, match="1000 comments"):
        do(city, mira, comments.answer, thread, CommentDraft(words="Noch etwas."))


def test_a_passage_outlives_what_is_written_around_it_and_says_when_it_has_gone(city, page, mira):
    say(city, mira, page, quote="am  Montag\nauf", before="Wir haben", after=". Eins")
    assert read(city, page)[0].thread.quote == "am Montag auf"
    save(city, page, content="<h2>Neu</h2><p>Wir haben <strong>am Montag</strong> auf, auch abends.</p>")
    assert read(city, page)[0].stands
    save(city, page, content="<p>Wir haben am Dienstag auf.</p>")
    (gone,) = read(city, page)
    assert (gone.stands, gone.thread.quote) == (False, "am Montag auf")


def test_a_language_the_city_does_not_write_in_and_a_long_quote_are_refused(city, page, mira):
    with pytest.raises(Invalid):
        say(city, mira, page, language="xx")
    with pytest.raises(Invalid):
        say(city, mira, page, quote="x" * 501)


def test_whoever_is_named_gets_one_letter_in_their_language(city, page, mira, tarek):
    thread = say(city, tarek, page, "@mira-kern: bitte ansehen", quote="am Montag")
    (letter,) = letters(city)
    assert letter.to == "mira-kern@example.org"
    assert "bitte ansehen" in letter.text
    assert "am Montag" in letter.text
    assert f"https://redaktion.example/cms/{city.slug}/texts/{page}/de#comments" in letter.text
    do(city, tarek, comments.change, thread, CommentDraft(words="@Mira-Kern: bitte bald ansehen"))
    assert letters(city) == []


def test_no_letter_goes_out_about_what_was_resolved_meanwhile(city, page, mira, tarek):
    thread = say(city, tarek, page, "Bitte ansehen", mentions=[f"person:{mira}"])
    do(city, tarek, comments.resolve, thread)
    assert letters(city) == []


def test_nobody_is_named_who_cannot_read_the_text(city, page, mira):
    guest = member(city, "contributor", "Lale", organization=1)
    stranger = person(city.database, "Otto")
    for one in (guest, stranger):
        with pytest.raises(Invalid):
            say(city, mira, page, mentions=[f"person:{one}"])
    say(city, mira, page, "@Lale und @Otto")
    assert letters(city) == []


def test_it_waits_for_whoever_was_named_or_has_spoken_until_they_answer(city, page, mira, tarek):
    thread = say(city, tarek, page, "Stimmt das, @Mira-Kern?")
    assert waits_for(city, mira) == [(page, "de", "Stimmt das, @Mira-Kern?")]
    assert waits_for(city, tarek) == []
    do(city, mira, comments.answer, thread, CommentDraft(words="Ja."))
    assert waits_for(city, mira) == []
    assert waits_for(city, tarek) == [(page, "de", "Ja.")]
    do(city, mira, comments.resolve, thread)
    assert waits_for(city, tarek) == []


def test_nothing_archived_waits_and_with_the_entry_goes_all_that_was_said(city, page, mira, tarek):
    say(city, tarek, page, "@Mira-Kern?")
    archive(city, page)
    assert waits_for(city, mira) == []
    delete(city, page)
    with city.read() as db:
        assert db.scalar(select(func.count()).select_from(Thread)) == 0
        assert db.scalar(select(func.count()).select_from(Comment)) == 0


def test_whoever_reads_a_draft_may_comment_on_it_however_far_the_role_reaches(city, page):
    other = plant(city, "Anderswo")
    narrow = member(city, "author", "Nora", subtree=[other], languages=["en"])
    assert say(city, narrow, page)
    with pytest.raises(Forbidden):
        say(city, member(city, "event_manager", "Veit"), page)
    with pytest.raises(Forbidden):
        say(city, member(city, "contributor", "Lale", organization=1), page)


def test_every_step_is_in_the_audit_log_and_no_words_are(city, page, mira):
    thread = say(city, mira, page, "Geheim")
    do(city, mira, comments.resolve, thread)
    do(city, mira, comments.delete, thread)
    with city.read() as db:
        rows = db.scalars(select(audit.AuditRow).order_by(audit.AuditRow.seq, audit.AuditRow.id)).all()
        rows = [row for row in rows if row.action.startswith("Comment")]
    assert [row.action for row in rows] == ["CommentWritten", "CommentsResolved", "CommentDeleted"]
    assert {(row.kind, row.entry_id, row.language) for row in rows} == {("page", page, "de")}
    assert not any("Geheim" in str(vars(row)) for row in rows)


def test_another_city_sees_nothing_of_it(database, city, page, mira):
    thread = say(city, mira, page)
    with make_city(database, "elsewhere").write() as db:
        assert comments.conversations(db, page, "de") == []
        with pytest.raises(NotFound):
            comments.answer(db, thread, CommentDraft(words="Hallo"), actor=SYSTEM)


def test_publishing_does_not_ask_what_is_open(city, page, mira):
    say(city, mira, page)
    try:
        save(city, page, content="<p>Neu.</p>", public=True)
    except Conflict:
        pytest.fail("comments hold up publishing")
