"""One word for one thing: files of a feature have fixed names, and no file is called after nothing."""

from __future__ import annotations

import pytest

from cityinfo import registry
from tests.architecture.source import ROOT, modules

WORDS = {"__init__", "models", "actions", "queries", "rules", "facts", "jobs", "ports"}

# Further files of a feature, and what they are for.
FURTHER = {
    "content.types": "what a kind of content must bring; publishing and others walk it",
    "pages.projection": "how pages become published documents, the largest part of being a kind of content",
    "imports.types": "what reading a source yields: plans, notes and reports, shared by all sources",
    "imports.dumps": "reads the dumps of an Integreat server",
    "imports.archive": "reads the folders in which a city is kept in files",
}

SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "service", "services", "misc", "manager", "lib"}


def files_of_features() -> list[str]:
    """As `feature.file`."""
    return [f"{path.parent.name}.{path.stem}" for path in sorted((ROOT / "features").glob("*/*.py"))]


@pytest.mark.parametrize("name", files_of_features())
def test_a_file_of_a_feature_has_one_of_the_fixed_names(name):
    assert name.split(".")[1] in WORDS or name in FURTHER


def test_every_further_file_is_still_there_and_has_a_reason():
    assert FURTHER.keys() - set(files_of_features()) == set()
    assert all(FURTHER.values())


def test_features_hold_files_and_no_folders_of_code():
    assert sorted(path.parent.name for path in (ROOT / "features").glob("*/*/*.py")) == []


def test_no_module_is_called_after_nothing():
    assert [module.name for module in modules() if set(module.name.split(".")) & SAY_NOTHING] == []


def test_the_registry_lists_every_feature():
    folders = {path.parent.name for path in (ROOT / "features").glob("*/__init__.py")}
    assert sorted(registry.FEATURES) == sorted(folders)


@pytest.mark.parametrize("feature", registry.FEATURES)
def test_a_feature_says_in_one_line_what_it_is_for(feature):
    source = (ROOT / "features" / feature / "__init__.py").read_text("utf-8")
    first = source.splitlines()[0]
    assert first.startswith('"""')
    assert len(first) > 30
