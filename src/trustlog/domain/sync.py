"""Two journals made one: how a record of the document reads, what a change writes, what all laptops decide alike.

Every function here depends on the values alone, so that every laptop comes to the same, in whatever order it heard.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from trustlog.domain.people import folded

Record = dict[str, Any]
"""A row by its columns, those that are empty left out; what points at another record holds its uid."""
LABELS: dict[str, tuple[str, ...]] = {
    "managers": ("handle",), "reqs": ("code",), "agreements": ("req_id",),
    "drafts": ("flow", "manager_id", "req_id", "about"),
}  # fmt: skip
"""The columns that only one record of a table may have."""
_NAMES = {"managers": "name", "reqs": "title"}
DELETED, CHANGED, JOINED, RENAMED = "deleted", "changed", "joined", "renamed"
"""Why a text did not stay, or a name."""


def read(base: Mapping[str, Any], changes: Mapping[str, Any]) -> Record:
    """A record as it was first written, with the fields that were changed since."""
    return {field: value for field, value in {**base, **changes}.items() if value is not None}


def differences(here: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    """The fields in which two records differ, with what they are here."""
    return {field: here.get(field) for field in {**here, **there} if here.get(field) != there.get(field)}


class Settled(NamedTuple):
    """What becomes of records that claim one name. `joined`: a uid and that of the record that it is one with;
    `renamed`: new names by uid; `filled`: what a record takes over from one that joined it."""

    joined: dict[str, str]
    renamed: dict[str, str]
    filled: dict[str, dict[str, Any]]


def settle(table: str, records: Mapping[str, Record]) -> Settled:
    """Let one record only have each name: of two that are the same the older stays, of two others it keeps the name."""
    columns = LABELS[table]

    def label(uid: str) -> tuple[Any, ...]:
        return tuple(records[uid].get(column) for column in columns)

    settled = Settled({}, {}, {})
    oldest = sorted(records, key=lambda uid: (records[uid].get("created_at") or "", uid))
    keepers: dict[tuple[Any, ...], str] = {}
    others = [uid for uid in oldest if keepers.setdefault(label(uid), uid) != uid]
    taken = {one[0] for one in keepers}
    for uid in others:
        keeper = keepers[label(uid)]
        if _are_one(table, records[uid], records[keeper]):
            settled.joined[uid] = keeper
            known = {**records[keeper], **settled.filled.get(keeper, {})}
            if more := {field: value for field, value in records[uid].items() if field not in known}:
                settled.filled.setdefault(keeper, {}).update(more)
        else:
            settled.renamed[uid] = free_name(str(label(uid)[0]), taken.__contains__)
            taken.add(settled.renamed[uid])
    return settled


def circles(joined: Mapping[tuple[str, str], str]) -> list[tuple[str, str]]:
    """Of records that lead to each other in a circle, (table, uid) of the one that all of them are: the first uid."""
    found = set()
    for table, start in joined:
        seen, uid = [start], start
        while (more := joined.get((table, uid))) is not None and more not in seen:
            seen.append(more)
            uid = more
        if more is not None:
            found.add((table, min(seen[seen.index(more) :])))
    return sorted(found)


def free_name(wish: str, is_taken: Callable[[str], bool]) -> str:
    """`dana-2` where `dana` is taken."""
    number = 2
    while is_taken(f"{wish}-{number}"):
        number += 1
    return f"{wish}-{number}"


def _are_one(table: str, one: Record, other: Record) -> bool:
    name = _NAMES.get(table)
    same_name = name is None or folded(str(one.get(name))) == folded(str(other.get(name)))
    return same_name and one.get("manager_id") == other.get("manager_id")


class Membership(NamedTuple):
    """This laptop in a space: `first` if it began it."""

    folder: str
    laptop: str
    name: str
    first: bool
    own_drawer: bool


class Received(NamedTuple):
    """What came from one laptop: how many records of each section were written, and how many went."""

    name: str
    counts: dict[str, int]
    removed: dict[str, int]


class Problem(NamedTuple):
    """A file that was passed over, and why."""

    file: str
    problem: str


class Synced(NamedTuple):
    """What one `sync` came to. `waits`: files of others that could not be taken in, and own ones not in the folder."""

    taken: tuple[Received, ...]
    given: dict[str, int]
    waits: int
    problems: tuple[Problem, ...]
    decided: int
    """How many things were decided where laptops differed; `sync status` tells them."""
    forgotten: tuple[tuple[str, int], ...] = ()
    """The handles of who was forgotten elsewhere and now here, each with the rows that went."""
    delivered: int = 0
    """Files of an earlier run that could not be written then, as on a full disk, and lie in the folder now."""


class Laptop(NamedTuple):
    """A laptop of the space, as it was last heard from. `waits`: its files that were not taken in yet."""

    id: str
    name: str
    here: bool
    heard_at: str | None
    waits: int


class About(NamedTuple):
    """How a person finds a record: `#12`, `L3` or a role's code, whose it is, and its day (ISO); None if unknown."""

    ref: str | None = None
    manager: str | None = None
    day: str | None = None


class Decided(NamedTuple):
    """What was decided where two laptops differed; `name` is a uid, `text` what did not stay; that and where it
    stood are None if they may not be shown."""

    what: str
    name: str
    about: About
    field: str
    text: str | None
    why: str
    laptop: str


class SyncStatus(NamedTuple):
    """`sync status`: who writes here, what waits both ways, what was decided, and what is wrong with files."""

    folder: str
    own_drawer: bool
    laptops: tuple[Laptop, ...]
    to_give: int
    to_take: int
    decided: tuple[Decided, ...]
    problems: tuple[Problem, ...]
