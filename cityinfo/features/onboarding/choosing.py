"""Which rows come along, and what is lost between those that do and those that do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .catalogue import ALWAYS_PUBLIC, FOLLOWING, KINDS, OF_KIND
from .reading import Snapshot
from .tables import Row, Shape, shapes
from .types import Choices, Conflict, Outcome, Plan

ARCHIVED, NOT_CHOSEN, BELOW, ELSEWHERE = "archived", "not chosen", "below what stays behind", "outside the chosen pages"
_ROLES = {"mirrors_id": "mirror", "location_id": "place of the calendar"}
_SHOWN = ("contact", "media")  # roles of references that stand in a text by their identity


class Selection:
    """The rows that come, as they are there. `kept` are their identities, by the table that gave them out."""

    def __init__(self, snapshot: Snapshot, choices: Choices) -> None:
        self.snapshot, self.choices = snapshot, choices
        self.languages = [one for one in snapshot.sources if not choices.languages or one in choices.languages]
        self.kinds = choices.kinds or frozenset(KINDS)
        self.plan = Plan(source=snapshot.slug, languages=self.languages)
        self.kind_of = {row["id"]: row["kind"] for row in snapshot.rows["entry"]}
        self.kept: dict[str, set[int]] = {"entry": self._entries()}
        self.rows = {name: list(self._chosen(shapes()[name], rows)) for name, rows in snapshot.rows.items()}
        self._count()

    # Entries

    def _entries(self) -> set[int]:
        reasons = {row["id"]: self._reason(row) for row in self.snapshot.rows["entry"]}
        for shape in shapes().values():
            if shape.line.tree:
                self._walk_tree(shape, reasons)
        for shape in shapes().values():
            if shape.keys.get("id") == "entry":
                self._follow_owners(shape, reasons)
        for entry_id, reason in reasons.items():
            if reason:
                self.plan.left[self.kind_of[entry_id], reason] += 1
        return {entry_id for entry_id, reason in reasons.items() if not reason}

    def _reason(self, row: Row) -> str:
        if row["archived_at"] is not None:
            return ARCHIVED
        return "" if FOLLOWING.get(row["kind"], row["kind"]) in self.kinds else NOT_CHOSEN

    def _walk_tree(self, shape: Shape, reasons: dict[int, str]) -> None:
        """What hangs below something archived is nowhere to be found; what hangs outside the chosen part stays."""
        above = {row["id"]: row[shape.line.tree] for row in self.snapshot.rows[shape.name]}
        top = self.choices.below
        for entry_id in above:
            line = list(_line(entry_id, above))
            if not reasons[entry_id] and any(reasons[one] == ARCHIVED for one in line):
                reasons[entry_id] = BELOW
            if not reasons[entry_id] and top is not None and top not in line:
                reasons[entry_id] = ELSEWHERE

    def _follow_owners(self, shape: Shape, reasons: dict[int, str]) -> None:
        owners = [column for column in shape.owners - {"id"} if shape.keys[column] == "entry"]
        for row in self.snapshot.rows[shape.name] if owners else ():
            if not reasons[row["id"]] and any(reasons[row[column]] for column in owners):
                reasons[row["id"]] = BELOW

    # Rows

    def _chosen(self, shape: Shape, rows: list[Row]) -> Iterator[Row]:
        if OF_KIND.get(shape.name, "page") not in self.kinds and shape.name in OF_KIND:
            rows = []
        kept = self.kept.setdefault(shape.name, set()) if shape.own else None
        seen: set[tuple[object, ...]] = set()
        for row in rows:
            found = self._row(shape, row)
            if found is None:
                continue
            if shape.name == "reference":  # two of them may have become the same
                named = (found["text_id"], found["to_entry_id"], found["language"], found["role"])
                if named in seen:
                    continue
                seen.add(named)
            if kept is not None:
                kept.add(found["id"])
            yield found

    def _row(self, shape: Shape, row: Row) -> Row | None:
        if shape.name == "reference":
            return self._reference(row)
        if not self._belongs(shape, row):
            return None
        row = {**row, **shape.line.blank, **(shape.line.drafts if self._as_draft(shape, row) else {})}
        for column, space in shape.keys.items():
            if column in shape.owners or row[column] is None or space not in self.kept or space == shape.name:
                continue  # versions that texts lead to come with them, always
            if row[column] not in self.kept[space] and not self._lose(shape, row, column):
                return None
        return row

    def _belongs(self, shape: Shape, row: Row) -> bool:
        if shape.name == "entry" and row["id"] not in self.kept["entry"]:
            return False
        if row.get("language") and row["language"] not in self.languages:
            return False
        return all(row[column] in self.kept[shape.keys[column]] for column in shape.owners)

    def _lose(self, shape: Shape, row: Row, column: str) -> bool:
        """Note what is lost; whether the row itself stays."""
        if column == shape.line.tree:
            row[column] = None  # the top of the chosen part
            return True
        holder = row.get("entry_id", row.get("id") if shape.keys.get("id") == "entry" else None)
        role = str(row.get("role") or _ROLES.get(column, column))
        self.plan.conflicts.append(Conflict(holder, role, row[column], Outcome.DROPPED))
        if column in shape.optional:
            row[column] = None
            return True
        return False

    def _as_draft(self, shape: Shape, row: Row) -> bool:
        if not self.choices.drafts:
            return False
        return shape.name != "text" or self.kind_of[row["entry_id"]] not in ALWAYS_PUBLIC

    def _reference(self, row: Row) -> Row | None:
        if row["text_id"] not in self.kept["text"]:
            return None
        holder, role, target = row["entry_id"], row["role"], row["to_entry_id"]
        if target not in self.kept["entry"]:
            outcome = Outcome.GONE if role in _SHOWN else Outcome.WORDS
            self.plan.conflicts.append(Conflict(holder, role, target, outcome))
            return None
        if row["language"] and row["language"] not in self.languages:
            self.plan.conflicts.append(Conflict(holder, role, target, Outcome.FOLLOWS))
            return {**row, "language": ""}
        return row

    def _count(self) -> None:
        plan = self.plan
        for row in self.rows["entry"]:
            plan.entries[row["kind"]] += 1
        for row in self.rows["text"]:
            plan.texts[row["language"]] += 1
        plan.rows.update({name: len(rows) for name, rows in self.rows.items() if rows})
        plan.files = len(self.rows["media_file"])
        plan.bytes = sum(row["size"] for row in self.rows["media_file"])


def _line(entry_id: int, above: Mapping[int, int | None]) -> Iterator[int]:
    """The entry and everything above it."""
    at: int | None = entry_id
    while at is not None:
        yield at
        at = above.get(at)
