"""What became of a large command, and pages of the guide: values for the view."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from trustlog.domain.people import Manager, Req
from trustlog.domain.promises import Promise


class Refused(NamedTuple):
    """What cannot be taken in; `row` is its line in a CSV file, the header being line 1, or its place in JSON."""

    row: int | str
    why: str

    @property
    def place(self) -> str:
        """`line 3`, `entries[17].kind`."""
        return f"line {self.row}" if isinstance(self.row, int) else self.row


class Tally(NamedTuple):
    """What became of the records of one section."""

    added: int = 0
    unchanged: int = 0
    updated: int = 0


class Imported(NamedTuple):
    """What an import did, or would do. The figures are of entries; `tallies` tell of everything a JSON file holds."""

    added: int
    unchanged: int
    updated: int
    refused: tuple[Refused, ...]
    managers: tuple[str, ...]
    reqs: tuple[str, ...]
    dry_run: bool
    tallies: Mapping[str, Tally] = {}


class Exported(NamedTuple):
    """What an export wrote to a file."""

    file: str
    form: str
    entries: int
    private: bool


DETAILS = ("team", "email", "likes", "on_their_plate", "public_praise_ok")


class Leaving(NamedTuple):
    """Who leaves on which day, the roles that went to whom, and the loops that were closed and those still open."""

    manager: Manager
    on: date
    to: Manager | None
    roles: tuple[Req, ...]
    closed: tuple[Promise, ...]
    open: tuple[Promise, ...]


class Joined(NamedTuple):
    """What a merge did, or would do: `gone` became a part of `manager`, who is shown as afterwards.

    `moved` counts what came along. `differing` is what was noted of `gone` and said otherwise of `manager`, whose
    own words stay. `retitled` are kick-off drafts that go on under another title, as (old, new).
    """

    gone: Manager
    manager: Manager
    moved: Mapping[str, int]
    differing: Mapping[str, Any]
    retitled: tuple[tuple[str, str], ...] = ()
    dry_run: bool = True


def joined_details(gone: Manager, kept: Manager) -> tuple[dict[str, Any], dict[str, Any]]:
    """The details that `kept` lacks and `gone` has, and those that both have and that differ, as `gone` has them."""
    taken: dict[str, Any] = {}
    differing: dict[str, Any] = {}
    for field in DETAILS:
        theirs, own = getattr(gone, field), getattr(kept, field)
        if theirs in (None, "") or theirs == own:
            continue
        (taken if own in (None, "") else differing)[field] = theirs
    return taken, differing


class Mention(NamedTuple):
    """A row about somebody else, or about nobody, in which a person is named; `place` is how people know it."""

    table: str
    id: int | None
    place: str


class Proof(NamedTuple):
    """The search for what is left. `pieces` of texts were looked for, besides the name and the address.

    `read` files were searched byte by byte; the bytes of an encrypted one prove nothing, so `opened` ones were read
    with their key. `unread` could not be opened, `left_in` are the files in which a word still stands.
    """

    pieces: int
    read: int
    opened: int
    unread: tuple[str, ...]
    left_in: tuple[str, ...]
    mentioned: tuple[Mention, ...]


class Forgotten(NamedTuple):
    """A manager that was removed: how many rows and files went, and the proof."""

    manager: str
    name: str
    rows: int
    copies: int
    """Copies of the journal, damaged ones too."""
    pages: int
    """Reports that were kept for a browser."""
    proof: Proof
    kept: tuple[str, ...] = ()
    """Texts that a person wrote in an editor and no journal holds; they stay."""


class Unsealed(NamedTuple):
    """A file that stays as it is, and why."""

    file: str
    why: str


class Sealed(NamedTuple):
    """What was made encrypted, or plain, what could not be, and which plain pages were removed."""

    encrypted: bool
    changed: tuple[str, ...]
    left: tuple[Unsealed, ...]
    removed: tuple[str, ...] = ()


FIX = "trustlog doctor --fix"
FEW = 5
"""So many of several things are named in a finding."""


class Finding(NamedTuple):
    """Something that is not in order, and what helps. `mends` names what `--fix` can do about it, if it can."""

    check: str
    problem: str
    cure: str
    mends: str = ""


class Checkup(NamedTuple):
    """What is left to do, and what was mended."""

    findings: tuple[Finding, ...]
    mended: tuple[Finding, ...] = ()


class GuidePage(NamedTuple):
    """A page of the guide, in Markdown; without a text, a line of the list."""

    topic: str
    title: str
    text: str = ""


class GuideLine(NamedTuple):
    """A command or an option, what it does, and its panel."""

    name: str
    does: str
    panel: str = ""


class Program(NamedTuple):
    """What the program lists of itself. `commands` is called only where they are shown: it loads every group.

    `options` work before a command and after it, `alone` are those that go with none.
    """

    commands: Callable[[], tuple[GuideLine, ...]]
    options: tuple[GuideLine, ...]
    alone: tuple[GuideLine, ...]


class Recovered(NamedTuple):
    """Whether the change was made or taken back, and the files that could not follow for now.

    `what` is `encrypt`, `rekey`, `decrypt`, `copies` (brought to the key of a journal that stays as it is), `forget`
    or `wipe`.
    """

    what: str
    made: bool
    left: tuple[str, ...] = ()
