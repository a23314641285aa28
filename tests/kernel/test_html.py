"""Markup: nothing that could harm a reader gets in, and what got in stays as it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from cityinfo.kernel import html
from cityinfo.kernel.html import digest, excerpt, plain_text, references, removed, replace_links, sanitise

# What may be kept


@pytest.mark.parametrize(
    "allowed",
    [
        "<h2>Titel</h2>",
        "<ul><li>eins</li><li>zwei</li></ul>",
        '<ol start="3" reversed="" type="a"><li value="7">drei</li></ol>',
        '<p dir="rtl" lang="ar" translate="no" title="Gruß">مرحبا</p>',
        '<a class="link-external" href="https://example.org/?a=1&amp;b=2" hreflang="en">da</a>',
        '<a href="mailto:a@example.org">Post</a><a href="tel:+4982112345">Anruf</a><a href="sms:+49821">SMS</a>',
        '<a href="entry:12/en">Seite</a><a href="media:7">Datei</a><a href="/de/wohnen">Pfad</a>',
        '<figure class="alignleft"><img class="icon" src="media:3" alt="Ein Haus" width="10" height="20">'
        "<figcaption>Haus</figcaption></figure>",
        '<table><caption>Zeiten</caption><thead><tr><th scope="col">Tag</th></tr></thead><tbody><tr>'
        '<td colspan="2" rowspan="1">Mo</td></tr></tbody></table>',
        '<details open=""><summary>Mehr</summary><p>Text</p></details>',
        '<p class="note notranslate"><strong>Achtung</strong> <em>jetzt</em> <bdi>x</bdi></p>',
        '<time datetime="2026-11-22">heute</time><br><hr>',
        '<iframe src="https://player.vimeo.com/video/1" width="640" height="360" allowfullscreen=""></iframe>',
    ],
)
def test_what_editors_need_is_kept_as_it_is(allowed):
    assert sanitise(allowed) == allowed


@pytest.mark.parametrize(
    ("harmful", "kept"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<style>p { display: none }</style><p>a</p>", "<p>a</p>"),
        ('<p onclick="x()" onmouseover=x>a</p>', "<p>a</p>"),
        ('<img src="media:1" onerror="x()">', '<img src="media:1">'),
        ('<p style="position: fixed">a</p>', "<p>a</p>"),
        ('<p id="main" data-x="1">a</p>', "<p>a</p>"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href=" JaVaScRiPt:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="java&#10;script:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="data:text/html;base64,eA==">a</a>', "<a>a</a>"),
        ('<a href="vbscript:x">a</a>', "<a>a</a>"),
        ('<img src="data:image/svg+xml,x">', "<img>"),
        ('<a target="_blank" rel="opener" href="https://example.org">a</a>', '<a href="https://example.org">a</a>'),
        ('<form action="/x"><input name="a"><button>Los</button></form>', "Los"),
        ("<!-- Kommentar --><p>a</p>", "<p>a</p>"),
        ('<object data="x"></object><embed src="x"><link href="x"><meta charset="x"><base href="x">', ""),
        ("<svg><script>x</script></svg><math><mi>x</mi></math>", ""),
        (
            '<iframe src="https://vimeo.com/1"><img src="x" onerror="y"><script>z</script></iframe>a',
            '<iframe src="https://vimeo.com/1"></iframe>a',
        ),
        ("<h1>Titel</h1>", "Titel"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<h2>a<center><h2>b", "<h2>a</h2><h2>b</h2>"),
        ("2 < 3 & 4 > 3", "2 &lt; 3 &amp; 4 &gt; 3"),
    ],
)
def test_what_could_harm_a_reader_is_left_out(harmful, kept):
    assert sanitise(harmful) == kept


@pytest.mark.parametrize(
    ("given_classes", "kept"),
    [
        ('<p class="note big-red">a</p>', '<p class="note">a</p>'),
        ('<a class="link-external" href="/x">a</a>', '<a class="link-external" href="/x">a</a>'),
        ('<div class="contact-card other">a</div>', '<div class="contact-card">a</div>'),
        ('<img class="alignleft icon huge" src="media:1">', '<img class="alignleft icon" src="media:1">'),
    ],
)
def test_only_classes_that_readers_apps_know_are_kept(given_classes, kept):
    assert sanitise(given_classes) == kept


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/embed/1",
        "http://player.vimeo.com/video/1",
        "//player.vimeo.com/video/1",
        "https://notvimeo.com/1",
        "https://vimeo.com.example.org/1",
        "https://example.org/vimeo.com/1",
        "https://vimeo.com@example.org/1",
        "https://example.org\\@vimeo.com/1",
        "https://example.org#@vimeo.com/1",
        "https://[@example.org/",
        "https://example.org／vimeo.com/",
        "javascript:alert(1)//vimeo.com/",
        "player.vimeo.com/video/1",
        "",
    ],
)
def test_a_frame_shows_videos_of_one_service_and_nothing_else(address):
    assert sanitise(f'<iframe src="{address}"></iframe>') == "<iframe></iframe>"


@pytest.mark.parametrize(
    "address", ["https://vimeo.com/1", "https://vimeo.com", "HTTPS://Player.Vimeo.com/video/1?h=2"]
)
def test_videos_of_that_service_are_shown(address):
    assert f'src="{address}"' in sanitise(f'<iframe src="{address}"></iframe>')


def test_an_editor_is_told_what_was_left_out():
    before = '<p style="x" class="note red" onclick="y">a<script>z</script></p><p style="x"><h1>b</h1></p>'
    assert removed(before, sanitise(before)) == {"p[style]": 2, "p[onclick]": 1, "p.red": 1, "script": 1, "h1": 1}


def test_nothing_is_missing_from_what_may_be_kept():
    text = '<p class="note">a</p><br>'
    assert removed(text, sanitise(text)) == {}


# Whatever is written

WORDS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=8)
NAMES = st.sampled_from(
    "p a img div ul li table td tr iframe script style svg math b details pre h2 x noscript textarea title xmp noembed"
    " plaintext".split()
)
ATTRIBUTES = st.sampled_from("href src class style onclick dir lang title open width allowfullscreen alt".split())
VALUES = WORDS | st.sampled_from(
    ["entry:7", "javascript:x", "https://vimeo.com/1", "note red", "a > b", "a\nb", "it's", "&amp;quot;", "\xa0", 'a"b']
)
QUOTES = st.sampled_from(['"{}"', "'{}'", "{}"])


@st.composite
def tags(draw):
    attributes = "".join(
        f" {draw(ATTRIBUTES)}={draw(QUOTES).format(draw(VALUES))}" for _ in range(draw(st.integers(0, 3)))
    )
    return f"<{draw(NAMES)}{attributes}{draw(st.sampled_from(['>', '/>', ' >', '']))}"


MARKUP = st.lists(
    tags() | NAMES.map("</{}>".format) | WORDS | st.sampled_from("<!-- --> &lt; &nbsp; \r\n <".split(" "))
)
MARKUP = MARKUP.map("".join)


@examples(deadline=None, max_examples=200)
@given(MARKUP)
def test_cleaning_twice_is_cleaning_once(text):
    once = sanitise(text)
    assert sanitise(once) == once


@examples(deadline=None, max_examples=200)
@given(MARKUP)
def test_clean_markup_has_only_quoted_attributes_that_are_allowed(text):
    clean = sanitise(text)
    without_values = re.sub(r'="[^"]*"', "", clean)
    for tag in re.findall(r"<[^>]*>", without_values):
        assert re.fullmatch(r"</?[a-z0-9]+( [a-z-]+)*>", tag)
        assert not re.search(r"script|style|svg| on", tag)


@examples(deadline=None, max_examples=200)
@given(MARKUP)
def test_writing_every_link_as_it_was_changes_nothing(text):
    clean = sanitise(text)
    assert replace_links(clean, lambda address: address) == clean


@examples(deadline=None, max_examples=100)
@given(MARKUP, st.sampled_from(["\n", "  ", "\r\n\t"]))
def test_white_space_between_blocks_and_more_of_it_between_words_does_not_count(text, space):
    clean = sanitise(f"<p>Eins zwei</p>{text}")
    spaced = clean.replace(" zwei</p>", f"{space}zwei{space}</p>{space}", 1)
    assert digest("Titel", spaced) == digest("Titel", clean)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a b</p>", "<p>a\r\nb</p>"),
        ("<p>a</p><p>b</p>", "<p>a</p>\n\n<p> b </p>\n"),
        ('<a href="/x" class="link-external">a</a>', '<a class="link-external" href="/x">a</a>'),
        ('<p title="a &gt; b">a</p><p>b</p>', '<p title="a &gt; b">a</p> <p>b</p>'),
        ("<ul><li>a</li></ul>", "<ul>\n  <li>a</li>\n</ul>"),
    ],
)
def test_the_same_words_have_the_same_fingerprint(one, other):
    assert digest("T", sanitise(one)) == digest("T", sanitise(other))
    assert digest(" T ", sanitise(one)) == digest("T", sanitise(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>a b</p>", "<p>ab</p>"),
        ("<p>a</p>", "<p><b>a</b></p>"),
        ("a <b>b</b>", "a<b>b</b>"),
        ('<a href="/x">a</a>', '<a href="/y">a</a>'),
        ("<p>a</p>", '<p dir="rtl">a</p>'),
        ("<p>a</p>", "<h2>a</h2>"),
        ('<p title="a > b">c</p>', '<p title="a >b">c</p>'),
    ],
)
def test_other_words_and_other_structure_have_another_fingerprint(one, other):
    assert digest("T", sanitise(one)) != digest("T", sanitise(other))


def test_a_title_and_its_text_are_not_mixed_up():
    assert digest("a", "b") != digest("ab", "")
    assert digest("a", "b") != digest("b", "a")


# Words alone


def test_blocks_stand_on_lines_of_their_own():
    assert plain_text(
        "<h2>Wohnen</h2><p>Eine <b>Wohnung</b><br>suchen &amp; finden</p><ul><li>a</li><li>b</li></ul>"
    ) == ("Wohnen\nEine Wohnung\nsuchen & finden\na\nb")


def test_markup_written_as_text_stays_text():
    assert plain_text("<p>1 &lt; 2 &lt;b&gt;</p>") == "1 < 2 <b>"
    assert plain_text('<p title="a > b">c</p>') == "c"


def test_an_excerpt_is_cut_between_words_and_no_longer_than_asked_for():
    assert excerpt("<p>Eine Wohnung</p><p>suchen</p>") == "Eine Wohnung suchen"
    assert excerpt("<p>Eine Wohnung suchen</p>", most=14) == "Eine Wohnung …"
    assert excerpt("<p>Eine Wohnung suchen</p>", most=13) == "Eine …"


@given(st.lists(st.text("ab ", max_size=9), max_size=12).map("".join), st.integers(3, 20))
def test_an_excerpt_is_never_too_long_and_begins_as_the_text_does(words, most):
    found, whole = excerpt(f"<p>{words}</p>", most=most), plain_text(f"<p>{words}</p>")
    assert len(found) <= most
    assert whole.startswith(found.removesuffix(" …"))


# References

TEXT = sanitise(
    '<p><a href="entry:12">eins</a> <a class="link-external" href="https://example.org/?a=1&amp;b=2" title="x">zwei</a>'
    ' <a href="entry:12/en">drei</a> <a href="entry:x">vier</a> <a href="media:12">fünf</a> entry:13</p>'
)


def test_references_are_the_entries_a_text_links_to():
    assert references(TEXT) == {(12, ""), (12, "en")}


def test_links_come_in_order_and_as_they_are_meant():
    assert list(html.links(TEXT)) == ["entry:12", "https://example.org/?a=1&b=2", "entry:12/en", "entry:x", "media:12"]


def test_references_are_written_out_for_readers():
    asked = []

    def address_of(entry_id, language):
        asked.append((entry_id, language))
        return f"/stadt/{language or 'de'}/seite?a=1&b='2'"

    resolved = html.resolve_references(TEXT, address_of)
    assert asked == [(12, ""), (12, "en")]
    assert "<a href=\"/stadt/de/seite?a=1&amp;b='2'\">eins</a>" in resolved
    assert "<a href=\"/stadt/en/seite?a=1&amp;b='2'\">drei</a>" in resolved
    assert '<a class="link-external" href="https://example.org/?a=1&amp;b=2" title="x">zwei</a>' in resolved
    assert sanitise(resolved) == resolved


def test_a_reference_that_leads_nowhere_leaves_its_words():
    resolved = html.resolve_references(TEXT, lambda entry_id, language: None)
    assert "<a>eins</a>" in resolved
    assert plain_text(resolved) == plain_text(TEXT)
    assert references(resolved) == set()


def test_a_text_without_references_comes_back_untouched():
    text = '<p><a href="https://example.org">a</a></p>'
    assert html.resolve_references(text, lambda entry_id, language: "/never") is text


def test_a_link_cannot_be_written_out_of_its_attribute():
    written = replace_links('<a href="x">a</a>', lambda address: '"><script>alert(1)</script>')
    assert sanitise(written) == written


# What stands in a text by its identity

CARD = '<contact-card entry="12" show="phone email"></contact-card>'


def test_a_contact_card_is_kept_with_nothing_inside():
    inside = '<contact-card entry="12" show="phone email" onclick="x()">Frau <b>Muster</b></contact-card>'
    assert html.sanitise(inside) == CARD
    nested = '<p><contact-card entry="12" show="phone email"><contact-card entry="3"></contact-card></contact-card></p>'
    assert html.sanitise(nested) == f"<p>{CARD}</p>"


def test_what_a_text_shows_is_found_by_role_and_entry():
    text = html.sanitise(f'{CARD}<img src="media:5" alt=""><a href="media:7">Antrag</a><audio src="media:8"></audio>')
    assert html.shown(text) == {("contact", 12), ("media", 5), ("media", 7), ("media", 8)}
    assert html.references(text) == set()


def test_a_card_without_a_number_shows_nothing():
    assert html.shown(html.sanitise('<contact-card entry="zwölf"></contact-card>')) == set()
    assert html.write_cards('<contact-card entry="zwölf"></contact-card>', lambda *_: "x") == ""


def test_cards_are_written_out_with_the_details_chosen():
    written = html.write_cards(f"<p>Hier: {CARD}</p>", lambda entry, show: f"[{entry} {'+'.join(show)}]")
    assert written == "<p>Hier: [12 phone+email]</p>"


def test_files_get_their_addresses_and_one_that_is_gone_leaves_its_words():
    text = html.sanitise('<img src="media:5" alt="Rathaus"><a href="media:7" title="PDF">Antrag</a>')

    def write(tag, entry, own):
        return {**own, "src": "/media/1/ab.webp"} if (tag, entry) == ("img", 5) else None

    assert html.write_media(text, write) == '<img src="/media/1/ab.webp" alt="Rathaus"><a>Antrag</a>'


def test_values_written_for_files_cannot_break_out_of_their_attribute():
    written = html.write_media('<img src="media:5" alt="">', lambda *_: {"src": "/a", "alt": '"><script>'})
    assert written == '<img src="/a" alt="&quot;&gt;&lt;script&gt;">'
    assert html.sanitise(written) == written


def test_a_card_counts_for_the_digest_of_a_text():
    other = CARD.replace("phone email", "phone")
    assert html.digest("Titel", CARD) != html.digest("Titel", other)
    assert html.digest("Titel", f"<p>a</p>\n{CARD}") == html.digest("Titel", f"<p>a</p>{CARD}")


def test_sections_that_say_what_they_are_about_are_found():
    text = '<p>A</p><section class="documents"><p>Pass</p></section><section><p>B</p></section>'
    again = '<section class="documents" lang="de"><p>Foto</p></section><section class="steps">1</section>'
    assert html.sections(html.sanitise(text + again)) == {"documents": "<p>Pass</p><p>Foto</p>", "steps": "1"}


def test_a_section_around_others_is_about_nothing_itself():
    text = '<section class="documents">A<section class="steps">B</section>C</section>'
    assert html.sections(html.sanitise(text)) == {"steps": "B"}


def test_a_section_has_no_other_class():
    assert "style" not in html.sanitise('<section class="style documents">A</section>')


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('<img src="icon:phone" class="icon" alt="">', '<img src="icon:phone" class="icon" alt="">'),
        ('<img src="icon:evil" alt="">', '<img alt="">'),
        ('<img src="ICON:phone" alt="">', '<img alt="">'),
        ('<a href="icon:phone">Wort</a>', "<a>Wort</a>"),
    ],
)
def test_only_icons_of_the_list_and_only_as_pictures_stay(written, kept):
    assert html.sanitise(written) == kept


def test_icons_are_written_out_where_they_stand():
    text = html.sanitise('<p><img src="icon:phone" class="icon" alt=""> 0821</p>')
    shown = html.write_icons(text, lambda name: {"src": f"/{name}.svg", "width": "18"})
    assert shown == '<p><img src="/phone.svg" width="18" class="icon" alt=""> 0821</p>'
