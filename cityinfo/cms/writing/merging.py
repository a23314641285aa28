"""Two texts that came from one, as people compare them."""

from __future__ import annotations

from markupsafe import Markup, escape

from cityinfo.features.content import THEIRS, Merging, Place
from cityinfo.kernel import blocks, html


def shown(place: Place, side: str) -> Markup:
    """One side of a place with what it changed."""
    said = getattr(place, side)
    if place.is_title:
        return readable(blocks.marked(escape(place.base), escape(said)))
    opens, closes = place.around if said else ("", "")
    return readable(opens + blocks.marked(place.base, said) + closes)


def rest(merging: Merging) -> Markup:
    """All of the text that nobody needs to decide about, with what either side changed."""
    fitting = (place for place in merging.places if not place.is_open)
    sides = ((place, place.theirs if place.whose == THEIRS else place.ours) for place in fitting)
    return readable("".join(said if place.edge else blocks.marked(place.base, said) for place, said in sides))


def readable(text: str) -> Markup:
    """A text of ours to look at: without links to follow, and without what would be fetched."""
    quiet = html.without_embedded(html.replace_links(text, lambda _: None))
    return Markup(quiet)  # noqa: S704 - both sides were sanitised; `marked` adds <ins> and <del> alone
