"""What someone uploads is what it says it is, hides nothing, and tells nothing of whoever made it."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from cityinfo.features.media import pixels, reading
from cityinfo.kernel.errors import Invalid
from tests.factories_media import DOCUMENT, DRAWING, archive, bomb, m4a, mp3, photo, picture

MOST = 5_000_000
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">%s</svg>'


def read(name, data, most=MOST):
    return reading.read(name, data, most=most)


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("name", "data", "mime"),
    [
        ("a.jpg", picture(), "image/jpeg"),
        ("A.JPEG", picture(), "image/jpeg"),
        ("a.png", picture(kind="PNG"), "image/png"),
        ("a.gif", picture(kind="GIF"), "image/gif"),
        ("a.webp", picture(kind="WEBP"), "image/webp"),
        ("a.avif", picture(kind="AVIF"), "image/avif"),
        ("a.svg", DRAWING, "image/svg+xml"),
        ("a.pdf", DOCUMENT, "application/pdf"),
        ("a.mp3", mp3(b"\0" * 200), "audio/mpeg"),
        ("a.m4a", m4a(), "audio/mp4"),
        ("a.ogg", b"OggS\0\x02" + b"\0" * 22 + b"\x01vorbis" + b"\0" * 40, "audio/ogg"),
        ("without an ending", picture(), "image/jpeg"),
    ],
)
def test_the_content_decides_what_a_file_is(name, data, mime):
    assert read(name, data).type.mime == mime


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.jpg", b"", "is empty"),
        ("a.jpg", picture() + b"\0" * MOST, "is the most for one file"),
        ("a.png", picture(), "is a JPEG picture by its content"),
        ("a.html", picture(), "is a JPEG picture by its content"),
        ("a.jpg", DRAWING, "is an SVG drawing by its content"),
        ("a.exe", b"MZ\x90\0" * 50, "is none of these"),
        ("a.txt", b"Guten Tag", "is none of these"),
        ("a.html", b"<html><body><svg></svg></body></html>", "is none of these"),
        ("a.jpg", picture()[:600], "is damaged"),
        ("a.png", picture(kind="PNG")[:60], "is damaged"),
        ("a.png", bomb(), "million pixels"),
        ("a.png", bomb(9_000), "million pixels"),
        ("a.jpg", picture() + archive(), "another file hidden in it"),
        ("a.png", picture(kind="PNG") + archive(), "another file hidden in it"),
        ("a.jpg", picture() + b"<HTML><body>", "another file hidden in it"),
        ("a.jpg", picture(comment=b"<script>alert(1)</script>"), "another file hidden in it"),
        ("a.gif", picture(kind="GIF", comment=b"*/alert(1)<script>//"), "another file hidden in it"),
        ("a.jpg", picture(comment=b"%PDF-1.4 1 0 obj"), "another file hidden in it"),
        ("a.jpg", picture() + b"<?php system($_GET[0]);", "another file hidden in it"),
        ("a.pdf", DOCUMENT + archive(), "another file hidden in it"),
        ("a.pdf", DOCUMENT + b"more", "goes on behind its end"),
        ("a.pdf", b"%PDF-1.7\nhalf", "is damaged"),
        ("a.pdf", DOCUMENT.replace(b"/Catalog", b"/Catalog/OpenAction<</S/Launch/F(cmd.exe)>>"), "start a program"),
        ("a.mp3", b"ID3\x04\0\0\0\0\0\x02xxno sound", "is damaged"),
        ("a.mp3", mp3() + archive(), "another file hidden in it"),
        ("a.m4a", m4a(handler=b"vide"), "is no audio recording"),
        ("a.m4a", m4a()[:-20], "is damaged"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_one_sentence(name, data, sentence):
    with pytest.raises(Invalid, match=sentence) as refused:
        read(name, data)
    assert refused.value.message.count("\n") == 0
    assert len(refused.value.message) < 200


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        (b"<script>alert(1)</script>", "holds a program"),
        (b'<rect onload="alert(1)"/>', "holds a program"),
        (b"<foreignObject><p/></foreignObject>", "holds a program"),
        (b'<a xlink:href="javascript:alert(1)"><text>x</text></a>', "leads to or loads something else"),
        (b'<image href="https://tracker.example/x.png"/>', "leads to or loads something else"),
        (b'<image xlink:href="//tracker.example/x.png"/>', "leads to or loads something else"),
        (b'<use href="/static/icons.svg#a"/>', "leads to or loads something else"),
        (b'<image href="data:image/svg+xml;base64,AAAA"/>', "leads to or loads something else"),
        (b"<style>@import 'https://e.example/a.css';</style>", "leads to or loads something else"),
        (b'<rect style="fill:url(https://e.example/a)"/>', "leads to or loads something else"),
        (b"<rect fill=\"url('https://e.example/a')\"/>", "leads to or loads something else"),
        (b'<rect style="fill:\\75rl(//e.example)"/>', "leads to or loads something else"),
        (b'<set attributeName="xlink:href" to="#a"/>', "holds a program"),
        (b"<rect>", "is damaged"),
    ],
)
def test_a_drawing_that_acts_or_reaches_out_is_refused(inside, sentence):
    with pytest.raises(Invalid, match=sentence):
        read("a.svg", SVG % inside)


def test_a_drawing_that_unfolds_or_hides_its_encoding_is_refused():
    with pytest.raises(Invalid, match="declares entities"):
        read("a.svg", b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>')
    with pytest.raises(Invalid, match="UTF-8"):
        read("a.svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><!--\xff--></svg>')


def test_an_ordinary_drawing_keeps_its_shapes_and_loses_what_its_editor_noted():
    drawing = read("a.svg", SVG % b'<metadata>Familie Sommer</metadata><defs><g id="a"/></defs><use xlink:href="#a"/>')
    assert b"Sommer" not in drawing.data
    assert b"<use" in drawing.data
    assert read("b.svg", DRAWING).size == pixels.Size(40, 20)


def test_a_photo_tells_neither_where_nor_when_nor_by_whom():
    before = photo()
    assert b"GeheimPhone" in before
    assert opened(before).getexif().get_ifd(0x8825)
    after = read("a.jpg", before).data
    assert b"GeheimPhone" not in after
    assert b"Sommer" not in after
    assert not opened(after).getexif()


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_pictures_of_every_type_lose_what_they_tell(kind):
    exif = Image.Exif()
    exif[0x010F] = "GeheimPhone"
    before = picture(kind=kind, exif=exif)
    assert b"GeheimPhone" in before
    assert b"GeheimPhone" not in read(f"a.{kind.lower()}", before).data


def test_a_photo_that_was_taken_sideways_stands_upright():
    kept = read("a.jpg", photo(400, 300, orientation=6))
    assert (kept.size.width, kept.size.height) == (300, 400)
    red, green, blue = opened(kept.data).convert("RGB").getpixel((290, 10))
    assert min(red, green) > 200 > 80 > blue, "the yellow corner is at the top right now"


def test_a_large_picture_becomes_smaller():
    kept = read("a.jpg", picture(6_000, 1_000))
    assert (kept.size.width, kept.size.height) == (3_000, 500)


def test_transparency_and_movement_stay():
    clear = io.BytesIO()
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(clear, "PNG")
    assert opened(read("a.png", clear.getvalue()).data).convert("RGBA").getpixel((5, 5))[3] == 0
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    moving = io.BytesIO()
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:], duration=[50, 60, 70], loop=0)
    kept = opened(read("a.gif", moving.getvalue()).data)
    assert kept.n_frames == 3
    assert kept.info["loop"] == 0


def test_recordings_tell_nothing_but_their_sound():
    said = b"TIT2 aufgenommen bei Familie Sommer"
    assert read("a.mp3", mp3(said) + b"TAG" + b"Sommer".ljust(125)).data == mp3()
    before, after = m4a(said), read("a.m4a", m4a(said)).data
    assert b"Sommer" not in after
    assert (len(after), after.index(b"mdat")) == (len(before), before.index(b"mdat")), "offsets in it stay true"
