"""Printing with typst. Words go in as quoted strings only, so that no text can be taken for an instruction."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from selectolax.lexbor import LexborHTMLParser, LexborNode

from cityinfo.features.publishing.ports import Chapter
from cityinfo.kernel.errors import Invalid, Unavailable

# Packages whose fonts stand beside those that come with typst.
_FONTS = ("fontpkg_ibm_plex_sans_arabic", "manimgx_fonts")
# What these can write; text in another script, such as Chinese, would print as empty boxes.
_SCRIPTS = tuple(
    "LATIN CYRILLIC GREEK COMBINING MODIFIER ARABIC ARMENIAN BENGALI DEVANAGARI ETHIOPIC GEORGIAN GUJARATI GURMUKHI"
    " HEBREW KANNADA KHMER LAO MALAYALAM MYANMAR ORIYA SINHALA TAMIL TELUGU THAI".split()
)
# Plex before Noto: Noto puts letters of Arabic together from pieces, and then words cannot be searched or read aloud.
_FAMILIES = ("Libertinus Serif", "IBM Plex Sans Arabic", "DejaVu Sans Mono")
LONGEST = 60.0  # seconds
_MOST_FOREIGN = 0.01  # share of letters: a name in its own script must not keep a page from being printed
_SETTING = """\
#set document(title: {title})
#set page(paper: "a4", margin: 2cm, numbering: "1")
#set text(lang: {language}, dir: {direction}, size: 11pt, font: {families})
#set par(justify: false)
#show link: underline
#align(center)[#text(size: 20pt, weight: "bold", {title})]
#outline(title: none, depth: 2)
"""

Write = Callable[[LexborNode], str]


class TypstTypesetter:
    """Fulfils `features.publishing.ports.Typesetter`."""

    def pdf(self, title: str, chapters: Sequence[Chapter], *, language: str, rtl: bool) -> bytes:
        _check_scripts(chapters)
        setting = _SETTING.format(
            title=_quoted(title),
            language=_quoted(language.split("-")[0]),
            direction="rtl" if rtl else "ltr",
            families=_families(),
        )
        source = setting + "\n".join(_chapter(one) for one in chapters)
        return _compiled(source.encode())


@cache
def _families() -> str:
    """Names of fonts as typst reads a list: for each letter the first one that has it."""
    noto = sorted(path.name for path in files("manimgx_fonts").iterdir() if path.name.startswith("NotoSans"))
    names = [re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.partition("[")[0]) for name in noto if "Italic" not in name]
    return f"({', '.join(_quoted(name) for name in (*_FAMILIES, *names))})"


def _compiled(source: bytes) -> bytes:
    """In a process of its own: a whole city takes seconds and hundreds of megabytes, which a web process would keep."""
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(command, input=source, capture_output=True, timeout=LONGEST, check=True)  # noqa: S603
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise Unavailable("pdf.failed", "The document could not be printed; try a smaller part of it.") from None
    return done.stdout


def _check_scripts(chapters: Sequence[Chapter]) -> None:
    letters = [one for chapter in chapters for one in chapter.title + chapter.content if one.isalpha()]
    foreign = sum(not _can_write(letter) for letter in letters)
    if foreign > len(letters) * _MOST_FOREIGN:
        raise Invalid("pdf.script", "There is no printable document in this language; read it on the screen.")


@lru_cache(maxsize=4_096)
def _can_write(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_SCRIPTS)


def _chapter(chapter: Chapter) -> str:
    heading = f"#heading(level: {min(chapter.level, 6)})[#{_quoted(chapter.title)}]"
    body = LexborHTMLParser(chapter.content).body
    return f"{heading}\n{_inside(body) if body else ''}\n"


def _inside(node: LexborNode) -> str:
    return "".join(_written(child) for child in node.iter(include_text=True))


def _written(node: LexborNode) -> str:
    if node.tag == "-text":
        words = node.text_content or ""
        return f"#{_quoted(words)};" if words.strip() else " "
    write = _TAGS.get(node.tag or "")
    return write(node) if write else _inside(node)


def _quoted(text: str) -> str:
    """A string as typst reads it: JSON's escapes, but for the one that names a character by number."""
    plain = " ".join(text.split("\n")).replace("\0", "")
    readable = "".join(one for one in plain if one.isprintable() or one == " ")
    return json.dumps(readable, ensure_ascii=False)


def _block(node: LexborNode) -> str:
    return f"\n\n{_inside(node)}\n\n"


def _heading(node: LexborNode) -> str:
    return f"\n\n#block(above: 1.2em)[#strong[{_inside(node)}]]\n\n"


def _link(node: LexborNode) -> str:
    address = node.attributes.get("href") or ""
    if not address.startswith(("http://", "https://", "mailto:", "tel:")):
        return _inside(node)
    return f"#link({_quoted(address)})[{_inside(node)}]"


def _items(name: str) -> Write:
    def write(node: LexborNode) -> str:
        items = [f"[{_inside(child)}]" for child in node.iter() if child.tag == "li"]
        return f"\n\n#{name}({', '.join(items)})\n\n" if items else ""

    return write


def _table(node: LexborNode) -> str:
    rows = [[f"[{_inside(cell)}]" for cell in row.css("td, th")] for row in node.css("tr")]
    width = max((len(row) for row in rows), default=0)
    cells = [cell for row in rows for cell in (*row, *["[]"] * (width - len(row)))]
    return f"\n\n#table(columns: {width}, {', '.join(cells)})\n\n" if width else ""


def _picture(node: LexborNode) -> str:
    words = node.attributes.get("alt") or ""
    return f"#emph[#{_quoted(words)};]" if words else ""


def _tags() -> Iterator[tuple[str, Write]]:
    for name in ("p", "div", "section", "figure", "figcaption", "details", "dl", "dd", "address"):
        yield name, _block
    for name in ("h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"):
        yield name, _heading
    for name in ("strong", "b"):
        yield name, lambda node: f"#strong[{_inside(node)}]"
    for name in ("em", "i", "cite"):
        yield name, lambda node: f"#emph[{_inside(node)}]"
    for name in ("iframe", "audio"):
        yield name, lambda _: ""
    yield "a", _link
    yield "ul", _items("list")
    yield "ol", _items("enum")
    yield "table", _table
    yield "img", _picture
    yield "br", lambda _: "#linebreak();"
    yield "hr", lambda _: "\n\n#line(length: 100%)\n\n"
    yield "blockquote", lambda node: f"\n\n#quote(block: true)[{_inside(node)}]\n\n"


_TAGS: Mapping[str, Write] = dict(_tags())


def _main() -> None:
    import typst

    folders = [str(files(package)) for package in _FONTS]
    fonts = typst.Fonts(font_paths=folders, include_system_fonts=False)  # the same paper on every machine
    sys.stdout.buffer.write(typst.compile(sys.stdin.buffer.read(), font_paths=fonts))


if __name__ == "__main__":
    _main()
