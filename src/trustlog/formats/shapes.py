"""The shape of an export: every section with its fields in order. A new table or column is one line here."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from trustlog.domain.promises import PURPOSES
from trustlog.formats import types as of
from trustlog.formats.types import Type


class BadShapeError(ValueError):
    """A record that is not of its section's shape: `at` is the place within it, `why` what is wrong there."""

    def __init__(self, at: str, why: str) -> None:
        super().__init__(f"{at}: {why}" if at else why)
        self.at = at
        self.why = why


class Answers(NamedTuple):
    """An object of field to value, kept in a table of its own, whose column `sitting_id` points at its record."""

    name: str
    private: bool = False


class Section(NamedTuple):
    """A list of records, all of one shape. `table` is what the journal calls it.

    `keys` tell which record is which: the first by its own, the next by what may stand only once. A section
    without any is matched by content. `order` sorts; records within another keep the order they have, and point at
    it by the column `parent`. `label` is what people call one record and many; `undoable` says that triggers record
    every change of the table for `undo`.
    """

    name: str
    table: str
    fields: Mapping[str, Type]
    keys: tuple[tuple[str, ...], ...] = ()
    order: tuple[str, ...] = ()
    private: bool = False
    parts: tuple["Section", ...] = ()
    answers: tuple[Answers, ...] = ()
    parent: str = ""
    label: tuple[str, str] = ("", "")
    undoable: bool = True


