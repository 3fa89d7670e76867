"""Entries as frozen values, and the kinds of entry with what each weighs. Conventions, not findings."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, NamedTuple

Facet = Literal["ability", "benevolence", "integrity"]
Who = Literal["mine", "theirs", "joint"]
Sign = Literal["+", "-", "0"]

FACETS: tuple[Facet, ...] = ("ability", "benevolence", "integrity")


class Kind(NamedTuple):
    """What an entry is about.

    `weights` are at size m, one for each of FACETS; size s halves and size l doubles them. What I did weighs
    at most 0.5 when it is good, because doing a good thing is no proof that it landed.
    """

    name: str
    who: Who
    sign: Sign
    weights: tuple[float, float, float]

    @property
    def words(self) -> str:
        """The name as people read it: `praise given`."""
        return self.name.replace("-", " ")


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("ask-help", "mine", "+", (0, 0.1, 0)),
        Kind("help-received", "theirs", "+", (0, 1, 0)),
        Kind("small-talk", "joint", "+", (0, 0.1, 0)),
        Kind("praise-given", "mine", "+", (0, 0.25, 0)),
        Kind("praise-received", "theirs", "+", (0.5, 0.5, 0)),
        Kind("update-sent", "mine", "+", (0, 0, 0.1)),
        Kind("insight-shared", "mine", "+", (0.25, 0, 0)),
        Kind("reply-received", "theirs", "+", (0, 0.25, 0)),
        Kind("meeting-held", "joint", "+", (0, 0.25, 0)),
        Kind("expectation-confirmed", "joint", "+", (0.25, 0, 0.5)),
        Kind("promise-kept", "mine", "+", (0, 0, 0.5)),
        Kind("promise-renegotiated", "mine", "+", (0, 0, 0.25)),
        Kind("promise-missed", "mine", "-", (0, 0, 1)),
        Kind("own-error-disclosed", "mine", "+", (0, 0, 0.5)),
        Kind("apology-made", "mine", "+", (0, 0, 0.25)),
        Kind("slate-accepted", "theirs", "+", (1, 0, 0)),
        Kind("slate-declined", "theirs", "-", (0.5, 0, 0)),
        Kind("feedback-received", "theirs", "+", (0, 0.5, 0)),
        Kind("feedback-acted-on", "mine", "+", (0.25, 0, 0.25)),
        Kind("relied-on-me", "theirs", "+", (1, 0, 0)),
        Kind("confided", "theirs", "+", (0, 0.5, 0.5)),
        Kind("recommended-me", "theirs", "+", (0.5, 0.5, 0)),
        Kind("bypassed", "theirs", "-", (0.5, 0.5, 0)),
        Kind("doubt-voiced", "theirs", "-", (0.5, 0, 0)),
        Kind("harsh-exchange", "theirs", "-", (0, 1, 0)),
        Kind("hire-closed", "joint", "+", (1, 0, 0)),
        Kind("offer-lost", "joint", "-", (0.5, 0, 0)),
        Kind("note", "mine", "0", (0, 0, 0)),
    )
}

GOOD: dict[Who, tuple[str, ...]] = {
    who: tuple(name for name, kind in KINDS.items() if kind.who == who and kind.sign == "+")
    for who in ("mine", "theirs", "joint")
}
"""The good kinds of each side, in the order of KINDS."""

WEIGHTS = 1
"""Counts the changes of what a kind weighs, so that sums of older weights are not read."""

SIZES: dict[str, float] = {"s": 0.5, "m": 1.0, "l": 2.0}

MENDING = ("promise-kept", "feedback-acted-on")
"""The kinds that may repair an earlier hard entry: only a later deed does."""

ASK_TWICE = ("bypassed", "doubt-voiced", "harsh-exchange")
"""Told as facts; the check-in of a later day asks whether there could be another explanation."""


def fitting_kinds(word: str, aliases: dict[str, str]) -> tuple[str, ...]:
    """The kinds that `word` may mean: its exact name, else an alias, else every kind that begins so."""
    asked = word.strip().casefold().replace("_", "-").replace(" ", "-")
    if asked in KINDS:
        return (asked,)
    if asked in aliases:
        return (aliases[asked],)
    return tuple(name for name in KINDS if asked and name.startswith(asked))


def of_one_sign(kinds: Iterable[str]) -> bool:
    """Whether no two of the kinds stand against each other, one good and one hard."""
    return not {"+", "-"} <= {KINDS[kind].sign for kind in kinds}


_SILENCE = (
    r"\b(no|without an?) (reply|answer|response|reaction|word|feedback)\b|\bghosted|\bsilen(t|ce)\b|\bunanswered\b"
    r"|\bignor\w+ (my|our|me|us)\b|\b(not|never|didn.?t|hasn.?t) (repl(y|ied)|answer|respon|react|come back|got back)"
    r"|\bheard? nothing\b|\bnot heard\b"
)


def tells_of_silence(note: str) -> bool:
    """Whether a note says that a message of mine has no answer; silence has no kind of its own."""
    return re.search(_SILENCE, note, re.IGNORECASE) is not None


def keeps_in_sight(note: str) -> Literal["promise", "ask"] | None:
    """The command that keeps in sight what a note tells of: a promise of mine, one of theirs, or an answer to come."""
    if re.search(
        r"\b(i|we)(.ve| have)? promised?\b|\bpromised (him|her|them)\b|\b(i|we)( still)? owe\b", note, re.IGNORECASE
    ):
        return "promise"
    waits = tells_of_silence(note) or re.search(r"\bpromise[ds]\b|\bowes? (me|us)\b", note, re.IGNORECASE)
    return "ask" if waits else None


_MORE_TOLD = (
    r"\b(and|but|sent|delivered|did|done|kept|brought|gave|called|shared|finished|forgot\w*|missed|late|never|not)\b"
    r"|n['’]t\b"
)
"""What tells more than that something was promised: whether it was done."""


def announced(words: str, *names: str) -> str:
    """What was promised, of words that tell only that I did: `i promised her the slate by friday`. Else empty.

    `promised dana the slate` is one where `names` has her.
    """
    if "promised" not in words.casefold():  # the pattern takes a while to be put together
        return ""
    whom = "|".join(map(re.escape, ("him", "her", "them", *names)))
    begun = re.match(
        rf"(?:(?:i|we)(?:['’]ve| have)?(?: just| also)? promised|promised(?= (?:{whom})\b))(?: (?:{whom})\b)?(?: to)? ",
        words,
        re.IGNORECASE,
    )
    return "" if begun is None or re.search(_MORE_TOLD, words, re.IGNORECASE) else words[begun.end() :].strip()


class Entry(NamedTuple):
    """One dated line about one manager.

    `happened_at` carries the offset of the place; `happened_on` is the local day that was meant, and the
    one the model reads. `repaired_by` is the id of the deed that mends it.
    """

    id: int
    uid: str
    manager: str
    manager_name: str
    kind: str
    size: str
    happened_at: datetime
    happened_on: date
    note: str
    channel: str | None
    req: str | None
    approach: str | None
    tags: tuple[str, ...]
    evidence: bool
    did: str | None
    changed: str | None
    repaired_by: int | None
    created_at: datetime

    @property
    def ref(self) -> str:
        """What it is called wherever it is printed: `#12`."""
        return f"#{self.id}"

    @property
    def text(self) -> str:
        """Everything that was said, for reading: the note, what they did, what it changed."""
        parts = (self.note, self.did or "", f"It changed: {self.changed}" if self.changed else "")
        return "\n".join(part for part in parts if part)


class EntryDraft(NamedTuple):
    """An entry before the journal has given it an id: about a manager and a role of the journal.

    `req` is the role's code as it was typed, and `req_id` what it was found to mean; `manager_id` is None until
    it is known who was meant. `repairs` is the id of the hard entry that this one mends.
    """

    manager_id: int | None
    kind: str
    happened_at: datetime
    size: str = "m"
    note: str = ""
    channel: str | None = None
    req_id: int | None = None
    approach: str | None = None
    tags: tuple[str, ...] = ()
    evidence: bool = True
    did: str | None = None
    changed: str | None = None
    uid: str | None = None
    req: str | None = None
    repairs: int | None = None


class Filter(NamedTuple):
    """Which entries are meant; every field that is set narrows."""

    manager_id: int | None = None
    since: date | None = None
    until: date | None = None
    kind: str | None = None
    tag: str | None = None
    req_id: int | None = None
    limit: int | None = None


class Contact(NamedTuple):
    """As much of an entry as practice reads. `entry` is its id, and `at` orders those of one day."""

    manager_id: int
    on: date
    kind: str
    approach: str | None
    entry: int = 0
    at: datetime | None = None


class Change(NamedTuple):
    """One command that wrote, as `undo --list` shows it."""

    id: int
    command: str
    at: datetime
    summary: str
