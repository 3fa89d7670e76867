"""Which kind a recruiter's own word for it means."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from trustlog.domain.entries import KINDS, fitting_kinds
from trustlog.domain.entries_sentence import stems_of


class Synonyms(NamedTuple):
    """What recruiters call the kinds; each word is in small letters, its parts joined by hyphens, a stem ends in `*`.

    `either` are words that do not say who did it, `none` words for what did not happen, with a sentence about it.
    """

    kinds: Mapping[str, str]
    either: Mapping[str, tuple[str, ...]]
    none: Mapping[str, str]


class Named(NamedTuple):
    """What a word means: one kind, or several to choose from, or none and `why`."""

    kinds: tuple[str, ...] = ()
    why: str = ""

    @property
    def open(self) -> bool:
        """Whether it is to be asked who did it: "they or you?"."""
        return len({KINDS[kind].who for kind in self.kinds}) > 1


def named(word: str, aliases: Mapping[str, str], synonyms: Synonyms) -> Named:
    """The kinds that `word` may mean: its name, an alias, a synonym, or else every kind that begins so."""
    asked = "-".join(word.casefold().translate(_PARTS).split())
    exact = fitting_kinds(asked, dict(aliases))
    if asked in KINDS or asked in aliases:
        return Named(exact)
    if asked in synonyms.either:
        return Named(synonyms.either[asked])
    for form in (asked, *stems_of(asked)):
        if form in synonyms.none:
            return Named(why=synonyms.none[form])
        if form in synonyms.kinds:
            return Named((synonyms.kinds[form],))
    return Named(exact)


_PARTS = str.maketrans({"_": " ", "-": " ", "'": None, "\u2019": None})


def of_one_sign(kinds: Iterable[str]) -> tuple[str, ...]:
    """The first kinds that are of the same sign as the very first, three at most."""
    found = list(dict.fromkeys(kinds))
    return tuple([kind for kind in found if KINDS[kind].sign == KINDS[found[0]].sign][:3])
