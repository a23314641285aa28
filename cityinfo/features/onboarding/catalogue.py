"""What of a city travels into its clone, as data: one line for every table of a tenant.

Keys that lead to rows of the same city are read from the tables themselves; a line says what they do not say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

AUTHOR = "import:clone"  # as the audit log names whoever saved what came along; people stay in their city


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A table whose rows travel.

    `names`: columns that name a row of another table without a foreign key. `later`: keys that lead in circles, written
    once all rows stand. `markup`: columns with texts. `files`: columns that hold keys or addresses of files, anywhere
    inside. `blank`: what a column says in the clone, whatever it said before; `drafts`: the same where all comes as
    drafts. `tree`: the key to the row above.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    later: tuple[str, ...] = ()
    markup: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    blank: Mapping[str, object] = field(default_factory=dict)
    drafts: Mapping[str, object] = field(default_factory=dict)
    tree: str = ""


_REVIEWED = ("review_state", "review_message", "assignee")
CARRIED: Mapping[str, Line] = {
    "entry": Line(blank={"v3_id": None}),
    "text": Line(
        blank={
            **dict.fromkeys(_REVIEWED, ""),
            **dict.fromkeys(("v3_id", "submitted_by", "returned_by", "review_at", "in_translation_since")),
        },
        drafts=dict.fromkeys(("public_version_id", "publish_at", "offline_at")),
    ),
    "version": Line(markup=("content",), blank={"author": AUTHOR}),
    "text_words": Line(names={"entry_id": "entry"}),
    "keywords": Line(),
    "address": Line(),
    "reference": Line(),
    "relation": Line(),
    "page": Line(tree="parent_id", later=("parent_id", "mirrors_id"), files=("thumbnail",)),
    "embedded_offer": Line(),
    "event": Line(),
    "event_override": Line(),
    "changed_occurrence": Line(),
    # A calendar comes with what it last said, or the clone's first run would bring every event of it a second time.
    "external_calendar": Line(
        names={"location_id": "entry"}, blank={"last_run_at": None, "last_result": {}, "last_error": "", "runs": []}
    ),
    "external_event": Line(),
    "refused_event": Line(),
    "location": Line(),
    "location_in_category": Line(),
    "location_category": Line(),
    "contact": Line(),
    "organization": Line(),
    "offer": Line(),
    "external_offer": Line(),
    # Readers of the clone are not rung up for what another city had promised.
    "news_message": Line(
        blank={"author": AUTHOR, "approved_by": "", "review_message": "", "push": False},
        drafts={"review": "draft", "announced_at": None},
    ),
    "feed": Line(),
    "feed_item": Line(),  # otherwise news would be missing until the feed is read again
    "imprint": Line(),
    "credit": Line(),  # whoever wrote it first stays named
    "media_file": Line(files=("key", "renditions")),
    "synonym_group": Line(),
    "quality_gate": Line(),
    "second_factor_rule": Line(),
    "placeholder": Line(),
}
MADE_AGAIN: Mapping[str, str] = {
    "tenant_language": "the languages that were chosen, through the door of languages",
    "clock": "every city's own",
    "opening": "a new city is opened anew",
    "published": "by the projector, from what came",
    "head": "the same",
    "embedding": "by the worker, from what was published",
    "embedding_head": "the same",
    "due": "the same",
    "clone": "says that this city is one",
    "origin": "leads to where this clone came from, not to where its source came from",
    "text_origin": "the same",
    "following": "a clone follows the city it came from",
}
LEFT_OUT: Mapping[str, str] = {
    "job": "promises of the other city",
    "audit": "what was done there stays there, sealed by its chain",
    "audit_head": "the same",
    "placeholder_value": "facts of that city; the new one is asked for its own",
    "tenant_condition": "how the city is doing is measured anew",
    "autosave": "words of people that nobody else reads",
    "said_passage": "digests of passages that lead to other numbers here; aligned again when someone translates",
    "comment_thread": "what colleagues say to each other",
    "comment": "the same",
    "comment_mention": "the same",
    "proposal": "of people and organizations there",
    "feedback": "of readers, who did not write to another city",
    "membership": "people have roles in one city",
    "organization_member": "the same",
    "letter_style": "names the office there, and answers would go to it",
    "api_token": "a secret",
    "webhook": "a secret",
    "webhook_delivery": "belongs to a webhook",
    "push_subscription": "of readers' phones",
    "delivery": "who was told of news there",
    "delivery_receipt": "the same",
    "kept_answer": "answers to retries live a day",
    "sending": "counts what strangers sent",
    "sender_salt": "the same",
    "search_miss": "what readers looked for there",
    "location_import": "how to take back what was done there",
    "location_imported": "the same",
    "replacement": "the same",
    "replaced": "the same",
    "received": "waits for somebody there to decide",
    "taken_text": "says what came from the city that one follows",
    "taken_place": "the same",
    "detached": "the same",
    "declined": "the same",
    "offering": "the other city offers it; this one has it from there",
    "page_subscription": "what that city wants to have; this one follows that city",
    "correction": "what was told by that city",
    "follower": "who follows that city",
    "divergence": "the same",
    "decision": "how to take back what was done there",
    "move_in": "where that city came from; the new one came from there",
    "move_in_run": "the same",
    "moved_entry": "the same",
    "moved_text": "the same",
    "moved_file": "the same",
    "media_quota": "set by whoever runs the service",
}
# Tables that belong to a kind of content without belonging to an entry of it: they come with the kind.
OF_KIND: Mapping[str, str] = {
    "external_calendar": "event",
    "location_category": "location",
    "external_offer": "offer",
    "feed": "news",
}
KINDS = ("page", "media", "organization", "location", "contact", "offer", "event", "imprint", "news")
# Kinds that nobody chooses: they come with what they belong to.
FOLLOWING: Mapping[str, str] = {"occurrence": "event"}
# Kinds whose words are public as soon as they are saved; they stay so where all else comes as drafts.
ALWAYS_PUBLIC = frozenset({"media"})
