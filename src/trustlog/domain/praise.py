"""Things noticed, praise and where it is said, deeds nobody has given thanks for, what went well."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from trustlog.domain.entries import GOOD, Entry, Who
from trustlog.domain.promises import Promise
from trustlog.domain.standing import Milestone
from trustlog.domain.text import filled, marked, unmarked


class Noticed(NamedTuple):
    """Something that a manager did, as it was seen. `entry` is the praise that took it out of the jar."""

    id: int
    uid: str
    manager: str
    manager_name: str
    on: date
    seen: str
    entry: int | None

    @property
    def ref(self) -> str:
        """What it is called wherever it is printed: `J2`."""
        return f"J{self.id}"


CHANNELS = ("kudos-chat", "update-email", "meeting", "one-to-one", "to-their-lead", "other")
PUBLIC = ("kudos-chat", "meeting")
"""Where others look on; not for somebody who would rather not."""
QUIET = "one-to-one"
"""Where praise is said unless another place is named."""
PLACES = ("first_name", "name", "me", "did", "changed", "day")
"""What a template may leave blank, in braces."""


class Praise(NamedTuple):
    """What is to be said. `on` is the day they did it, None where nobody said it, `when` the moment of the praise;
    `noticed` is of the jar.
    """

    did: str
    changed: str
    channel: str
    on: date | None
    when: datetime
    req: str | None = None
    noticed: int | None = None


class PraiseSentence(NamedTuple):
    """The sentence for its channel, and the entry that keeps it; a draft has none."""

    entry: Entry | None
    marked: str
    channel: str

    @property
    def sentence(self) -> str:
        """The sentence as it is read."""
        return unmarked(self.marked)


def praise_sentence(template: str, places: Mapping[str, str]) -> str:
    """The template with its places filled. What was said becomes one line that goes on in a sentence."""
    return filled(marked(template), {name: _flowing(words) for name, words in places.items()})


def _flowing(words: str) -> str:
    """On one line, without the full stop that the template sets itself."""
    flat = " ".join(words.split())
    return flat.removesuffix(".") if not flat.endswith("..") else flat


FRESH = timedelta(days=30)
"""How long help and quick answers wait for a thank-you; what lies in the jar waits until it is taken out."""
HELP, PRAISE = "help-received", "praise-given"
THANKS_KINDS = (HELP, PRAISE)
"""The entries that tell of it."""
Source = Literal["jar", "help", "answer"]


class Deed(NamedTuple):
    """As much of an entry of THANKS_KINDS as is read."""

    id: int
    kind: str
    on: date
    at: datetime
    what: str
    req: str | None = None


class Unthanked(NamedTuple):
    """One good thing. `id` is that of the thing in the jar, of the entry or of the loop, by `source`.

    `what` is empty where nobody said what the help was; `purpose` stands with a loop.
    """

    source: Source
    id: int
    at: datetime
    what: str
    req: str | None = None
    purpose: str | None = None

    @property
    def named(self) -> str:
        """What there is to thank for, in words."""
        return self.what or "their help"


def unthanked(
    jar: Sequence[Noticed], deeds: Iterable[Deed], loops: Sequence[Promise], at: datetime
) -> tuple[Unthanked, ...]:
    """The jar, and the help and quick answers that no praise came after; newest first.

    On the day of an entry the order of writing counts: times of a day are often guesses.
    """
    deeds, begin = tuple(deeds), at - FRESH
    praised = [deed for deed in deeds if deed.kind == PRAISE]
    written = max(((deed.on, deed.id) for deed in praised), default=(date.min, 0))
    last = max((deed.at for deed in praised), default=begin)
    helped = [
        Unthanked("help", deed.id, deed.at, deed.what, deed.req)
        for deed in deeds
        if deed.kind == HELP and deed.at > begin and (deed.on, deed.id) > written
    ]
    answered = [
        Unthanked(
            "help" if loop.purpose == "favour" else "answer",
            loop.id,
            loop.settled_at,
            loop.what,
            loop.req,
            loop.purpose,
        )
        for loop in loops
        if loop.settled_at is not None and max(last, begin) < loop.settled_at <= at and quick(loop)
    ]
    noticed = [
        Unthanked("jar", noticed.id, datetime.combine(noticed.on, datetime.min.time(), at.tzinfo), noticed.seen)
        for noticed in jar
    ]
    return tuple(sorted((*helped, *answered, *noticed), key=lambda thing: (thing.at, thing.id), reverse=True))


def quick(loop: Promise) -> bool:
    """Whether an answer of theirs deserves a word: a favour done, a scorecard in time, else half of its time used."""
    if loop.owed_by != "them" or loop.state != "kept" or loop.settled_at is None:
        return False
    if loop.purpose == "favour":
        return True
    if loop.due_at is None:
        return False
    if loop.purpose == "scorecard":
        return loop.settled_at < loop.due_at
    return loop.settled_at - loop.given_at <= (loop.due_at - loop.given_at) / 2


def specific(unthanked: Unthanked) -> bool:
    """Whether it alone is reason enough to offer praise: the jar, help, or a fast scorecard."""
    return unthanked.source != "answer" or unthanked.purpose == "scorecard"


class Span(NamedTuple):
    """Some days, both included; `at` cuts the last one where a time was named."""

    since: date
    until: date
    at: datetime | None = None


class SmallStep(NamedTuple):
    """One step forward, as a debrief noted it."""

    manager: str
    manager_name: str
    on: date
    step: str


class Times(NamedTuple):
    """How often a kind of thing happened in the span."""

    kind: str
    times: int


class Wins(NamedTuple):
    """What I did, what came back, what was done together, and the steps of it."""

    span: Span
    mine: tuple[Times, ...]
    theirs: tuple[Times, ...]
    together: tuple[Times, ...]
    milestones: tuple[Milestone, ...]
    steps: tuple[SmallStep, ...]

    @property
    def nothing(self) -> bool:
        return not (self.mine or self.theirs or self.together or self.milestones or self.steps)


class WinsWords(NamedTuple):
    """The sentences: for each good kind one for once and one for several times, for each milestone a phrase."""

    once: Mapping[str, str]
    often: Mapping[str, str]
    milestones: Mapping[str, str]
    headings: Mapping[str, str]
    nothing: str


def went_well(who: Who, counts: Mapping[str, int]) -> tuple[Times, ...]:
    """The good kinds of one side that happened, in the order in which kinds stand: more is not better."""
    return tuple(Times(name, counts[name]) for name in GOOD[who] if counts.get(name))
