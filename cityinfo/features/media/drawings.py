"""SVG drawings: programs that a browser would run, so everything that acts or reaches out is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

from .types import SVG, Cleaned, Size

_ACTS = {"script", "foreignobject", "iframe", "embed", "object", "handler", "listener", "audio", "video"}
_ANIMATES = {"animate", "set", "animatetransform", "animatemotion"}
_INSIDE = re.compile(r"#|data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)
_REACHES_OUT = re.compile(r"@import|url\(\s*['\"]?\s*(?!['\"]?\s*#)|javascript:|expression\(|\\", re.IGNORECASE)
_NUMBER = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(?:px)?\s*")
_PICTURES = {"image": ["png", "jpeg", "gif", "webp"]}  # may stand inside, as data
_MOST_SIDE = 100_000


def clean(name: str, data: bytes) -> Cleaned:
    """The drawing without comments, metadata and whatever is not known to be harmless.

    Raises `Invalid` when it holds a program or would fetch something: a drawing that misses a part helps nobody.
    """
    import py_svg_hush  # only who uploads needs it

    _check(name, _tree(name, data))
    try:
        written = py_svg_hush.filter_svg(data, _PICTURES)
    except ValueError:
        raise _damaged(name) from None
    root = _tree(name, written)
    _check(name, root)  # what is kept is what was looked at
    return Cleaned(SVG, written, _size(root))


def _tree(name: str, data: bytes) -> ElementTree.Element:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(
            "media.svg_encoding", say("“{name}” is not written in UTF-8; export the drawing again.", name=name)
        ) from None
    if "<!ENTITY" in text:
        raise Invalid(
            "media.svg_entity",
            say("“{name}” declares entities, which drawings do not need; export it again.", name=name),
        )
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - entities were refused; text, so no other encoding is taken
    except (ElementTree.ParseError, ValueError):
        raise _damaged(name) from None
    if _local(root.tag) != "svg":
        raise _damaged(name)
    return root


def _check(name: str, root: ElementTree.Element) -> None:
    for element in root.iter():
        tag = _local(element.tag)
        if tag in _ACTS or (tag in _ANIMATES and "href" in element.get("attributeName", "").lower()):
            raise Invalid(
                "media.svg_script",
                say("“{name}” holds a program (<{tag}>); export it as a plain drawing.", name=name, tag=tag),
            )
        for attribute, value in element.attrib.items():
            _check_attribute(name, _local(attribute), value)
        if tag == "style" and any(_REACHES_OUT.search(text) for text in element.itertext()):
            raise _reaches_out(name)


def _check_attribute(name: str, attribute: str, value: str) -> None:
    if attribute.startswith("on"):
        raise Invalid(
            "media.svg_script",
            say(
                "“{name}” holds a program ({attribute}=…); export it as a plain drawing.",
                name=name,
                attribute=attribute,
            ),
        )
    if attribute in ("href", "src") and not _INSIDE.match(value.strip()):
        raise _reaches_out(name)
    if ("(" in value or "\\" in value or attribute == "style") and _REACHES_OUT.search(value):
        raise _reaches_out(name)


def _reaches_out(name: str) -> Invalid:
    return Invalid(
        "media.svg_external",
        say("“{name}” leads to or loads something else; embed its parts and drop links.", name=name),
    )


def _damaged(name: str) -> Invalid:
    return Invalid("media.corrupt", say("“{name}” is damaged and cannot be shown; export it again.", name=name))


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2].lower()


def _size(root: ElementTree.Element) -> Size | None:
    """As it says itself, else the size of what it shows."""
    lengths: Iterator[re.Match[str] | None] = (_NUMBER.fullmatch(root.get(one, "")) for one in ("width", "height"))
    found = [float(one[1]) for one in lengths if one]
    box = root.get("viewBox", "").replace(",", " ").split()
    if len(found) < 2 and len(box) == 4 and all(_NUMBER.fullmatch(one) for one in box[2:]):
        found = [float(one) for one in box[2:]]
    if len(found) < 2 or not all(1 <= one <= _MOST_SIDE for one in found):
        return None
    return Size(round(found[0]), round(found[1]))
