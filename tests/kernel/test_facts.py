"""Telling a change asks for the right it takes; what follows from it by itself does not."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import ClassVar

import pytest

from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Forbidden
from cityinfo.kernel.facts import SYSTEM, Actor, Change, deliver, tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted(Change):
    needs: ClassVar[str] = "edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Faded(Change):
    """Says nothing of rights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold(Change):
    needs: ClassVar[str] = "market:trade"


class Rights:
    """Allows some things and remembers what it was asked."""

    reviewed = False

    def __init__(self, *allowed):
        self.allowed = allowed
        self.asked = []

    def check(self, verb, kind, *, entry_id, language):
        self.asked.append(f"{kind}:{verb}")
        if f"{kind}:{verb}" not in self.allowed:
            raise Forbidden("no", "No.")

    def check_outcome(self, verb, kind, *, entry_id, language):
        self.asked.append(f"{kind}:{verb} in the end")


def work():
    return SimpleNamespace(told=[], delivering=False)


def change(kind, rights):
    return kind(actor=Actor("person", "1", rights), kind="house", entry_id=1, after=digest("red"))


def test_a_change_is_told_if_the_actor_has_the_right_it_names():
    db, rights = work(), Rights("house:edit", "market:trade")
    tell(db, change(Painted, rights))
    tell(db, change(Sold, rights))
    assert len(db.told) == 2
    assert rights.asked == ["house:edit", "market:trade"]


def test_a_change_that_says_nothing_is_for_managers():
    db, rights = work(), Rights("house:edit")
    with pytest.raises(Forbidden):
        tell(db, change(Faded, rights))
    assert (db.told, rights.asked) == ([], ["house:manage"])


def test_code_of_ours_is_not_asked():
    db = work()
    tell(db, Faded(actor=SYSTEM, kind="house", entry_id=1, after=digest("red")))
    assert len(db.told) == 1


def test_what_follows_by_itself_needs_no_right_and_what_comes_later_does():
    db, rights, heard = work(), Rights("house:edit"), []
    follow = (Painted, lambda db, facts: tell(db, change(Faded, rights)))
    tell(db, change(Painted, rights))
    deliver(db, (follow, (Change, lambda _, facts: heard.extend(facts))))
    assert [type(one) for one in heard] == [Painted, Faded]
    assert rights.asked == ["house:edit", "house:edit in the end"]
    with pytest.raises(Forbidden):
        tell(db, change(Faded, rights))


def test_rights_are_no_part_of_who_someone_is():
    assert Actor("person", "1", Rights()) == Actor("person", "1")
    assert "Rights" not in repr(Actor("person", "1", Rights()))
