"""How one op meets the entity as it stands: pure, and right in whatever order ops arrive.

Readings and consents are only added (a void is sticky). All else is merged field by field: an edit
that saw the newest revision stands, whatever the clocks say; so does the next of a chain of edits
one device made unseen. What is truly concurrent is settled by time, clamped to a minute from now,
and the loser is kept as a conflict; what could harm (allergies, medicines, emergency contacts) is
never settled here. Alerts are derived from readings on every machine, so their fields only advance.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from carehub.wire.exchange import Act, Body, EntityKind, Json, Status

AHEAD = 60_000
"""Milliseconds: no author's clock wins by being further ahead than this."""
EXISTENCE = ""
"""The name under which an entity's own coming and going is marked."""
APPEND_ONLY = frozenset({"reading", "consent"})
NEVER_SETTLED = frozenset({"allergy", "medicine", "emergency_contact"})
VOID_FIELDS = frozenset({"id", "voided", "voided_at"})
CHANGED, REMOVED = "changed", "removed"
_RANKS = {"pending": 0, "active": 1, "acked": 2, "superseded": 3, "expired": 3, "resolved": 3}
_FIRST_STANDS = frozenset({"acknowledged_at", "acknowledged_by"})
"""Of two acknowledgements the first stands: the second saw an alert nobody had taken."""


