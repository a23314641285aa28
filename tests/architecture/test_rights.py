"""Every change says which right it takes: default deny is no reason not to think about it."""

from __future__ import annotations

import pytest

from cityinfo import registry
from cityinfo.features.accounts import PERMISSIONS
from cityinfo.kernel.facts import Change
from tests.architecture.code import modules

# Facts that are told for any kind of content ask for the verb; the rest name what they are about.
KINDS = {one.kind for one in registry.CONTENT_TYPES}
VERBS = {permission.partition(":")[2] for permission in PERMISSIONS}


def changes(kind=Change):
    for one in kind.__subclasses__():
        yield one
        yield from changes(one)


PRODUCT = sorted((one for one in changes() if one.__module__.startswith("cityinfo.")), key=lambda one: one.__name__)


@pytest.mark.parametrize("change", PRODUCT, ids=lambda one: one.__name__)
def test_every_change_asks_for_a_right_that_there_is(change):
    assert change.needs in PERMISSIONS | VERBS


def test_only_changes_that_stand_for_all_others_leave_the_right_to_their_children():
    silent = {one.__name__ for one in PRODUCT if not any("needs" in vars(base) for base in one.__mro__[:-2])}
    assert silent == {"ContentChanged", "PublicChanged"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_content_has_its_rights_in_the_table(kind):
    verbs = {"read", "create", "write", "translate", "edit", "publish", "archive", "delete"}
    assert {f"{kind}:{verb}" for verb in verbs} <= PERMISSIONS


def test_changes_are_told_and_never_slipped_in():
    """`told` is written by `kernel.facts.tell` alone, where rights are asked."""
    for module in modules():
        if module.name not in ("kernel.facts", "kernel.db"):
            assert ".told." not in module.text, module.name
