"""Texts cut into blocks, compared and merged: nothing is lost, and nothing is guessed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cityinfo.kernel import html
from cityinfo.kernel.blocks import Change, Whose, blocks, compare, compare_texts, marked, merge

LETTERS = st.lists(st.sampled_from("abcdef"), max_size=8)
PARTS = st.sampled_from(
    ["<p>eins</p>", "<h2>zwei</h2>", "<ul><li>a<ul><li>b</li></ul></li></ul>", "<hr>", "los <b>fett</b>", "\n", "<br>",
     '<contact-card entry="1" show="phone"></contact-card>', "<div><p>innen</p></div>", '<img src="media:5" alt="x">']
)  # fmt: skip


@given(st.lists(PARTS))
def test_the_blocks_of_a_text_joined_are_the_text(parts):
    text = html.sanitise("".join(parts))
    assert "".join(blocks(text)) == text


def test_lists_and_boxes_are_one_block_each():
    assert blocks("<p>a</p>\n<ul><li>b</li><li>c</li></ul><div><p>d</p><p>e</p></div>") == [
        "<p>a</p>\n",
        "<ul><li>b</li><li>c</li></ul>",
        "<div><p>d</p><p>e</p></div>",
    ]


def test_words_without_a_block_are_one_of_their_own():
    assert blocks("nackt <b>und</b> bloß<p>a</p>") == ["nackt <b>und</b> bloß", "<p>a</p>"]


def test_line_breaks_make_no_difference():
    steps = compare_texts("<p>a\nb</p>", "<p>a b</p>")
    assert [step.change for step in steps] == [Change.SAME]


def test_a_changed_paragraph_stands_beside_what_it_was():
    steps = compare_texts("<p>a</p><p>b</p>", "<p>a</p><p>c</p>")
    assert [(step.change, step.before, step.after) for step in steps] == [
        (Change.SAME, ("<p>a</p>",), ("<p>a</p>",)),
        (Change.REPLACED, ("<p>b</p>",), ("<p>c</p>",)),
    ]


def test_a_change_is_marked_in_the_sentence_itself():
    assert marked("<p>Bis 12 Uhr.</p>", "<p>Bis <b>14</b> Uhr.</p>") == (
        "<p>Bis <del>12</del><b><ins>14</ins></b> Uhr.</p>"
    )


@given(LETTERS, LETTERS)
def test_comparing_tells_both_texts_whole(before, after):
    steps = compare(before, after)
    assert [one for step in steps for one in step.before] == before
    assert [one for step in steps for one in step.after] == after


@given(LETTERS, LETTERS, LETTERS)
def test_a_merge_leaves_nothing_out_and_nobody_first(base, ours, theirs):
    regions = merge(base, ours, theirs)
    for side, whole in (("base", base), ("ours", ours), ("theirs", theirs)):
        assert [one for region in regions for one in getattr(region, side)] == whole
    mirrored = [(one.base, one.theirs, one.ours) for one in merge(base, theirs, ours)]
    assert mirrored == [(one.base, one.ours, one.theirs) for one in regions]


@given(LETTERS, LETTERS)
def test_what_one_side_alone_changed_is_taken(base, changed):
    for regions in (merge(base, changed, base), merge(base, base, changed), merge(base, changed, changed)):
        assert [one for region in regions for one in region.merged] == changed


def test_both_changing_the_same_paragraph_is_a_conflict():
    regions = merge(["a", "b", "c"], ["a", "x", "c"], ["a", "y", "c"])
    assert [region.whose for region in regions] == [Whose.NOBODY, Whose.CONFLICT, Whose.NOBODY]
    assert regions[1].merged is None


def test_changes_to_different_paragraphs_merge():
    regions = merge(["a", "b", "c"], ["x", "b", "c"], ["a", "b", "y"])
    assert [one for region in regions for one in region.merged] == ["x", "b", "y"]


def test_changes_side_by_side_do_not_contradict_each_other():
    regions = merge(["a", "b", "c"], ["x", "b", "c"], ["a", "y", "c"])
    assert [one for region in regions for one in region.merged] == ["x", "y", "c"]


def test_what_was_put_in_beside_a_changed_paragraph_stays_where_it_was_put():
    regions = merge(["a", "b"], ["a", "new", "b"], ["x", "b"])
    assert [one for region in regions for one in region.merged] == ["x", "new", "b"]


def test_two_things_put_in_at_the_same_place_are_a_conflict():
    regions = merge(["a", "b"], ["a", "ours", "b"], ["a", "theirs", "b"])
    assert Whose.CONFLICT in [region.whose for region in regions]


def test_what_was_put_in_beside_a_removed_paragraph_is_a_conflict():
    regions = merge(["a", "b"], ["a", "new", "b"], ["b"])
    assert Whose.CONFLICT in [region.whose for region in regions]


@given(LETTERS, LETTERS, LETTERS)
def test_a_merge_without_conflict_is_the_same_whoever_comes_first(base, ours, theirs):
    there, back = merge(base, ours, theirs), merge(base, theirs, ours)
    assert [one.merged for one in there] == [one.merged for one in back]