UID = ("uid",)
MANAGERS = Section(
    "managers", "managers",
    {
        "uid": of.UID, "handle": of.HANDLE, "name": of.LINE, "team": of.TEXT.or_null, "email": of.ADDRESS.or_null,
        "likes": of.TEXT.or_null, "on_their_plate": of.TEXT.or_null, "public_praise_ok": of.FLAG.or_null,
        "archived_at": of.UTC.or_null, "leaving_on": of.DAY.or_null, "created_at": of.UTC,
    },
    (UID, ("handle",)), ("handle",), label=("manager", "managers"),
)  # fmt: skip
REQS = Section(
    "reqs", "reqs",
    {
        "uid": of.UID, "code": of.CODE, "manager": of.MANAGER, "title": of.LINE, "opened_on": of.DAY,
        "closed_on": of.DAY.or_null, "tags": of.TAGS, "created_at": of.UTC,
    },
    (UID, ("code",)), ("code",), label=("role", "roles"),
)  # fmt: skip
ENTRIES = Section(
    "entries", "entries",
    {
        "uid": of.UID, "manager": of.MANAGER, "kind": of.KIND, "size": of.one_of("s", "m", "l"),
        "happened_at": of.LOCAL, "happened_on": of.DAY, "note": of.TEXT, "did": of.TEXT.or_null,
        "changed": of.TEXT.or_null, "channel": of.TEXT.or_null, "req": of.REQ.or_null,
        "approach": of.one_of("push", "pull").or_null, "tags": of.TAGS, "evidence": of.FLAG,
        "repaired_by": of.ENTRY.or_null, "created_at": of.UTC,
    },
    (UID,), ("happened_at", "created_at", "uid"), label=("entry", "entries"),
)  # fmt: skip
SITTINGS = Section(
    "sittings", "sittings",
    {"uid": of.PART_UID, "part": of.one_of("prep", "debrief", "checkin"), "happened_on": of.DAY,
     "minutes": of.whole(0, 1440), "finished": of.FLAG},
    answers=(Answers("answers"), Answers("reflections", private=True)), parent="conversation_id",
)  # fmt: skip
CONVERSATIONS = Section(
    "conversations", "conversations",
    {
        "uid": of.UID, "manager": of.MANAGER, "state": of.one_of("draft", "prepared", "debriefed", "closed"),
        "minutes": of.whole(0, 1440), "planned_for": of.MOMENT.or_null, "about": of.TEXT.or_null, "created_at": of.UTC,
    },
    (UID,), ("created_at", "uid"), parts=(SITTINGS,), label=("conversation", "conversations"),
)  # fmt: skip
COMMITMENTS = Section(
    "commitments", "commitments",
    {
        "uid": of.UID, "manager": of.MANAGER, "owed_by": of.one_of("me", "them"), "what": of.TEXT,
        "purpose": of.one_of(*PURPOSES), "req": of.REQ.or_null, "created_at": of.UTC,
    },
    (UID,), ("created_at", "uid"),
    parts=(
        Section("events", "commitment_events", {
            "uid": of.PART_UID, "kind": of.one_of("given", "moved", "at-risk", "settled"), "happened_at": of.MOMENT,
            "due_at": of.MOMENT.or_null, "outcome": of.one_of("kept", "late", "missed", "withdrawn").or_null,
            "note": of.TEXT.or_null, "entry": of.ENTRY.or_null,
        }, parent="commitment_id"),
        Section(
            "forecasts", "forecasts", {"uid": of.PART_UID, "sure": of.whole(0, 100)}, parent="commitment_id",
            private=True,
        ),
    ),
    label=("open or settled loop", "open or settled loops"),
)  # fmt: skip
AGREEMENTS = Section(
    "agreements", "agreements",
    {"uid": of.UID, "req": of.REQ, "kickoff_on": of.DAY, "created_at": of.UTC}, (UID, ("req",)), ("req",),
    parts=(
        Section("events", "agreement_events", {
            "uid": of.PART_UID,
            "kind": of.one_of("written", "agreed", "confirmed", "disputed", "parked", "amended", "sent"),
            "happened_at": of.MOMENT,
            "stage": of.one_of("discovery", "scope", "responsibilities", "process", "recap").or_null,
            "field": of.TEXT.or_null, "value": of.JSON, "reason": of.TEXT.or_null, "effect": of.TEXT.or_null,
            "how": of.TEXT.or_null, "entry": of.ENTRY.or_null,
        }, parent="agreement_id"),
    ),
    label=("agreement", "agreements"),
)  # fmt: skip
NOTICED = Section(
    "noticed", "noticed",
    {"uid": of.UID, "manager": of.MANAGER, "happened_on": of.DAY, "seen": of.TEXT, "entry": of.ENTRY.or_null,
     "created_at": of.UTC},
    (UID,), ("happened_on", "created_at", "uid"), label=("thing noticed", "things noticed"),
)  # fmt: skip
_STEP = {
    "uid": of.UID, "manager": of.MANAGER, "step": of.LINE,
    "kind": of.one_of("done", "copied", "dismissed", "snoozed", "asked"), "happened_at": of.MOMENT,
    "until": of.MOMENT.or_null, "condition": of.TEXT.or_null, "answer": of.FLAG.or_null,
}  # fmt: skip
STEP_EVENTS = Section(
    "step_events", "step_events", _STEP | {"entry": of.ENTRY.or_null}, (UID,), ("happened_at", "uid"),
    label=("step", "steps"),
)  # fmt: skip
OWN_STEPS = Section(
    "own_steps", "own_steps", _STEP | {"note": of.TEXT.or_null}, (UID,), ("happened_at", "uid"), private=True,
    label=("private step", "private steps"),
)  # fmt: skip
DRAFTS = Section(
    "drafts", "drafts",
    {"uid": of.PART_UID, "flow": of.LINE, "manager": of.MANAGER, "req": of.REQ.or_null, "about": of.LINE,
     "answers": of.OBJECT},
    (UID, ("flow", "manager", "req", "about")), ("flow", "manager", "about", "req"), label=("draft", "drafts"),
    undoable=False,  # answers of a flow go on while other changes are taken back
)  # fmt: skip
BOUNDARY_CHECKS = Section(
    "boundary_checks", "boundary_checks",
    {"uid": of.PART_UID, "manager": of.MANAGER, "happened_on": of.DAY, "answers": of.OBJECT, "cleared": of.FLAG,
     "finished": of.FLAG},
    (UID,), ("manager", "uid"), private=True, label=("private check", "private checks"),
)  # fmt: skip
PROFILE = Section(
    "profile", "profile", {"field": of.LINE, "value": of.JSON}, (("field",),), ("field",), private=True,
    label=("line of your own page", "lines of your own page"),
)  # fmt: skip


