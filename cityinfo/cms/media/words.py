"""Files in words: how large, of which kind."""

from __future__ import annotations

from cityinfo.features import media
from cityinfo.features.media import MediaFile
from cityinfo.kernel.i18n import _, language

PICTURE, DOCUMENT, RECORDING = "picture", "document", "recording"
BEGINNINGS = {PICTURE: "image/", DOCUMENT: "application/", RECORDING: "audio/"}  # of the types of files of this kind


def kinds() -> dict[str, str]:
    """The kinds of files that can be looked for."""
    return {PICTURE: _("Pictures"), DOCUMENT: _("Documents"), RECORDING: _("Recordings")}


def kind_of(mime: str) -> str:
    return next(kind for kind, beginning in BEGINNINGS.items() if mime.startswith(beginning))


def size(number: int) -> str:
    """Bytes as people say them, with a unit that stays beside its number."""
    if number < 100_000:
        said = _("{number} KB", number=-(-number // 1_000))
    elif number < 1_000_000_000:
        said = _("{number} MB", number=_short(number / 1_000_000))
    else:
        said = _("{number} GB", number=_short(number / 1_000_000_000))
    return said.replace(" ", "\N{NO-BREAK SPACE}")


def about(file: MediaFile) -> str:
    """Type, extent and size in one line."""
    kept = media.type_of_key(file.key)
    parts = [kept.endings[0].upper() if kept else file.type]
    if file.width and file.height:
        parts.append(f"{file.width} × {file.height}")
    return " · ".join([*parts, size(file.size)])


def _short(number: float) -> str:
    written = f"{number:.1f}".removesuffix(".0") if number < 100 else f"{number:.0f}"
    return written.replace(".", ",") if language() == "de" else written
