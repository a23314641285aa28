"""What can happen to content. A type's own fact extends one of these, so every subscriber hears it."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentChanged(Change):
    """Something about an entry is new. The public may or may not see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSaved(ContentChanged):
    """A text has a new version. Readers do not see it yet."""

    needs: ClassVar[str] = "write"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSubmitted(ContentChanged):
    """A colleague is asked to look at a text before it is published; `after` says who."""

    needs: ClassVar[str] = "write"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReturned(ContentChanged):
    """A text goes back to its author; why stands with the text."""

    needs: ClassVar[str] = "publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextHandedOver(Change):
    """What waited for someone who leaves waits for a colleague, or for anyone; nothing of the words is new."""

    needs: ClassVar[str] = "people:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicChanged(ContentChanged):
    """What readers see of an entry may be different now: in `language`, or in all when that is empty.

    `widely` says that other entries may have come into public sight or gone out of it with this one.
    """

    widely: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPublished(PublicChanged):
    """A text's current version is what readers see from now on."""

    needs: ClassVar[str] = "publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextConfirmed(PublicChanged):
    """Readers see the same words, which are known now to say what a newer source says."""

    needs: ClassVar[str] = "write"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTakenOffline(PublicChanged):
    """Readers no longer see the text."""

    needs: ClassVar[str] = "publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextScheduled(PublicChanged):
    """A text will be published or taken offline by itself."""

    needs: ClassVar[str] = "publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryCreated(ContentChanged):
    """There is a new entry, without words yet."""

    needs: ClassVar[str] = "create"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChanged(PublicChanged):
    """Something about the entry that is not words is new."""

    needs: ClassVar[str] = "edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordsChanged(PublicChanged):
    """Readers who search find the entry by other words; `before` and `after` say by which."""

    needs: ClassVar[str] = "publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryArchived(PublicChanged):
    """The entry and what hangs on it are out of public sight."""

    needs: ClassVar[str] = "archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRestored(PublicChanged):
    """An archived entry is back as it was."""

    needs: ClassVar[str] = "archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDeleted(PublicChanged):
    """The entry is gone for good."""

    needs: ClassVar[str] = "delete"
