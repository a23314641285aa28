"""An outline that follows changes says what one made anew says."""

from hypothesis import given
from hypothesis import strategies as st

from cityinfo.features.publishing import Outline, OutlineNode, OutlineText

IDS = st.integers(1, 8)
LANGUAGES = ("de", "en")


@st.composite
def nodes(draw):
    """Pages that hang below pages with smaller numbers, as trees without circles do."""
    entry_id = draw(IDS)
    parent = draw(st.one_of(st.none(), st.integers(1, entry_id - 1))) if entry_id > 1 else None
    texts = {
        language: OutlineText(f"{draw(st.sampled_from('abc'))}-{entry_id}", 100 + entry_id)
        for language in draw(st.sets(st.sampled_from(LANGUAGES), min_size=1))
    }
    return OutlineNode(entry_id, "page", parent, texts)


def said(outline):
    """Everything an outline can be asked."""
    return {
        entry_id: (outline.node(entry_id), dict(outline.paths(entry_id)), outline.ancestors(entry_id))
        for entry_id in range(1, 9)
    }


@given(
    st.lists(nodes(), max_size=8, unique_by=lambda node: node.id),
    st.lists(st.tuples(st.lists(nodes(), max_size=3, unique_by=lambda node: node.id), st.sets(IDS)), max_size=4),
)
def test_an_outline_with_changes_is_the_outline_of_what_is_there_then(first, steps):
    known = {node.id: node for node in first}
    outline = Outline(first)
    for changed, removed in steps:
        assert said(outline) == said(Outline(known.values()))  # and all paths are known now
        removed -= {node.id for node in changed}
        known = {**known, **{node.id: node for node in changed}}
        known = {entry_id: node for entry_id, node in known.items() if entry_id not in removed}
        outline = outline.with_changes(changed, removed)
    assert said(outline) == said(Outline(known.values()))


def test_notes_stay_with_entries_that_stand_where_they_stood():
    def node(entry_id, slug, parent=None):
        return OutlineNode(entry_id, "page", parent, {"de": OutlineText(slug, entry_id)})

    before = Outline([node(1, "arbeit"), node(2, "suche", 1), node(3, "wohnen")])
    before.notes("face").update({1: "/arbeit", 2: "/arbeit/suche", 3: "/wohnen"})
    after = before.with_changes([node(1, "beruf")], [])
    assert after.notes("face") == {3: "/wohnen"}
    assert before.notes("face")[2] == "/arbeit/suche"


def test_a_slug_that_went_is_not_found_in_the_next_outline():
    node = OutlineNode(1, "page", None, {"de": OutlineText("arbeit", 1)})
    before = Outline([node])
    assert before.find("page", "de", "arbeit") == node
    after = before.with_changes([], [1])
    assert after.find("page", "de", "arbeit") is None
