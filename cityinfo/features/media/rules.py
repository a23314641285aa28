"""Decisions about files. Pure: no session, no clock, no picture library."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import decimal, say

from .types import BY_ENDING, GIF, PICTURE, TYPES, FileType

WIDTHS = (320, 640, 960, 1600)  # of renditions, in pixels: phones, and what they need on dense screens
RENDITION_ENDINGS = ("avif", "webp")
PLATFORM = "platform"  # stands before keys of the platform's own library
MOST_NAME = 200  # characters
_KEY = re.compile(r"(?:[0-9]{1,16}|platform)/([0-9a-f]{32}(?:-[0-9]{1,4})?)\.([a-z0-9]{3,4})")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")


def key_of(owner: int | str, data: bytes, file_type: FileType) -> str:
    """Under which these bytes are kept: by whom they are, and what they are."""
    return f"{owner}/{hashlib.sha256(data).hexdigest()[:32]}.{file_type.endings[0]}"


def rendition_keys(key: str, width: int | None) -> dict[str, tuple[str, int]]:
    """Under which copies of a picture are kept, with their types and widths, narrowest first.

    None is wider than the picture. Named after it, so that whoever makes them again makes the same.
    """
    file_type = type_of_key(key)
    if file_type is None or file_type.sort != PICTURE or file_type is GIF or not width:  # a GIF may move
        return {}
    widths = sorted({one for one in WIDTHS if one < width} | {min(width, WIDTHS[-1])})
    name = key.rpartition(".")[0]
    return {f"{name}-{one}.{ending}": (ending, one) for one in widths for ending in RENDITION_ENDINGS}


def type_of_key(key: str) -> FileType | None:
    """What is kept under a key, by its end; None when no key looks like this."""
    match = _KEY.fullmatch(key)
    return BY_ENDING.get(match[2]) if match else None


def tag_of_key(key: str) -> str:
    """What tells the content of a key from every other content."""
    return key.rpartition("/")[2].partition(".")[0]


def check_name(name: str) -> str:
    """The name of a file as it is kept: without folders and control characters."""
    name = " ".join(_SPACE.split(unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1]))).strip()
    if not name.strip("."):
        raise Invalid("media.name", "A file needs a name.")
    if len(name) > MOST_NAME:
        raise Invalid(
            "media.name",
            say("The file's name has {number} characters; {most} is the most.", number=len(name), most=MOST_NAME),
        )
    return name


def check_folder(folder: str) -> str:
    """A folder as it is kept: names joined by slashes, none of them empty."""
    names = [" ".join(_SPACE.split(unicodedata.normalize("NFC", one))).strip() for one in folder.split("/")]
    names = [one for one in names if one]
    if any(one in (".", "..") for one in names) or len("/".join(names)) > MOST_NAME:
        raise Invalid(
            "media.folder", say("“{folder}” is no folder: write names with slashes between them.", folder=folder[:60])
        )
    return "/".join(names)


def inside(folder: str, other: str) -> bool:
    """Whether a folder is another one, or lies in it."""
    return folder == other or folder.startswith(f"{other}/") or not other


def sought(name: str) -> str:
    """A name as searches compare it."""
    return unicodedata.normalize("NFC", name).casefold()


def check_ending(name: str, file_type: FileType) -> None:
    """What a file is called must not say that it is something else."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending and ending not in file_type.endings:
        raise Invalid(
            "media.wrong_type",
            say(
                "“{name}” is {name2} by its content; name it .{endings} or choose another file.",
                name=name,
                name2=file_type.name,
                endings=file_type.endings[0],
            ),
        )


def check_size(name: str, size: int, most: int) -> None:
    if not size:
        raise Invalid("media.empty", say("“{name}” is empty; choose another file.", name=name))
    if size > most:
        raise Invalid(
            "media.too_large",
            say(
                "“{name}” has {size}; {most} is the most for one file.",
                name=name,
                size=megabytes(size),
                most=megabytes(most),
            ),
        )


def check_quota(used: int, new: int, most: int) -> None:
    if new > 0 and used + new > most:
        raise Invalid(
            "media.quota",
            say(
                "The library holds {used} and may hold {most}; delete files that nothing shows.",
                used=megabytes(used),
                most=megabytes(most),
            ),
            used=used,
            most=most,
        )


def check_focal_point(x: float, y: float) -> None:
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise Invalid("media.focal_point", "The focal point lies in the picture: from 0 to 1, from left and from top.")


def check_replacement(name: str, old: FileType, new: FileType) -> None:
    """Texts show a picture, link a document and play a recording; another sort would break them."""
    if old.mime.partition("/")[0] != new.mime.partition("/")[0]:
        raise Invalid(
            "media.other_sort",
            say(
                "“{name}” is {name2} and cannot stand for {name3}; upload it anew.",
                name=name,
                name2=new.name,
                name3=old.name,
            ),
        )


def known_endings() -> str:
    return ", ".join(sorted({one.endings[0].upper() for one in TYPES}))


def megabytes(size: int) -> str:
    return say("{number} MB", number=decimal(size / 1_000_000, 1))
