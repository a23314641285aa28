"""Source and translation side by side: each passage beside its own, and no word lost on the way."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityinfo.features.translation import Known, Said, Side, Why, align, cut, joined
from cityinfo.kernel import html

SOURCE = (
    "<p>Sind Sie nach Musterstadt gezogen? Sie haben eine Woche Zeit.</p><h2>Das brauchen Sie</h2>"
    "<ul><li>Ihren Ausweis</li><li>die Bestätigung vom Vermieter</li></ul><h2>So geht es</h2>"
    "<p>Rufen Sie an: 01234 56-780.</p>"
)
TARGET = (
    "<p>Have you moved to Musterstadt? You have one week.</p><h2>What you need</h2>"
    "<ul><li>your passport</li><li>a letter from the landlord</li></ul><h2>How it works</h2>"
    "<p>Call 01234 56-780.</p>"
)


def look(now=SOURCE, *, before=SOURCE, target=TARGET, **known):
    sides = {
        "now": Side("Wohnung anmelden", now),
        "before": None if before is None else Side("Wohnung anmelden", before),
        "target": None if target is None else Side("Register", target),
    }
    return align(Known(**sides, **known))


def pairs(alignment):
    return [(row.now.plain if row.now else None, row.target.plain if row.target else None) for row in alignment.rows]


def opened(alignment):
    return [(row.why, row.target.plain if row.target else None) for row in alignment.open]


def test_what_did_not_change_stands_beside_its_translation_and_is_settled():
    found = look()
    assert pairs(found)[2:4] == [
        ("Ihren Ausweis", "your passport"),
        ("die Bestätigung vom Vermieter", "a letter from the landlord"),
    ]
    assert found.open == []
    assert found.content == TARGET


def test_a_changed_paragraph_is_open_beside_its_translation():
    found = look(SOURCE.replace("eine Woche", "zwei Wochen"))
    assert opened(found) == [(Why.CHANGED, "Have you moved to Musterstadt? You have one week.")]
    assert found.open[0].before.plain.endswith("eine Woche Zeit.")


def test_an_inserted_paragraph_shifts_nothing():
    found = look("<p>Ganz neu.</p>" + SOURCE)
    assert opened(found) == [(Why.NEW, None)]
    assert pairs(found)[1:] == pairs(look())


def test_a_new_list_item_goes_into_the_list_of_the_translation():
    found = look(SOURCE.replace("</ul>", "<li>Bei Kindern: die Geburtsurkunde</li></ul>"))
    (row,) = found.open
    assert (row.why, row.target) == (Why.NEW, None)
    assert row.frame == found.rows[3].frame


def test_the_translation_of_what_was_removed_stays_until_someone_decides():
    found = look(SOURCE.replace("<li>Ihren Ausweis</li>", ""))
    assert opened(found) == [(Why.REMOVED, "your passport")]
    assert found.content == TARGET
    digest = found.open[0].target.digest
    assert look(SOURCE.replace("<li>Ihren Ausweis</li>", ""), said=[Said("", digest, True)]).open == []


def test_what_moved_takes_its_translation_along():
    moved = "<p>Rufen Sie an: 01234 56-780.</p>" + SOURCE.replace("<p>Rufen Sie an: 01234 56-780.</p>", "")
    found = look(moved)
    assert found.open == []
    assert found.content.startswith("<p>Call 01234 56-780.</p><p>Have you moved")
    assert Counter(words(found.content)) == Counter(words(TARGET))


def test_a_translation_with_other_paragraphs_is_shown_whole():
    found = look(target="<p>First of our own words.</p>" + TARGET + "<p>A word of ours.</p>")
    assert found.content == "<p>First of our own words.</p>" + TARGET + "<p>A word of ours.</p>"
    assert pairs(found)[-1] == (None, "A word of ours.")


def test_what_a_machine_wrote_is_open_until_someone_has_looked():
    found = look(machine=True)
    assert {row.why for row in found.open} == {Why.MACHINE}
    said = [Said(row.source, row.target.digest, True) for row in found.shown]
    assert look(machine=True, said=said).open == []


def test_without_a_translation_everything_is_new():
    found = look(target=None, before=None)
    assert {row.why for row in found.open} == {Why.NEW}
    assert len(found.open) == 7


def test_what_was_translated_in_part_is_found_again_where_it_was_put():
    said = [Said(cut(SOURCE)[4].digest, cut("<h2>How it works</h2>")[0].digest, True)]
    found = look(before=None, target="<h2>How it works</h2>", said=said)
    assert ("So geht es", "How it works") in pairs(found)
    assert ("Das brauchen Sie", None) in pairs(found)
    assert found.rows[4].why is Why.SETTLED


def test_what_is_unsure_says_so_and_a_word_about_other_words_settles_nothing():
    assert {row.why for row in look(before=None).open} == {Why.UNSURE}
    changed = SOURCE.replace("eine Woche", "zwei Wochen")
    said = [Said(cut(changed)[0].digest, cut("<p>Other words</p>")[0].digest, True)]
    assert opened(look(changed, said=said)) == opened(look(changed))


def test_a_contact_that_both_sides_show_asks_for_nobody():
    card = '<contact-card entry="12" show="phone"></contact-card>'
    assert look(card, before=None, target=card).rows[0].why is Why.SETTLED
    assert look(card, before=None, target=None).rows[0].why is Why.NEW


@pytest.mark.parametrize(
    "text", ["", "\n", "<ul></ul>", "<ul>\n<li>a</li>\n <li>b</li>\n</ul>\n<p>c</p>", "plain <b>x</b>"]
)
def test_passages_joined_are_the_text(text):
    assert joined(cut(html.sanitise(text))) == html.sanitise(text)


# Random edits

WORDS = st.lists(st.sampled_from("Haus Woche Amt 12 Brief Geld Kind Schule neu alt".split()), min_size=1, max_size=5)
INLINE = WORDS.map(" ".join) | WORDS.map(lambda words: f'<a href="entry:7">{" ".join(words)}</a>')
ITEMS = st.lists(INLINE.map(lambda words: f"<li>{words}</li>"), min_size=1, max_size=4).map("".join)
BLOCKS = st.one_of(
    INLINE.map(lambda words: f"<p>{words}</p>"),
    WORDS.map(lambda words: f"<h2>{' '.join(words)}</h2>"),
    ITEMS.map(lambda items: f"<ul>{items}</ul>"),
    ITEMS.map(lambda items: f"<ol>\n{items}\n</ol>\n"),
    st.sampled_from(["<p></p>", "<hr>", '<contact-card entry="3"></contact-card>', "bare words ", "<p>a</p>\n"]),
)
TEXTS = st.lists(BLOCKS, max_size=8).map("".join).map(html.sanitise)


def words(text):
    return re.findall(r"[^\s<>]+|<(?:hr|contact-card)\b", re.sub(r"</?(?!hr|contact-card)[a-z0-9-]+[^>]*>", " ", text))


@given(st.data(), TEXTS, TEXTS | st.none(), TEXTS)
def test_no_word_is_lost_and_every_passage_stands_once(data, now, before, target):
    passages, others = cut(now), cut(target)
    either = st.sampled_from([one.digest for one in [*passages, *others]] or [""])
    said = data.draw(st.lists(st.builds(Said, either, either, st.booleans()), max_size=4))
    found = look(now, before=before, target=target, said=said, machine=data.draw(st.booleans()))
    assert Counter(words(found.content)) == Counter(words(target))
    assert Counter(row.target for row in found.rows if row.target) == Counter(others)
    shown = [row.now for row in found.rows if row.now]
    assert [one for one in shown if not one.is_silent] == [one for one in passages if not one.is_silent]


def test_what_the_source_does_not_say_stays_before_what_follows_it():
    target = "<p>Haus</p><p>Haus Haus</p>"
    assert look("<hr><p></p>", before=None, target=target).content == target


@given(TEXTS, TEXTS)
def test_opening_twice_changes_nothing_more(now, target):
    once = look(now, before=None, target=target).content
    assert look(now, before=None, target=once).content == once


@given(TEXTS)
def test_an_unchanged_source_leaves_the_translation_as_it_is(text):
    assert look(text, before=text, target=text).content == text
