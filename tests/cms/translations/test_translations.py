"""A text beside its translation, and how far translations are, as a browser without scripts has them."""

from __future__ import annotations

import re
from html import unescape

import pytest

from cityinfo.features import content, events
from cityinfo.features.content import State
from tests.cms.conftest import text_of
from tests.factories import archive, plant, save, translate
from tests.factories_entries import found, write_in
from tests.factories_events import hold
from tests.web.test_statements import Statements

SOURCE = "<p>Sie haben eine Woche Zeit.</p><ul><li>Ausweis</li></ul><p>Bis bald.</p>"
ENGLISH = "<p>You have one week.</p><ul><li>Passport</li></ul><p>See you.</p>"


@pytest.fixture
def page(city):
    page_id = plant(city, "Wohnung anmelden", content=SOURCE)
    translate(city, page_id, "en", "Register", content=ENGLISH)
    save(city, page_id, content=SOURCE.replace("eine Woche", "zwei Wochen"))
    return page_id


@pytest.fixture
def elif_(people):
    return people("editor")


def fields(answer):
    """The form as a browser would send it, nothing typed and nothing ticked."""
    body = text_of_raw(answer)
    form = body[body.index('id="writing"') :]
    found = {}
    for name in ("revision", "version", "shown"):
        found[name] = re.search(rf'name="{name}" value="(\d*)"', form)[1]
    for name in ("source", "list", "opens", "closes"):
        found[name] = [unescape(one) for one in re.findall(rf'name="{name}" value="([^"]*)"', form)]
    found["target"] = [unescape(one) for one in re.findall(r'name="target"[^>]*>\n(.*?)</textarea>', form, re.DOTALL)]
    found["settled"] = re.findall(r'type="hidden" name="settled" value="(\d+)"', form)
    return found


def only(city):
    with city.read() as db:
        return next(iter(events.EVENTS.all_ids(db)))


def text_of_raw(answer):
    return answer.get_data(as_text=True)


def current(city, page, language="en"):
    with city.read() as db:
        text = content.find_text(db, page, language)
        version = content.version(db, text.current_version_id)
        return text, version, content.states(db, [page])[page, language]


def test_what_changed_is_marked_and_the_rest_is_settled(elif_, page):
    shown = text_of(elif_.get(f"/translations/en/{page}"))
    assert "3 von 4 Absätzen aktuell" in shown
    assert '<del><span class="sr">gestrichen: </span>eine</del><ins><span class="sr">neu: </span>zwei</ins>' in shown
    assert shown.count("Stimmt noch") == 1
    assert len(fields(elif_.get(f"/translations/en/{page}"))["settled"]) == 3


def test_a_passage_that_still_stands_brings_the_text_up_to_date_without_a_new_word(elif_, page, city):
    before = current(city, page)[1]
    sent = fields(elif_.get(f"/translations/en/{page}"))
    sent["settled"].append("1")
    assert elif_.post(f"/translations/en/{page}", {**sent, "do": "publish"}).status_code == 303
    _, version, state = current(city, page)
    assert state is State.UP_TO_DATE
    assert (version.content, version.changed_at, version.minor) == (before.content, before.changed_at, True)


def test_saved_in_part_it_stays_outdated_and_remembers_what_is_done(elif_, page, city):
    save(city, page, content=SOURCE.replace("eine Woche", "zwei Wochen").replace("Bis bald", "Bis später"))
    sent = fields(elif_.get(f"/translations/en/{page}"))
    sent["settled"].append("1")
    sent["target"][1] = "<p>You have two weeks.</p>"
    elif_.post(f"/translations/en/{page}", {**sent, "do": "save"})
    _, version, state = current(city, page)
    assert state is State.OUTDATED
    assert version.content == ENGLISH.replace("one week", "two weeks")
    assert "3 von 4 Absätzen aktuell" in text_of(elif_.get(f"/translations/en/{page}"))


def test_all_of_it_is_confirmed_with_one_word(elif_, page, city):
    sent = fields(elif_.get(f"/translations/en/{page}"))
    answer = elif_.post(f"/translations/en/{page}", {**sent, "do": "confirm"})
    assert "Bestätigt." in text_of(elif_.client.get(answer.location))
    text, version, state = current(city, page)
    assert (state, version.content) == (State.UP_TO_DATE, ENGLISH)
    assert text.public_version_id == version.id


def test_whoever_may_not_publish_confirms_and_asks_for_a_look(people, page, city):
    jana = people("translator")
    sent = fields(jana.get(f"/translations/en/{page}"))
    jana.post(f"/translations/en/{page}", {**sent, "do": "confirm"})
    text, _, state = current(city, page)
    assert (state, text.review_state) == (State.UP_TO_DATE, content.REQUESTED)


