"""One vocabulary for files, so that a newcomer knows where to look."""

from __future__ import annotations

from tests.architecture.code import ROOT, modules

WORDS = {"__init__", "models", "actions", "queries", "rules", "facts", "jobs", "ports", "projection"}
# Feature → further words, each explained in docs/decisions/0004-rooms-added.md.
FURTHER_WORDS = {
    "accounts": {"rights", "words", "explaining"},
    "logins": {
        *("passwords", "sessions", "entrance", "throttle", "devices", "factors", "codes", "passkeys", "challenges"),
        *("links", "words", "seals", "style"),
    },
    "audit": {"exports"},
    "content": {
        *("words", "types", "addresses", "references", "drafts", "review", "keywords", "waiting", "freshness"),
        "merging",
    },
    "imports": {"types", "dumps"},
    "feedback": {"keeping"},
    "archives": {
        *("types", "collecting", "applying", "entries", "texts", "folders", "storing", "parts", "requested"),
        *("doors", "kinds", "dates", "settings", "plain", "markup", "naming"),
    },
    "deletion": {"types", "emptying"},
    "moving": {
        *("types", "answers", "reading", "grouping", "weeks", "trees", "places", "dates", "organizations", "gathering"),
        *("links", "wording", "files", "settling", "matching", "entries", "ordering", "texts", "leaving", "portions"),
    },
    "placeholders": {"writing", "following"},
    "locations": {"hours", "categories", "sheets", "importing"},
    "contacts": {"cards", "companions"},
    "events": {
        "recurrence",
        "repetition",
        "components",
        "properties",
        "calendars",
        "occurrences",
        "comparison",
        "forecast",
        "ranges",
    },
    "media": {"types", "reading", "pixels", "drawings", "icons", "library", "finding", "wholeness"},
    "news": {"feeds", "subscriptions"},
    "onboarding": {
        "types",
        "catalogue",
        "tables",
        "reading",
        "choosing",
        "mapping",
        "markup",
        "writing",
        "checks",
        "deleting",
    },
    "upstream": {
        "names",
        "reading",
        "receiving",
        "weighing",
        "writing",
        "placing",
        "freshness",
        "undoing",
        "reporting",
        "subscribing",
        "fetching",
    },
    "commons": {"crediting"},
    "municipalities": {"sheets"},
    "quality": {"readability"},
    "translation": {"alignment", "passages"},
    "search": {
        "words",
        "languages",
        "synonyms",
        "postings",
        "index",
        "indexes",
        "excerpts",
        "finding",
        "misses",
        "embeddings",
        "encoding",
    },
}
NEVER = {"utils", "util", "helpers", "helper", "common", "base", "service", "services", "misc"}


def test_files_of_a_feature_have_the_words_of_the_house():
    for folder in (ROOT / "features").iterdir():
        words = {path.stem for path in folder.glob("*.py")}
        assert words <= WORDS | FURTHER_WORDS.get(folder.name, set()), folder.name


def test_further_words_are_used_and_explained():
    decision = (ROOT.parent / "docs" / "decisions" / "0004-rooms-added.md").read_text("utf-8")
    for feature, words in FURTHER_WORDS.items():
        for word in words:
            assert (ROOT / "features" / feature / f"{word}.py").exists()
            assert f"{feature}/{word}" in decision, f"{feature}/{word} is not explained"


def test_no_file_has_a_name_that_says_nothing():
    assert not [one.name for one in modules() if one.name.rpartition(".")[2] in NEVER]


def test_every_module_says_what_it_is():
    for module in modules():
        assert module.text.lstrip().startswith('"""'), module.name


def test_importing_the_product_does_nothing():
    """No module calls anything of ours at its top level that opens, starts or registers something."""
    for module in modules():
        for line in module.lines:
            assert not line.startswith(("create_app(", "open_database(", "main(")), module.name
