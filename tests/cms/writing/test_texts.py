"""Writing a text by plain forms, as it works without scripts."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from cityinfo.features import content, quality
from cityinfo.features.quality import Flaw, Gates
from cityinfo.kernel.facts import SYSTEM
from tests.cms.conftest import text_of
from tests.factories import plant, save, translate
from tests.web.test_statements import Statements


@pytest.fixture
def page(city):
    return plant(city, "Wohnung anmelden", content="<p>Kommen Sie zum Amt.</p>")


def state(city, page, language="de"):
    """The text with what editors and readers are shown."""
    with city.read() as db:
        text = content.find_text(db, page, language)
        current, public = (content.version(db, one) for one in (text.current_version_id, text.public_version_id))
        return text, current, public


def words(city, page, language="de", **changed):
    text, current, _ = state(city, page, language)
    typed = {"title": current.title, "content": current.content, "revision": text.revision, "version": current.id}
    return {**typed, **changed}


def test_what_is_saved_is_a_draft_until_it_is_published(city, people, page):
    elif_ = people("editor")
    answer = elif_.post(f"/texts/{page}/de", words(city, page, content="<p>Neu.</p>", do="save"))
    assert answer.status_code == 303
    assert "Gespeichert." in text_of(elif_.get(f"/texts/{page}/de"))
    _, current, public = state(city, page)
    assert (current.content, public.content) == ("<p>Neu.</p>", "<p>Kommen Sie zum Amt.</p>")


def test_publishing_saves_what_was_typed_and_shows_it_to_readers(city, people, page):
    people("editor").post(f"/texts/{page}/de", words(city, page, content="<p>Neu.</p>", do="publish"))
    assert state(city, page)[2].content == "<p>Neu.</p>"


def test_a_text_that_was_only_looked_at_stays_as_it_was(city, people, page):
    """Byte for byte: the field gives back what it was given."""
    written = f'\n<h2>A &amp; B</h2>\n<p>x&nbsp;y <a href="entry:{page}">Amt</a></p>'
    save(city, page, content=written)
    before = state(city, page)[1]
    someone = people("editor")
    shown = text_of(someone.get(f"/texts/{page}/de"))
    assert before.content in shown
    someone.post(f"/texts/{page}/de", words(city, page, content=before.content.replace("\n", "\r\n"), do="publish"))
    assert state(city, page)[1].id == before.id


def test_what_was_typed_stays_when_it_cannot_be_saved(city, people, page):
    answer = people("editor").post(f"/texts/{page}/de", words(city, page, title=" ", content="<p>Lang.</p>"))
    assert answer.status_code == 422
    assert "<p>Lang.</p>" in text_of(answer)
    assert state(city, page)[1].title == "Wohnung anmelden"


def test_what_was_typed_without_scripts_is_sent_again_after_the_login_has_ended(city, people, page):
    someone = people("editor")
    typed = words(city, page, title="Wohnung", content="\n<p>Lang & <b>mühsam</b></p>", do="publish")
    sent = {name: str(value) for name, value in typed.items()}
    someone.client.delete_cookie("access_token_cookie")
    answer = someone.post(f"/texts/{page}/de", sent)
    assert answer.status_code == 401
    form = LexborHTMLParser(answer.get_data(as_text=True)).css_first("main form")
    kept = {one.attributes["name"]: one.text() for one in form.css("textarea")}
    assert kept == sent
    path = form.attributes["action"].removeprefix(f"/cms/{city.slug}")
    assert people("manager").post(path, kept).status_code == 303
    assert state(city, page)[2].title == "Wohnung"


def test_an_author_submits_and_an_editor_returns_with_a_reason(city, people, page):
    author, editor = people("author"), people("editor")
    sent = words(city, page, content="<p>Neu.</p>", do="submit", message="Neue Frist.", assignee=editor.name)
    author.post(f"/texts/{page}/de", sent)
    shown = text_of(editor.get(f"/texts/{page}/de"))
    assert "In Prüfung, bei Ihnen" in shown
    assert "Neue Frist." in shown
    editor.post(f"/texts/{page}/de/return", {"revision": state(city, page)[0].revision, "reason": "Bitte kürzer."})
    assert "Bitte kürzer." in text_of(author.get(f"/texts/{page}/de"))


def test_an_author_is_offered_review_and_cannot_publish(city, people, page):
    author = people("author")
    assert 'value="publish"' not in text_of(author.get(f"/texts/{page}/de"))
    assert author.post(f"/texts/{page}/de", words(city, page, content="<p>x</p>", do="publish")).status_code == 403
    assert state(city, page)[1].content == "<p>Kommen Sie zum Amt.</p>"


def test_an_observer_reads_and_is_given_no_form(people, page):
    observer = people("observer")
    shown = text_of(observer.get(f"/texts/{page}/de"))
    assert "<p>Kommen Sie zum Amt.</p>" in observer.get(f"/texts/{page}/de").get_data(as_text=True)  # no source
    assert "<textarea" not in shown
    assert observer.post(f"/texts/{page}/de/autosave", {"content": "x"}).status_code == 403


def test_a_first_text_in_a_language_is_written_where_it_is_missing(city, people, page):
    translator = people("translator")
    assert translator.get(f"/texts/{page}/ar").status_code == 200
    translator.post(f"/texts/{page}/ar", {"title": "تسجيل السكن", "content": "<p>مرحبا</p>", "revision": 0})
    assert state(city, page, "ar")[1].title == "تسجيل السكن"


def test_a_new_page_hangs_below_the_one_it_was_begun_at(city, people, page):
    someone = people("editor")
    assert someone.get(f"/pages/new?under={page}").status_code == 200
    sent = {"title": "Kosten", "content": "<p>Nichts.</p>", "under": page, "do": "publish"}
    answer = someone.post("/pages/new", sent)
    assert answer.status_code == 303
    assert "/de/wohnung-anmelden/kosten" in text_of(someone.client.get(answer.location))


def test_a_page_without_a_title_is_not_planted_and_nothing_typed_is_lost(city, people):
    answer = people("editor").post("/pages/new", {"title": "", "content": "<p>Viel Text.</p>"})
    assert answer.status_code == 422
    assert "<p>Viel Text.</p>" in text_of(answer)


def test_the_address_of_a_text_can_be_changed(city, people, page):
    someone = people("editor")
    someone.post(f"/texts/{page}/de", words(city, page, slug="ummelden", do="publish"))
    assert "/de/ummelden" in text_of(someone.get(f"/texts/{page}/de"))


def test_taking_offline_names_the_languages_that_readers_see(city, people, page):
    translate(city, page, "ar", "تسجيل", content="<p>مرحبا</p>")
    someone = people("editor")
    shown = text_of(someone.get(f"/texts/{page}/de/offline"))
    assert "Arabisch" in shown
    assert "Englisch" not in shown
    someone.post(f"/texts/{page}/de/offline", {"offline": ["ar"]})
    assert state(city, page, "ar")[2] is None
    assert state(city, page)[2] is not None


def test_a_schedule_is_set_in_the_time_of_the_city(city, people, page):
    someone = people("editor")
    planned = {"revision": state(city, page)[0].revision, "publish_at": "", "offline_at": "2099-07-01T08:30"}
    someone.post(f"/texts/{page}/de/schedule", planned)
    assert state(city, page)[0].offline_at.isoformat() == "2099-07-01T06:30:00+00:00"
    assert 'value="2099-07-01T08:30"' in text_of(someone.get(f"/texts/{page}/de"))


def test_what_is_being_typed_is_kept_for_its_author_alone(city, people, page):
    author, other = people("author"), people("editor")
    answer = author.post(f"/texts/{page}/de/autosave", json=words(city, page, content="<p>Angefangen</p>"))
    assert answer.get_json()["kept"]
    assert "Sie haben Änderungen, die noch nicht im Text stehen." in text_of(author.get(f"/texts/{page}/de"))
    assert "<p>Angefangen</p>" in text_of(author.get(f"/texts/{page}/de?kept=1"))
    assert "Angefangen" not in text_of(other.get(f"/texts/{page}/de?kept=1"))
    assert state(city, page)[1].content == "<p>Kommen Sie zum Amt.</p>"


def test_saving_lets_go_of_what_was_kept(city, people, page):
    author = people("author")
    author.post(f"/texts/{page}/de/autosave", json=words(city, page, content="<p>Angefangen</p>"))
    author.post(f"/texts/{page}/de", words(city, page, content="<p>Fertig</p>"))
    assert 'id="unsaved"' not in text_of(author.get(f"/texts/{page}/de"))


def test_someone_confined_to_a_part_of_the_tree_keeps_nothing_elsewhere(city, people, page):
    author = people("author", subtree=[plant(city, "Schule")])
    answer = author.post(f"/texts/{page}/de/autosave", json={"title": "x", "content": "<p>x</p>"})
    assert answer.status_code == 403


def test_who_else_is_writing_here_is_named(people, page):
    tarek, elif_ = people("author"), people("editor")
    assert elif_.get(f"/texts/{page}/de/others").get_json() == {"said": []}
    tarek.post(f"/texts/{page}/de/autosave", json={"title": "x", "content": "<p>x</p>"})
    said = ["Author schreibt auch gerade hier. Beide Texte bleiben erhalten."]
    assert elif_.get(f"/texts/{page}/de/others").get_json() == {"said": said}
    assert tarek.get(f"/texts/{page}/de/others").get_json() == {"said": []}


def test_opening_a_text_asks_as_much_with_forty_links_as_with_one(city, people, page):
    few = plant(city, "Wenig", content=f'<p><a href="entry:{page}">Wohnung</a></p>')
    many = plant(city, "Viel", content="".join(f'<p><a href="entry:{page}">{n}. Wohnung</a></p>' for n in range(40)))
    someone, asked = people("editor"), Statements(city.database.engine)
    assert asked.of(lambda: someone.get(f"/texts/{many}/de")) == asked.of(lambda: someone.get(f"/texts/{few}/de"))


def test_publishing_asks_as_much_with_forty_links_as_with_two(city, people, page):
    others = [plant(city, f"Seite {number}") for number in range(40)]
    someone, asked = people("editor"), Statements(city.database.engine)
    counts = []
    for targets in (others[:2], others):
        for said in ("eins", "zwei"):  # the second time there are links to forget
            text = "".join(f'<p><a href="entry:{one}">Seite {one}</a> {said}</p>' for one in targets)
            typed = words(city, page, content=text, do="publish")
            number = asked.of(lambda typed=typed: someone.post(f"/texts/{page}/de", typed))
        counts.append(number)
    assert counts[0] == counts[1]


def test_what_is_typed_is_looked_at_while_it_is_typed(city, people, page):
    typed = words(city, page, content='<p>Klicken Sie <a href="#">hier</a>.</p>')
    said = people("author").post(f"/texts/{page}/de/autosave", json=typed).get_json()
    assert "Der Linktext „hier“ sagt nicht, wohin er führt." in said["advice"]
    assert "2 Hinweise" in said["standing"]


def test_how_hard_a_text_is_to_read_stands_beside_it_where_that_can_be_said(city, people, page):
    text = "<p>Kommen Sie in das Amt. Sie haben zwei Wochen Zeit. Bringen Sie den Ausweis mit.</p>" * 3
    save(city, page, content=text)
    translate(city, page, "ar", "تسجيل", content=text)
    someone = people("editor")
    assert "sehr leicht zu lesen" in text_of(someone.get(f"/texts/{page}/de"))
    assert "Lesbarkeit" not in text_of(someone.get(f"/texts/{page}/ar"))


def test_what_the_city_insists_on_stops_publishing_and_keeps_every_word(city, people, page):
    with city.write() as db:
        quality.set_gates(db, Gates(frozenset({Flaw.EMPTY_LINK, Flaw.VAGUE_LINK})), actor=SYSTEM)
    typed = words(city, page, content='<p>Neu, <a href="https://example.org">hier</a>.</p>', do="publish")
    someone = people("editor")
    answer = someone.post(f"/texts/{page}/de", typed)
    assert answer.status_code == 422
    shown = text_of(answer)
    assert "Noch nicht veröffentlicht: der Linktext „hier“ muss sagen, wohin er führt." in shown
    assert "Neu, <a" in shown
    assert "Eine Sache muss besser werden" in shown
    text, current, public = state(city, page)
    assert (current.content, public.content, text.revision) == ("<p>Kommen Sie zum Amt.</p>",) * 2 + (2,)
    planned = {"revision": text.revision, "publish_at": "2099-07-01T08:30"}
    someone.post(f"/texts/{page}/de", {**typed, "do": "save"})
    refused = someone.post(f"/texts/{page}/de/schedule", {**planned, "revision": state(city, page)[0].revision})
    assert refused.status_code == 422
    assert 'value="2099-07-01T08:30"' in text_of(refused)