SECTIONS = (
    MANAGERS, REQS, ENTRIES, CONVERSATIONS, COMMITMENTS, AGREEMENTS, NOTICED, STEP_EVENTS, DRAFTS, BOUNDARY_CHECKS,
    OWN_STEPS, PROFILE,
)  # fmt: skip
"""In the order of the document: nothing points at what comes later, but an entry at the one that mends it."""
BY_NAME = {section.name: section for section in SECTIONS}
SYNC = (
    "sync_state", "sync_updates", "sync_touched", "sync_outbox", "sync_replicas", "sync_written", "sync_waiting",
    "sync_joined", "sync_conflicts",
)  # fmt: skip
DERIVED = ("changes", "undo_rows", "recording", "entry_tags", "trust_bases", "_sqlite_migrations", *SYNC)
"""The tables that are no section: undo, the index of tags, sums of the trust model, what was migrated, sync."""


def tables(sections: tuple[Section, ...] = SECTIONS) -> Iterator[tuple[str, Section, bool]]:
    """Every table of the sections: its name, its section, and whether it is private; parts after what they are of."""
    for section in sections:
        yield section.table, section, section.private
        yield from tables(section.parts)
        yield from ((drawer.name, section, drawer.private) for drawer in section.answers)


def undoable_tables() -> tuple[str, ...]:
    """The tables whose rows `undo` takes back."""
    return tuple(table for table, section, _ in tables() if section.undoable)


def private_tables() -> tuple[str, ...]:
    """The tables of the second drawer."""
    return tuple(table for table, _, private in tables() if private)


def tables_of_a_manager() -> tuple[str, ...]:
    """The tables whose rows belong to a manager by themselves, and may be moved to another."""
    return tuple(section.table for section in SECTIONS if "manager" in section.fields and section is not DRAFTS)


def check(section: Section, record: Any, *, private: bool) -> None:
    """Raises BadShapeError, with the place within the record, if it is not of the section's shape.

    A field that may be null may be left out; it stands in the record afterwards.
    """
    if not isinstance(record, dict):
        raise BadShapeError("", "must be an object")
    for name, kind in section.fields.items():
        if name not in record and kind.null:
            record[name] = None  # a document of an older program knows nothing of a newer field
        if name not in record:
            raise BadShapeError(name, "is missing")
        if why := kind.why(record[name]):
            raise BadShapeError(name, why)
    within = shown(section, private=private)
    known = {*section.fields, *(one.name for one in within)}
    for name in record:
        if name not in known:
            raise BadShapeError(ascii(name)[1:-1][:60], "is not known here")
    for one in within:
        _check_part(one, record, private=private)


def shown(section: Section, *, private: bool) -> list["Section | Answers"]:
    """What stands within a record of a section, besides its fields."""
    inner: list[Section | Answers] = [*section.parts, *section.answers]
    return [one for one in inner if private or not one.private]


def _check_part(part: "Section | Answers", record: dict[str, Any], *, private: bool) -> None:
    if isinstance(part, Section) and part.private:
        record.setdefault(part.name, [])  # an older document knows nothing of a newer part of the second drawer
    if part.name not in record:
        raise BadShapeError(part.name, "is missing")
    records = record[part.name]
    if isinstance(part, Answers):
        if why := of.OBJECT.why(records):
            raise BadShapeError(part.name, why)
        return
    if not isinstance(records, list):
        raise BadShapeError(part.name, "must be a list")
    uids = [str(inner["uid"]) for inner in records if isinstance(inner, dict) and inner.get("uid") is not None]
    if len(set(uids)) < len(uids):
        raise BadShapeError(part.name, "has a uid that stands twice")
    for number, inner in enumerate(records):
        try:
            check(part, inner, private=private)
        except BadShapeError as error:
            at = f"{part.name}[{number}]" + (f".{error.at}" if error.at else "")
            raise BadShapeError(at, error.why) from error