class Mark(NamedTuple):
    """Who set a field last: its revision, the clamped time, the device, what that device had seen."""

    rev: int
    at: int
    device: str
    base: int
    author: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An entity as it stands; a removed one keeps its body, so that it can come back."""

    rev: int
    body: Body = field(repr=False)
    marks: Mapping[str, Mark] = field(repr=False)
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """An op, seen from the entity; `rev` is the revision it gets if it writes anything."""

    kind: str
    act: Act
    body: Body = field(repr=False)
    base: Mapping[str, int]
    at: int
    device: str
    author: str
    rev: int

    def mark(self, name: str) -> Mark:
        """Return the mark this edit leaves on a field."""
        return Mark(self.rev, self.at, self.device, self.base.get(name, 0), self.author)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two authors set one field without seeing each other: what stands, and what does not."""

    name: str
    kept: Json = field(repr=False)
    lost: Json = field(repr=False)
    kept_by: str
    lost_by: str
    needs_confirmation: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it: the entity from now on, the fields written (None: no change), clashes."""

    status: Status
    kept: Kept | None = None
    wrote: Body | None = field(default=None, repr=False)
    clashes: tuple[Clash, ...] = ()
    code: str = ""


def merge(kept: Kept | None, edit: Edit, now: int) -> Merged:
    """Return what the op does to the entity at `now`; refuses with `code`, never raises."""
    edit = replace(edit, at=min(edit.at, now + AHEAD))
    if edit.kind in APPEND_ONLY:
        return _append(kept, edit)
    if edit.kind == EntityKind.ATTACHMENT and edit.act is not Act.REMOVE:
        return _add_once(kept, edit) if edit.act is Act.ADD else _only_added(kept)
    if edit.act is Act.VOID:
        return Merged(Status.REJECTED, kept, code="act_unknown")
    if edit.act is Act.REMOVE:
        return _remove(kept, edit)
    return _set(kept, edit)


def _append(kept: Kept | None, edit: Edit) -> Merged:
    if edit.act is Act.ADD:
        return _add_once(kept, edit)
    if edit.act is Act.VOID and edit.kind == EntityKind.READING:
        return _void(kept, edit)
    return _only_added(kept)


def _only_added(kept: Kept | None) -> Merged:
    return Merged(Status.REJECTED, kept, code="append_only")


def _add_once(kept: Kept | None, edit: Edit) -> Merged:
    if kept is None:
        return _written(None, edit, edit.body)
    if kept.body.keys() <= VOID_FIELDS:  # the void came first, or the addition was lost
        return _written(kept, edit, {k: v for k, v in edit.body.items() if k not in kept.body})
    return Merged(Status.DUPLICATE, kept)


def _void(kept: Kept | None, edit: Edit) -> Merged:
    if kept is not None and kept.body.get("voided") is True:
        return Merged(Status.DUPLICATE, kept)
    body = edit.body if kept is None else {k: edit.body[k] for k in VOID_FIELDS & edit.body.keys()}
    return _written(kept, edit, body | {"voided": True})


def _set(kept: Kept | None, edit: Edit) -> Merged:
    if kept is None:
        return _written(None, edit, edit.body)
    wins, clashes = _settle(kept, edit)
    if kept.deleted:
        existence = kept.marks.get(EXISTENCE)
        if existence is not None and not _saw(existence, edit, EXISTENCE):
            clashes.append(Clash(EXISTENCE, CHANGED, REMOVED, edit.author, existence.author, True))
        merged = _written(kept, edit, wins)
    elif wins:
        merged = _written(kept, edit, wins)
    else:
        merged = Merged(Status.DUPLICATE if edit.act is Act.ADD else Status.OK, kept)
    if not clashes:
        return merged
    return replace(merged, status=Status.CONFLICT, clashes=tuple(clashes))


def _settle(kept: Kept, edit: Edit) -> tuple[Body, list[Clash]]:
    """Return the fields that this edit sets, and what clashed."""
    wins: Body = {}
    clashes: list[Clash] = []
    for name, value in edit.body.items():
        mark = kept.marks.get(name)
        if mark is not None and same(kept.body.get(name), value):
            if _says_again(edit, mark, name):
                wins[name] = value
            continue
        if mark is None or _saw(mark, edit, name):
            wins[name] = value
        elif edit.kind == EntityKind.ALERT:
            if _advances(name, kept.body.get(name), value, _later(edit, mark)):
                wins[name] = value
        else:
            _concurrent(kept, edit, name, wins, clashes)
    return wins, clashes


def _says_again(edit: Edit, mark: Mark, name: str) -> bool:
    """Tell whether somebody unseeing set the same later: from then on their time stands.

    Otherwise a third edit would win or lose by the order in which the two arrived.
    """
    settled = edit.kind != EntityKind.ALERT and edit.kind not in NEVER_SETTLED
    return settled and edit.act is Act.SET and not _saw(mark, edit, name) and _later(edit, mark)


def _concurrent(kept: Kept, edit: Edit, name: str, wins: Body, clashes: list[Clash]) -> None:
    mark, here, value = kept.marks[name], kept.body.get(name), edit.body[name]
    careful = edit.kind in NEVER_SETTLED
    if not careful and _later(edit, mark):
        wins[name] = value
        clashes.append(Clash(name, value, here, edit.author, mark.author, False))
    else:
        clashes.append(Clash(name, here, value, mark.author, edit.author, careful))


def _remove(kept: Kept | None, edit: Edit) -> Merged:
    if kept is None:
        return _gone(None, edit)
    if kept.deleted:
        return Merged(Status.DUPLICATE, kept)
    unseen = [mark for name, mark in kept.marks.items() if not _knew(mark, edit, name)]
    if not unseen:
        return _gone(kept, edit)
    clash = Clash(EXISTENCE, CHANGED, REMOVED, max(unseen).author, edit.author, True)
    return Merged(Status.CONFLICT, kept, clashes=(clash,))


def _knew(mark: Mark, edit: Edit, name: str) -> bool:
    """Tell whether who removes had seen this field; without any base, time must tell."""
    if edit.base:
        return name == EXISTENCE or _saw(mark, edit, name)
    return mark.device == edit.device or not _later_mark(mark, edit)


def _saw(mark: Mark, edit: Edit, name: str) -> bool:
    base = edit.base.get(name, 0)
    return mark.rev == base or (mark.device == edit.device and mark.base == base)


def _later(edit: Edit, mark: Mark) -> bool:
    return (edit.at, edit.device) > (mark.at, mark.device)


def _later_mark(mark: Mark, edit: Edit) -> bool:
    return (mark.at, mark.device) > (edit.at, edit.device)


def _advances(name: str, here: Json, value: Json, later: bool) -> bool:
    """Tell whether an alert's field goes on to `value`; a state never goes back."""
    if name in _FIRST_STANDS:
        return here in (None, "")
    if name == "state":
        return (_RANKS.get(str(value), 0), later) > (_RANKS.get(str(here), 0), False)
    return later


def _written(kept: Kept | None, edit: Edit, wins: Body) -> Merged:
    marks = dict(kept.marks) if kept else {}
    marks |= {name: edit.mark(name) for name in wins}
    if kept is None or kept.deleted:
        marks[EXISTENCE] = edit.mark(EXISTENCE)
    body = (kept.body if kept else {}) | wins
    return Merged(Status.OK, Kept(edit.rev, body, marks), wins)


def _gone(kept: Kept | None, edit: Edit) -> Merged:
    marks = (dict(kept.marks) if kept else {}) | {EXISTENCE: edit.mark(EXISTENCE)}
    return Merged(Status.OK, Kept(edit.rev, kept.body if kept else {}, marks, deleted=True), {})


def same(one: Json, other: Json) -> bool:
    """Tell whether two JSON values are the same; 1 and true are not."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other
