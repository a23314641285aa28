"""Media: pictures, documents and recordings, kept once and shown in many places."""

from .actions import (
    archive,
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
from .library import Library, Upload
from .models import MediaFile, MediaQuota, PlatformFile
from .ports import ObjectStore
from .projection import MEDIA, write_out
from .queries import (
    KIND,
    PICTURE,
    Folder,
    Search,
    Undescribed,
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
    without_description,
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
    "Library",
    "Limits",
    "MediaFile",
    "MediaQuota",
    "ObjectStore",
    "PlatformFile",
    "QuotaSet",
    "Search",
    "Undescribed",
    "Upload",
    "Words",
    "address",
    "alternative_texts",
    "archive",
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
    "without_description",
    "write_out",
]
