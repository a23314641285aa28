"""Media: pictures, documents and recordings, kept once and shown in many places."""

from .models import MediaFile
from .projection import MEDIA, write_out
from .queries import KIND, PICTURE, address, alternative_texts, files, find, pictures

__all__ = [
    "KIND",
    "MEDIA",
    "PICTURE",
    "MediaFile",
    "address",
    "alternative_texts",
    "files",
    "find",
    "pictures",
    "write_out",
]
