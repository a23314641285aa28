"""Media: pictures, documents and recordings, kept once and shown in many places."""

from .actions import (
    archive,
    change,
    delete_for_good,
    describe,
    move,
    rename,
    rename_folder,
    restore,
    set_focal_point,
    set_quota,
)
from .facts import FileMoved, QuotaSet
from .jobs import FORGET, RENDITIONS, forget, make_renditions
from .library import Kept, Library, Upload
from .models import MediaFile, MediaQuota, PlatformFile
from .ports import ObjectStore
from .projection import MEDIA, write_out
from .queries import (
    KIND,
    PICTURE,
    Folder,
    Search,
    address,
    alternative_texts,
    files,
    find,
    folders,
    listing,
    pictures,
    platform_files,
    quota,
    usage,
    used_bytes,
)
from .rules import tag_of_key, type_of_key
from .types import FileType, Limits, Words

__all__ = [
    "FORGET",
    "KIND",
    "MEDIA",
    "PICTURE",
    "RENDITIONS",
    "FileMoved",
    "FileType",
    "Folder",
    "Kept",
    "Library",
    "Limits",
    "MediaFile",
    "MediaQuota",
    "ObjectStore",
    "PlatformFile",
    "QuotaSet",
    "Search",
    "Upload",
    "Words",
    "address",
    "alternative_texts",
    "archive",
    "change",
    "delete_for_good",
    "describe",
    "files",
    "find",
    "folders",
    "forget",
    "listing",
    "make_renditions",
    "move",
    "pictures",
    "platform_files",
    "quota",
    "rename",
    "rename_folder",
    "restore",
    "set_focal_point",
    "set_quota",
    "tag_of_key",
    "type_of_key",
    "usage",
    "used_bytes",
    "write_out",
]
