"""Pixel pictures: read within limits, and written anew from their pixels alone, so that nothing else survives."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from PIL import Image, ImageCms, ImageOps, ImageSequence

from cityinfo.kernel.errors import Invalid, Problem
from cityinfo.kernel.i18n import say

from . import wholeness
from .types import AVIF, GIF, JPEG, PNG, WEBP, Cleaned, FileType, Size

MOST_PIXELS = 50_000_000  # what telephones take; decoded, this is 150 MB
MOST_FRAMES = 300
MOST_SIDE = 3_000  # pixels; larger pictures are made smaller
FORMATS = {JPEG: "JPEG", PNG: "PNG", GIF: "GIF", WEBP: "WEBP", AVIF: "AVIF"}  # as the library calls them
_log = logging.getLogger(__name__)
_SAVED_AS: dict[FileType, dict[str, object]] = {
    JPEG: {"format": "JPEG", "quality": 88, "progressive": True, "optimize": True},
    PNG: {"format": "PNG", "optimize": True},
    WEBP: {"format": "WEBP", "quality": 88, "method": 4},
    AVIF: {"format": "AVIF", "quality": 80, "speed": 8},
}
_RENDITION: dict[str, dict[str, object]] = {
    "webp": {"format": "WEBP", "quality": 78, "method": 4},
    "avif": {"format": "AVIF", "quality": 60, "speed": 8},
}
Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # beyond twice as many, the library refuses by itself while it reads the header


def clean(name: str, data: bytes, wanted: FileType) -> Cleaned:
    """The picture written anew: upright, in sRGB, at most 3,000 pixels a side, without any metadata.

    One that was written here is kept as it is: each writing loses a little of a photograph.
    """
    with _understood(name), _opened(name, data, wanted) as image:
        if wanted is GIF:
            written, size = _moving(name, image)
        else:
            is_ours = _is_as_we_write(image, data, wanted)
            picture = _upright(image, wanted)
            written, size = data if is_ours else _bytes(picture, _SAVED_AS[wanted]), Size(*picture.size)
        return Cleaned(wanted, written, size)


def smaller(data: bytes, width: int, ending: str) -> tuple[bytes, Size]:
    """A copy of a clean picture, so many pixels wide, as `webp` or `avif`."""
    with Image.open(io.BytesIO(data)) as image:
        height = max(1, round(image.height * width / image.width))
        if image.format == "JPEG":
            image.draft("RGB", (width * 2, height * 2))
        colours = "RGBA" if image.has_transparency_data else "RGB"
        picture = image.convert(colours).resize((width, height), Image.Resampling.LANCZOS)
        return _bytes(picture, _RENDITION[ending]), Size(width, height)


@contextlib.contextmanager
def _understood(name: str) -> Iterator[None]:
    """Whatever a decoder stumbles over, an editor reads one sentence."""
    try:
        yield
    except Problem:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(name) from None
    except Exception:  # decoders raise whatever they like
        _log.info("A picture could not be read.", exc_info=True)
        raise Invalid(
            "media.corrupt", say("“{name}” is damaged and cannot be shown; export it again.", name=name)
        ) from None


@contextlib.contextmanager
def _opened(name: str, data: bytes, wanted: FileType) -> Iterator[Image.Image]:
    """The picture, nothing decoded yet: its header says whether it may be."""
    with Image.open(io.BytesIO(data), formats=[FORMATS[wanted]]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise _too_many_pixels(name)
        yield image


def _too_many_pixels(name: str) -> Invalid:
    return Invalid(
        "media.too_many_pixels",
        say(
            "“{name}” unfolds into more than {most} million pixels; make the picture smaller.",
            name=name,
            most=MOST_PIXELS // 1000000,
        ),
    )


def _is_as_we_write(image: Image.Image, data: bytes, wanted: FileType) -> bool:
    """Whether nothing would be changed but what gets lost when a photograph is written once more."""
    if max(image.size) > MOST_SIDE or image.mode not in ("RGB", "RGBA") or not wholeness.is_bare(data, wanted):
        return False
    return wanted is not JPEG or (_tables(image) == _our_tables() and bool(image.info.get("progressive")))


def _tables(image: Image.Image) -> Mapping[int, Sequence[int]]:
    """How coarsely a JPEG says its pixels."""
    found: Mapping[int, Sequence[int]] = getattr(image, "quantization", {})
    return {number: list(table) for number, table in found.items()}


@cache
def _our_tables() -> Mapping[int, Sequence[int]]:
    sample = _bytes(Image.new("RGB", (8, 8)), _SAVED_AS[JPEG])
    with Image.open(io.BytesIO(sample)) as image:
        return _tables(image)


def _upright(image: Image.Image, wanted: FileType) -> Image.Image:
    if wanted is JPEG:
        image.draft("RGB", (MOST_SIDE, MOST_SIDE))  # decodes at half the size where that is large enough
    profile = image.info.get("icc_profile")
    picture = _in_srgb(ImageOps.exif_transpose(image), profile)
    transparent = picture.has_transparency_data and wanted is not JPEG
    picture = picture.convert("RGBA" if transparent else "RGB")
    picture.thumbnail((MOST_SIDE, MOST_SIDE), Image.Resampling.LANCZOS)
    picture.info.clear()
    return picture


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as every screen takes them: the profile itself is left out, it may name people and devices."""
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, target, outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError):
        return picture


def _moving(name: str, image: Image.Image) -> tuple[bytes, Size]:
    """A GIF with all its frames and their durations."""
    frames, durations = [], []
    for frame in ImageSequence.Iterator(image):
        frames.append(frame.convert("RGBA"))
        durations.append(frame.info.get("duration", 100))
        if len(frames) > MOST_FRAMES or len(frames) * image.width * image.height > MOST_PIXELS:
            raise _too_many_pixels(name)
    for frame in frames:
        frame.info.clear()
    first, *others = frames
    loop = {"loop": image.info["loop"]} if "loop" in image.info else {}
    moving = {"save_all": True, "append_images": others, "duration": durations, **loop} if others else {}
    return _bytes(first, {"format": "GIF", "disposal": 2, **moving}), Size(*first.size)


def _bytes(picture: Image.Image, options: dict[str, object]) -> bytes:
    written = io.BytesIO()
    save: Callable[..., None] = picture.save
    save(written, **options)
    return written.getvalue()
