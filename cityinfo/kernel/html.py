"""The only door for editors' markup: one allow-list, one normal form, one way to find and write links.

Three things stand in a text by their identity and are written out when it is published: ``<contact-card entry="12"
show="phone email"></contact-card>``, files, as ``media:12`` where an address would stand, and icons, as ``icon:phone``.

Everything but `sanitise` and `removed` expects HTML that `sanitise` has returned: there every tag is closed and every
attribute value stands in double quotes, so that patterns are exact.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

import nh3

_TAGS = set(
    "p h2 h3 h4 h5 h6 ul ol li strong b em i u s sub sup small mark abbr a br hr table caption thead tbody tfoot tr th"
    " td span div section blockquote cite q code pre figure figcaption img details summary dl dt dd bdi bdo time"
    " address iframe audio contact-card".split()
)
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "translate", "aria-label", "aria-hidden"},
    "a": {"href", "hreflang"},
    "img": {"src", "alt", "width", "height"},
    "iframe": {"src", "width", "height", "allowfullscreen"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "time": {"datetime"},
    "details": {"open"},
    "audio": {"src", "controls"},
    "contact-card": {"entry", "show"},
}
MOST_LEVELS = 200  # of tags within tags
_NOTES = {"notranslate", "note", "icon"}
_CLASSES = {
    **dict.fromkeys(("p", "span", "strong", "em"), _NOTES),
    "a": {"link-external", "notranslate"},
    "div": {"contact-card", "note"},
    "section": {"eligibility", "documents", "steps", "cost"},
    "ul": {"details"},
    "img": {"alignleft", "alignright", "aligncenter", "icon"},
    "figure": {"alignleft", "alignright", "aligncenter"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "sms", "ftp", "entry", "media", "icon"}
# Small pictures that may stand among words; texts of Integreat know the same ones.
ICONS = ("pin", "web", "mail", "phone", "clock", "hint", "group", "contact", "speech", "fax")
# What readers' apps show; they drop every other frame. A pattern, because Python and browsers disagree about which part
# of a crooked address is the host.
_VIDEO = re.compile(r"https://(?:[a-z0-9-]+\.)*vimeo\.com(?:[/?#]|$)", re.IGNORECASE)
_BLOCKS = (
    "p|h[1-6]|ul|ol|li|table|caption|thead|tbody|tfoot|tr|th|td|section|div|blockquote|figure|figcaption|details|summary"
    "|dl|dt|dd|br|hr|pre|address|audio|contact-card"
)
_BLOCK = re.compile(_BLOCKS)
_UNEVEN = re.compile(r"[\t\r\f]|  ")  # white space that is more than blanks and ends of lines
_TAG = re.compile(r'<(/?)([a-z0-9-]+)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>')
# Browsers take what stands inside a frame for text, and nh3 leaves it as it is; other parsers would find tags there.
_INSIDE_FRAME = re.compile(
    r'(<(?P<tag>iframe|contact-card)(?:\s+[a-z-]+(?:="[^"]*")?)*\s*>).*?(?=</(?P=tag)>)', re.DOTALL
)
_ATTRIBUTE = re.compile(r'\s+([a-z-]+(?:="[^"]*")?)')
_BLOCK_EDGE = re.compile(rf'\s*(</?(?:{_BLOCKS})(?: [a-z-]+(?:="[^"]*")?)*>)\s*')
_HREF = re.compile(r'(<a\b(?:\s+[a-z-]+(?:="[^"]*")?)*?)\s+href="([^"]*)"')
_REFERENCE = re.compile(r"entry:(\d{1,16})(?:/([a-z0-9-]+))?")
_CARD = re.compile(r'<contact-card((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*></contact-card>')
_MEDIA_TAG = re.compile(r'<(a|img|audio)((?:\s+[a-z-]+(?:="[^"]*")?)*?\s+(?:href|src)="media:(\d{1,16})"[^<>]*)>')
_ICON_SOURCE = re.compile(r'(<img(?:\s+[a-z-]+(?:="[^"]*")?)*?\s+)src="icon:([a-z]+)"')
_SECTION = re.compile(
    r'<section(?: [a-z-]+(?:="[^"]*")?)*? class="([a-z]+)"[^<>]*>((?:(?!</?section\b).)*)</section>', re.DOTALL
)
_EMBEDDED = re.compile(r'<(iframe|audio|contact-card)(?:\s+[a-z-]+(?:="[^"]*")?)*\s*></\1>')
_IMAGE = re.compile(r'<img((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*/?>')
_NAMED = re.compile(r'\s+([a-z-]+)(?:="([^"]*)")?')
_QUOTED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\xa0": "&nbsp;"})
_MOST_ROUNDS = 5  # two are enough for what people write
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_WHOLE_TAGS = re.compile(r"(?:</?[a-zA-Z][^<>]*>\s*)+")
_NEED_NO_END = set("p li dt dd tr td th thead tbody tfoot option br hr img input col source wbr area base link".split())
_SPACE = re.compile(r"[ \t\r\n\f]+")


def sanitise(html: str) -> str:
    """What of this markup may be kept. Safe to repeat: clean markup comes back as it is."""
    html = html.replace("\r\n", "\n")
    clean = _sanitise_once(_words_of(html) if _nests_deeper_than(MOST_LEVELS, html) else html)
    for _ in range(_MOST_ROUNDS):
        again = _sanitise_once(clean)
        if again == clean:
            break
        clean = again
    return clean


def _nests_deeper_than(most: int, html: str) -> bool:
    """Whether more tags are open at once than anybody writes: the time to read them grows with their square."""
    unclosed: Counter[str] = Counter()
    depth = 0
    for tag in _ANY_TAG.finditer(html):
        name = tag[2].lower()
        if name in _NEED_NO_END:
            continue
        if not tag[1]:
            unclosed[name] += 1
            depth += 1
        elif unclosed[name]:
            unclosed[name] -= 1
            depth -= 1
        if depth > most:
            return True
    return False


def _words_of(html: str) -> str:
    """What is between the tags, as one paragraph: no word of it is lost."""
    return f"<p>{_WHOLE_TAGS.sub(' ', html).replace('<', '&lt;')}</p>"


def _sanitise_once(html: str) -> str:
    """One round. A tag that is left out can bring two together that a parser then takes apart in the next one."""
    clean = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style"},
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        attribute_filter=_keep_attribute,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return _INSIDE_FRAME.sub(r"\1", clean)


def removed(before: str, after: str) -> Counter[str]:
    """Tags and attributes that stand in `before` and no longer in `after`, as ``p[style]``, with how many."""
    return _inventory(before) - _inventory(after)


def digest(title: str, content: str) -> str:
    """The fingerprint of a text. Line breaks, white space and the order of attributes do not count."""
    return hashlib.sha256(f"{_collapse(title)}\0{_normal(content)}".encode()).hexdigest()


def plain_text(html: str) -> str:
    """The words alone, blocks on lines of their own."""
    pieces = _TAG.split(html)  # words, then slash, name and attributes of the tag behind them, and so on
    pieces[2::4] = ["\n" if _is_block(name) else "" for name in pieces[2::4]]
    pieces[1::4] = pieces[3::4] = [""] * (len(pieces) // 4)
    text = "".join(pieces)
    plain = "&" not in text and _UNEVEN.search(text) is None  # most of what people write
    lines = (line.strip() if plain else _collapse(unescape(line)) for line in text.split("\n") if line)
    return "\n".join(line for line in lines if line)


@lru_cache(maxsize=200)  # names come from clean markup, but also from what asks to be cleaned
def _is_block(name: str) -> bool:
    return _BLOCK.fullmatch(name) is not None


def excerpt(html: str, *, most: int = 200) -> str:
    """The beginning of the words on one line, cut between words, at most `most` characters."""
    text = plain_text(_beginning(html, most)).replace("\n", " ")
    if len(text) <= most:
        text = plain_text(html).replace("\n", " ")
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0][: most - 2] + " …"


def _beginning(html: str, most: int) -> str:
    """The text up to the end of a paragraph behind its first words: reading all of it takes long."""
    end = "</p>"
    at = html.find(end, 2 * most)
    return html if at < 0 else html[: at + len(end)]


def references(html: str) -> set[tuple[int, str]]:
    """Entries this text links to, each with the language it insists on, if any."""
    found = (_REFERENCE.fullmatch(unescape(link[2])) for link in _HREF.finditer(html))
    return {(int(reference[1]), reference[2] or "") for reference in found if reference}


def shown(html: str) -> set[tuple[str, int]]:
    """What stands in this text by its identity: role (`contact`, `media`) and entry."""
    cards = _CARD.finditer(html) if "<contact-card" in html else ()
    tags = _MEDIA_TAG.finditer(html) if '"media:' in html else ()
    named = {("contact", entry_id) for card in cards if (entry_id := _entry_of(card[1]))}
    return named | {("media", int(tag[3])) for tag in tags}


def write_cards(html: str, write: Callable[[int, list[str]], str]) -> str:
    """Replace contact cards. `write` gets the entry and the details chosen, and returns markup, or nothing."""

    def replace(card: re.Match[str]) -> str:
        entry_id = _entry_of(card[1])
        return write(entry_id, _attributes(card[1]).get("show", "").split()) if entry_id else ""

    return _CARD.sub(replace, html) if "<contact-card" in html else html


def write_media(html: str, write: Callable[[str, int, Mapping[str, str]], Mapping[str, str] | None]) -> str:
    """Write every tag that names a file anew. `write` gets the tag, the entry and the attributes, and returns others.

    None takes a picture or a recording away; a link leaves its words.
    """

    def replace(tag: re.Match[str]) -> str:
        found = write(tag[1], int(tag[3]), _attributes(tag[2]))
        if found is None:
            return "<a>" if tag[1] == "a" else ""
        written = "".join(f' {name}="{_quoted(value)}"' for name, value in found.items())
        return f"<{tag[1]}{written}>"

    return _MEDIA_TAG.sub(replace, html) if '"media:' in html else html


def write_icons(html: str, attributes_of: Callable[[str], Mapping[str, str]]) -> str:
    """Replace the source of every icon by attributes that show it; `attributes_of` gets its name."""

    def replace(icon: re.Match[str]) -> str:
        written = attributes_of(icon[2]).items()
        return icon[1] + " ".join(f'{name}="{_quoted(value)}"' for name, value in written)

    return _ICON_SOURCE.sub(replace, html) if '"icon:' in html else html


def decorates(attributes: Mapping[str, str | None]) -> bool:
    """Whether a picture with these attributes says nothing to people who do not see it, on purpose."""
    return attributes.get("aria-hidden") == "true"


def without_embedded(html: str) -> str:
    """The text as it can be shown anywhere: no frame, recording or card is fetched, pictures leave their words."""
    alone = _EMBEDDED.sub("", html)
    return _IMAGE.sub(lambda image: _quoted(_attributes(image[1]).get("alt", "")), alone)


def without_frames(html: str) -> str:
    """The text without what is shown from other servers."""
    return _EMBEDDED.sub(lambda one: "" if one[1] == "iframe" else one[0], html)


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _NAMED.findall(text)}


def _entry_of(attributes: str) -> int | None:
    number = _attributes(attributes).get("entry", "")
    return int(number) if re.fullmatch(r"\d{1,16}", number) else None


def sections(html: str) -> dict[str, str]:
    """What stands inside the sections that say by a class what they are about; several of one class are joined."""
    found: dict[str, str] = {}
    for section in _SECTION.finditer(html):
        found[section[1]] = found.get(section[1], "") + section[2]
    return found


def replace_links(html: str, replacement: Callable[[str], str | None]) -> str:
    """Write every link anew. `replacement` gets the address and returns one, or None to leave words without a link."""

    def write(link: re.Match[str]) -> str:
        address = replacement(unescape(link[2]))
        return link[1] if address is None else f'{link[1]} href="{_quoted(address)}"'

    return _HREF.sub(write, html)


def resolve_references(html: str, address_of: Callable[[int, str], str | None]) -> str:
    """Write out the references of a text; one that leads nowhere leaves its words without a link."""
    if "entry:" not in html:
        return html

    def resolve(address: str) -> str | None:
        reference = _REFERENCE.fullmatch(address)
        return address_of(int(reference[1]), reference[2] or "") if reference else address

    return replace_links(html, resolve)


def links(html: str) -> Iterator[str]:
    """The addresses of all links, in order."""
    return (unescape(link[2]) for link in _HREF.finditer(html))


def _keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    if tag == "iframe" and attribute == "src":
        return value if _VIDEO.match(value) else None
    if value.strip().lower().startswith("icon:"):
        return value if (tag, attribute) == ("img", "src") and value.removeprefix("icon:") in ICONS else None
    return value


def _quoted(value: str) -> str:
    """An attribute's value as `sanitise` writes it, so that a link written as it was leaves the text as it was."""
    return value.translate(_QUOTED)


def _normal(html: str) -> str:
    ordered = _TAG.sub(_with_ordered_attributes, html)
    return _BLOCK_EDGE.sub(r"\1", _collapse(ordered))


def _with_ordered_attributes(tag: re.Match[str]) -> str:
    attributes = sorted(_ATTRIBUTE.findall(tag[3])) if tag[3] else ()
    return f"<{tag[1]}{' '.join([tag[2], *attributes])}>"


def _collapse(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _inventory(html: str) -> Counter[str]:
    counter = _Inventory()
    counter.feed(html)
    counter.close()
    return counter.found


class _Inventory(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag] += 1
        for name, value in attrs:
            self.found[f"{tag}[{name}]"] += 1
            if name == "class":
                self.found.update(f"{tag}.{word}" for word in (value or "").split())