def test_an_event_is_translated_on_the_same_desk(elif_, city):
    event = hold(city, "Sprachcafé", "2100-05-04T15:00", text="<p>Deutsch sprechen.</p>")
    form = text_of(elif_.get(f"/events/{event}"))
    assert f"/translations/en/{event}" in form
    sent = fields(elif_.get(f"/translations/en/{event}"))
    sent["target"] = ["Language café", "<p>Speak German.</p>"]
    elif_.post(f"/translations/en/{event}", {**sent, "do": "publish"})
    answer = elif_.client.get(f"/api/v1/tenants/{city.slug}/en/events/{event}")
    assert (answer.json["title"], answer.json["content"]) == ("Language café", "<p>Speak German.</p>")
    with city.write() as db:
        write_in(db, event, "Sprachcafé", text="<p>Deutsch sprechen bei Tee.</p>")
    assert current(city, event)[2] is State.OUTDATED
    sent = fields(elif_.get(f"/translations/en/{event}"))
    elif_.post(f"/translations/en/{event}", {**sent, "do": "confirm"})
    assert current(city, event)[2] is State.UP_TO_DATE


def test_what_a_machine_wrote_is_checked_by_confirming_it(elif_, city):
    page = plant(city, "Kita", content=SOURCE)
    save(city, page, "en", title="Child care", content=ENGLISH, origin="machine")
    assert current(city, page)[2] is State.MACHINE_MADE
    sent = fields(elif_.get(f"/translations/en/{page}"))
    assert sent["settled"] == []
    elif_.post(f"/translations/en/{page}", {**sent, "do": "confirm"})
    assert current(city, page)[2] is State.UP_TO_DATE


def test_a_first_translation_in_part_is_no_finished_one(elif_, city):
    page = plant(city, "Kita", content=SOURCE)
    sent = fields(elif_.get(f"/translations/en/{page}"))
    sent["target"][:2] = ["Child care", "<p>You have one week.</p>"]
    elif_.post(f"/translations/en/{page}", {**sent, "settled": ["0", "1"], "do": "save"})
    assert current(city, page)[2] is State.OUTDATED
    shown = elif_.get(f"/translations/en/{page}")
    assert "2 von 4 Absätzen aktuell" in text_of(shown)
    sent = fields(shown)
    sent["target"][2] = "<li>Passport</li>"
    elif_.post(f"/translations/en/{page}", {**sent, "do": "confirm"})
    _, version, state = current(city, page)
    assert (state, version.content) == (State.UP_TO_DATE, "<p>You have one week.</p><ul><li>Passport</li></ul>")


def test_a_save_that_came_too_late_keeps_its_words(elif_, page, city):
    sent = fields(elif_.get(f"/translations/en/{page}"))
    save(city, page, "en", content=ENGLISH.replace("See you", "Bye"))
    sent["target"][1] = "<p>Two weeks.</p>"
    answer = elif_.post(f"/translations/en/{page}", {**sent, "do": "save"})
    assert answer.location.endswith(f"/texts/{page}/en/merge")
    assert "Two</ins>" in text_of(elif_.client.get(answer.location))  # marked word by word
    assert "Two weeks." in text_of(elif_.get(f"/translations/en/{page}?kept=1"))


def test_what_cannot_be_taken_is_shown_again_with_the_reason(elif_, page):
    sent = fields(elif_.get(f"/translations/en/{page}"))
    sent["target"][0] = ""
    sent["target"][1] = "<p>Typed.</p>"
    answer = elif_.post(f"/translations/en/{page}", {**sent, "do": "save"})
    assert answer.status_code == 422
    assert "<p>Typed.</p>" in text_of(answer)
    assert elif_.post(f"/translations/en/{page}", {"target": ["a", "b"]}).status_code == 422


def test_without_words_in_the_source_the_editor_opens(elif_, city):
    page = plant(city, "Only English", language="en")
    assert elif_.get(f"/translations/ar/{page}").location.endswith(f"/texts/{page}/ar")
    assert elif_.get("/translations/de").status_code == 404


def test_figures_lead_to_exactly_the_texts_they_count(elif_, page, city):
    child = plant(city, "Kosten", under=page)
    chapters = text_of(elif_.get("/translations/en"))
    assert "0 von 2 Texten aktuell" in chapters
    address = re.search(r'href="/cms/teststadt(/translations/en/texts\?standing=missing[^"]*)"', chapters)[1]
    listed = text_of(elif_.get(address))
    assert "Ein Text" in listed
    assert f"/translations/en/{child}" in listed
    assert "Wohnung anmelden, veraltet: 1" in chapters
    assert "Englisch, fehlt: 1" in text_of(elif_.get("/translations"))


