"""The inbox: lines written on a phone, each with who, which day and what happened."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from trustlog.domain.days import MOST_WORDS, SPOKEN, echo, is_a_while
from trustlog.domain.people import fitting, folded
from trustlog.domain.text import BadTextError, checked

_PIECE = r"\d+(?::\d+)+|[^\s,:/&+]+|[,:/&+]"
_BULLET = r"\s*(?:[-*•]\s+)?(?:\[[ xX]?\]\s+)?"
_TIME = r"(?:at )?(?:\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\.?|\d{1,2}[:.]\d\d|noon|midnight)"
_TOGETHER = frozenset({",", "/", "&", "+", "and"})

Known = Sequence[tuple[str, str]]
"""Handles and names of the managers in the journal."""
ReadDay = Callable[[str], datetime | None]
"""Reads a phrase as a moment of the past or the future; None if it says none."""


class InboxLine(NamedTuple):
    """A line of the inbox, `number` from 1, and what was read of it. `when` is None if no day was named, `kinds` what
    the words may mean, the best first. `problem` says why it cannot be taken as it is, and is empty if it can; `doubt`
    what is to be asked before it is. `promise` is what the words say that I promised, with `due` where that was said.
    """

    number: int
    raw: bytes
    manager: str | None = None
    when: datetime | None = None
    note: str = ""
    kinds: tuple[str, ...] = ()
    problem: str = ""
    doubt: str = ""
    promise: str = ""
    due: datetime | None = None

    @property
    def kind(self) -> str:
        """The kind that is taken unless another is chosen."""
        return self.kinds[0] if self.kinds else "note"

    @property
    def text(self) -> str:
        """The line as it was written, as far as it can be shown."""
        return self.raw.decode("utf-8", "replace").strip()


def lines_of(content: bytes) -> list[tuple[int, bytes]]:
    """The lines that say something, each with its number; a mark of the byte order is none of their bytes."""
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return [(number, line) for number, line in enumerate(lines, 1) if line.strip()]


def without(content: bytes, taken: Iterable[bytes]) -> bytes:
    """The content without these lines, each taken away once for each time that it is named; all else byte for byte."""
    gone = Counter(line.strip() for line in taken)
    left = []
    for line in content.split(b"\n"):
        bare = line.removeprefix(b"\xef\xbb\xbf").strip()
        if gone[bare] > 0:
            gone[bare] -= 1
        else:
            left.append(line)
    return b"\n".join(left)


def read_line(number: int, raw: bytes, known: Known, day: ReadDay, now: datetime) -> InboxLine:
    """A line with what it says; its kinds are still to be read."""
    line = InboxLine(number, raw)
    try:
        text = checked(raw.decode("utf-8"), "it")
    except UnicodeDecodeError:
        return line._replace(problem="it is not UTF-8")
    except BadTextError as error:
        return line._replace(problem=str(error))
    reader = _Reader(text, known, day, now)
    when, who, note = reader.read()
    names = dict(known)
    said = line._replace(manager=who[0] if len(who) == 1 else None, when=when, note=note)
    if not who and len(within := reader.within()) == 1:
        doubt = f"it may be about {names[within[0]]}, whom it names further on"
        said = said._replace(manager=within[0], doubt=doubt)
    elif not who:
        return said._replace(problem="it names nobody whom you know")
    if len(who) > 1:
        listed = " and ".join(names[handle] for handle in who[:3])
        return said._replace(problem=f"it could be about {listed}; it takes one")
    if when is not None and when > now:
        return said._replace(problem=f"{echo(when)} has not come yet")
    return said if note else said._replace(problem="it says nothing of what happened")


@lru_cache(maxsize=1)
def _folded(known: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """Handles and names for comparing, once for all lines."""
    return [(handle, folded(name)) for handle, name in known]


class _Reader:
    """One reading of one line: `fri dana: …`, `dana: …`, `dana yesterday: …`, `20 Nov Dana Ortiz thanked me`."""

    def __init__(self, text: str, known: Known, day: ReadDay, now: datetime) -> None:
        begin = re.match(_BULLET, text)
        self.text = text[begin.end() if begin else 0 :].strip()
        # only the beginning is looked at, however long the line is
        self.tokens = [hit.span() for hit in re.finditer(_PIECE, self.text[:400])][: 4 * MOST_WORDS]
        self.known, self.names = known, _folded(tuple(known))
        self.day, self.now = day, now

    def within(self) -> tuple[str, ...]:
        """Those whom a word names that stands further on: `i sent dana the slate`."""
        said = {folded(self._word(at).removesuffix("'s").strip('.!?;()"')) for at in range(len(self.tokens))}
        return tuple(handle for handle, name in self.names if said & {handle, *name.split()})

    def read(self) -> tuple[datetime | None, tuple[str, ...], str]:
        """The day, the handles that may be meant, and the words that are left."""
        when, at = self._day(0)
        first, end = self._who(0, begun=False)
        # a name that is also the word for a day: a whole name, or the only one in the line, is the name
        if first and (end > 1 or self._word(end) == ":" or not self._who(at)[0]):
            when, at = None, 0
        who, end = self._who(at)
        if not who:
            return when, (), self._rest(at)
        more = self._others(end)
        if when is None:
            when, end = self._day_after(end)
        return when, tuple(dict.fromkeys([*who, *more])), self._rest(end)

    def _word(self, at: int) -> str:
        return self.text[slice(*self.tokens[at])] if at < len(self.tokens) else ""

    def _run(self, at: int, count: int) -> str:
        """The text of some tokens as it was written."""
        return self.text[self.tokens[at][0] : self.tokens[at + count - 1][1]]

    def _counts(self, at: int) -> range:
        return range(min(MOST_WORDS, len(self.tokens) - at), 0, -1)

    def _who(self, at: int, *, begun: bool = True) -> tuple[tuple[str, ...], int]:
        """The managers that the longest run of words may mean, and where it ends; if a colon ends it, the beginning of
        a name is enough.
        """
        for count in self._counts(at):
            run = folded(self._run(at, count))
            found = tuple(handle for handle, name in self.names if run in (handle, name))
            found = found or tuple(handle for handle, name in self.names if run in name.split())
            if not found and begun and self._word(at + count) == ":":
                found = fitting(run, self.known)
            if found:
                return found, at + count
        return (), at

    def _others(self, at: int) -> tuple[str, ...]:
        """Whom else the line is about: `dana and marcus: …`."""
        if self._word(at).casefold() in _TOGETHER:
            while self._word(at).casefold() in _TOGETHER:
                at += 1
            return self._who(at)[0]
        return ()

    def _day(self, at: int) -> tuple[datetime | None, int]:
        """The day that the longest run of words says, and where it ends."""
        for count in self._counts(at):
            run = self._run(at, count)
            if count < len(self.tokens) - at and not is_a_while(run) and (found := self.day(run)) is not None:
                if found > self.now and re.fullmatch(_TIME, run, re.IGNORECASE):
                    continue  # a time alone that is to come today was that of a day which nobody named
                end = at + count
                return found, end + (self._word(end) in (":", ","))
        return None, at

    def _day_after(self, at: int) -> tuple[datetime | None, int]:
        """The day behind the name, if a colon ends it or it can be nothing else."""
        found, end = self._day(at)
        first = self._word(at).casefold()
        plain = first in SPOKEN or first[:1].isdigit()
        return (found, end) if found is not None and (plain or self._word(end - 1) == ":") else (None, at)

    def _rest(self, at: int) -> str:
        """The words from a token on, without what parts them from the name."""
        begin = self.tokens[at][0] if at < len(self.tokens) else self.tokens[at - 1][1] if at else 0
        return self.text[begin:].lstrip(" \t:,-–—")
