"""What is said about a text, and what is not."""

from __future__ import annotations

import pytest

from cityinfo.features.quality import Flaw, Gates
from cityinfo.features.quality.rules import advice, check_gates, check_passes, findings
from cityinfo.kernel.errors import Invalid


def flaws(content, language="de", **known):
    return [(one.flaw, one.words) for one in advice(content, language, **known)]


@pytest.mark.parametrize("words", ["hier", "Klicken Sie hier", "Mehr …", "here", "<strong>hier</strong>"])
def test_a_link_that_does_not_say_where_it_leads_is_named(words):
    ((flaw, said),) = flaws(f'<p>Mehr dazu <a href="https://example.org">{words}</a>.</p>')
    assert flaw is Flaw.VAGUE_LINK
    assert said in words


def test_a_link_that_says_where_it_leads_is_fine():
    assert flaws('<p><a href="entry:1">Hier wohnen Sie günstig</a></p>') == []


def test_an_empty_link_is_named_and_one_with_a_described_picture_is_not():
    assert flaws('<a href="entry:1"> </a>') == [(Flaw.EMPTY_LINK, "")]
    assert flaws('<a href="entry:1"><img src="media:2"></a>', described={2}) == []


def test_headings_go_down_one_level_at_a_time():
    assert flaws("<h2>A</h2><h4>B</h4><h2>C</h2>") == [(Flaw.SKIPPED_HEADING, "B")]
    assert flaws("<h2>A</h2><h3>B</h3><h4>C</h4><h2>D</h2>") == []


def test_a_picture_needs_words_of_its_own_or_of_the_library():
    assert flaws('<img src="media:2">') == [(Flaw.UNDESCRIBED_PICTURE, "media:2")]
    assert flaws('<img src="media:2" alt="Rathaus">') == []
    assert flaws('<img src="media:2">', described={2}) == []


def test_a_link_to_what_readers_do_not_see_is_named():
    content = '<p><a href="entry:7">Kita</a> <a href="entry:7/en">day care</a> <a href="#">Formular</a></p>'
    assert flaws(content, dead={(7, "")}) == [(Flaw.LINK_TO_NOWHERE, "Kita"), (Flaw.LINK_TO_NOWHERE, "Formular")]


def test_a_refusal_names_each_thing_once_and_no_more_than_can_be_read():
    links = "".join(f'<p><a href="#">Formular {number}</a> <a href="entry:1">hier</a></p>' for number in range(6))
    found = findings(advice(links, "de"), None, Gates(frozenset(Flaw) - {Flaw.HARD_SENTENCE}))
    with pytest.raises(Invalid) as refused:
        check_passes(found)
    assert refused.value.message.count("hier") == 1
    assert refused.value.message.endswith("; 3 more things.")


@pytest.mark.parametrize("gates", [Gates(frozenset({Flaw.HARD_SENTENCE})), Gates(frozenset(), 3)])
def test_a_city_cannot_choose_a_gate_that_there_is_not(gates):
    with pytest.raises(Invalid):
        check_gates(gates)