def test_the_next_text_is_the_one_that_helps_most_and_one_may_write(people, page, city):
    other = plant(city, "Kita")
    jana = people("translator", languages=["en"])
    assert jana.get("/translations/en/next").location.endswith(f"/translations/en/{page}")
    assert jana.get(f"/translations/en/next?after={page}").location.endswith(f"/translations/en/{other}")
    assert jana.get("/translations/ar/next").location.endswith(f"/translations/en/{page}")
    done = people("observer").get("/translations/en/next")
    assert done.location.endswith("/translations/en")


def test_only_work_in_ones_own_part_of_the_tree_is_offered(people, page, city):
    school = plant(city, "Schule")
    jana = people("translator", subtree=[school])
    assert "/translations/en/next" in text_of(jana.get("/translations"))
    assert jana.get("/translations/en/next").location.endswith(f"/translations/en/{school}")
    translate(city, school, "en", "School")
    shown = text_of(jana.get("/translations"))
    assert "/translations/en/next" not in shown
    assert "/translations/ar/next" in shown
    assert "Englisch, veraltet: 1" in shown


def test_after_the_last_text_of_a_language_the_next_language_follows(people, page, city):
    jana = people("translator")
    answer = jana.get(f"/translations/en/next?after={page}")
    assert answer.location.endswith(f"/translations/ar/{page}")


def test_what_hangs_under_something_archived_counts_nowhere(elif_, page, city):
    plant(city, "Kosten", under=page)
    plant(city, "Kita")
    archive(city, page)
    assert "Englisch, fehlt: 1" in text_of(elif_.get("/translations"))
    assert "Englisch, veraltet" not in text_of(elif_.get("/translations"))


def test_a_longer_text_and_more_pages_take_as_many_statements(elif_, page, city):
    statements = Statements(city.database.engine)
    addresses = (f"/translations/en/{page}", "/translations", "/translations/en", "/translations/en/texts")
    counts = []
    for more in range(2):
        for number in range(1 + 5 * more):
            plant(city, f"Seite {more} {number}", under=page)
        save(city, page, content=SOURCE * (1 + 9 * more))
        for address in addresses:
            elif_.get(address)
        counts.append([statements.of(lambda address=address: elif_.get(address)) for address in addresses])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 45


def test_events_that_are_still_to_come_are_translated_like_pages(elif_, city):
    event = hold(city, "Sprachcafé", "2100-05-04T15:00")
    hold(city, "Gestern", "2020-05-04T15:00", past=True)
    chapters = text_of(elif_.get("/translations/en"))
    assert "0 von 1 Texten aktuell" in chapters
    assert "Veranstaltungen, fehlt: 1" in chapters
    listed = text_of(elif_.get("/translations/en/texts?standing=missing&chapter=event"))
    assert f"/translations/en/{event}" in listed
    assert "Veranstaltungen / " in listed
    assert "Gestern" not in listed
    assert elif_.get("/translations/en/next").location.endswith(f"/translations/en/{event}")
    assert "Englisch, fehlt: 1" in text_of(elif_.get("/translations"))


def test_nobody_is_asked_for_what_they_may_not_translate(people, city):
    hold(city, "Sprachcafé", "2100-05-04T15:00")
    jana = people("translator", languages=["ar"])
    assert jana.get("/translations/en/next").location.endswith("/translations/ar/" + str(only(city)))


def test_who_writes_events_alone_sees_how_far_those_are_and_is_led_from_one_to_the_next(city, people):
    plant(city, "Wohnen")
    first, second = (hold(city, title, "2100-05-04T15:00") for title in ("Konzert", "Sprachcafé"))
    someone = people("event_manager")
    assert "Englisch: nächster Text" in text_of(someone.get("/"))
    assert "0 von 2 Texten aktuell" in text_of(someone.get("/translations/en"))
    assert "Wohnen" not in text_of(someone.get("/translations/en/texts"))
    assert someone.get(f"/translations/en/next?after={first}").location.endswith(f"/translations/en/{second}")


def test_members_of_an_organization_see_no_translations_of_others(city, people, page):
    own = found(city, "Caritas")
    member = people("contributor", organization=own)
    for path in ("/translations", "/translations/en", "/translations/en/texts"):
        assert member.get(path).status_code == 403, path


def test_what_was_typed_and_never_saved_can_be_let_go_of_where_one_translates(elif_, page):
    elif_.post(f"/texts/{page}/en/autosave", {"title": "Register", "content": "<p>Now.</p>", "revision": 2})
    assert "Verwerfen" in text_of(elif_.get(f"/translations/en/{page}"))
    answer = elif_.post(f"/texts/{page}/en/autosave/forget", {"back": "translation"})
    assert answer.location.endswith(f"/translations/en/{page}")
    assert 'id="unsaved"' not in text_of(elif_.get(f"/translations/en/{page}"))
