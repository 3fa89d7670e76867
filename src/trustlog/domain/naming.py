"""How somebody is named in what was written about others: by the whole name, by a part of it, in any case."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

_WORDS = frozenset({
    "april", "art", "august", "bill", "black", "brown", "chance", "chase", "cook", "dale", "dean", "drew", "early",
    "faith", "fish", "ford", "forest", "frank", "good", "grace", "grant", "green", "guy", "hall", "hand", "harmony",
    "hill", "home", "hope", "hunter", "jade", "joy", "june", "justice", "king", "lane", "law", "little", "long",
    "love", "major", "march", "mark", "may", "mercy", "mill", "moon", "page", "park", "penny", "pond", "price",
    "pride", "prince", "rich", "ridge", "rob", "rock", "rose", "sage", "sharp", "short", "sky", "small", "sterling",
    "stone", "storm", "strong", "sue", "summer", "swift", "trip", "victory", "violet", "ward", "way", "white", "will",
    "wise", "wood", "worth", "young",
})  # fmt: skip
"""Names that are words too: in small letters they name nobody."""
_UNBROKEN = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts that set no blank between words, or write endings at the end of a name."""
_LEAST = 3
"""Letters from which a part of a name is looked for in small letters, too; a shorter one may be a syllable."""


class Naming(NamedTuple):
    """What names one person. In `labels`, tags and codes, a part may stand beside digits and hyphens, in any case."""

    texts: re.Pattern[str]
    labels: re.Pattern[str]

    def in_text(self, text: str) -> bool:
        return self.texts.search(_bare(text)) is not None

    def in_label(self, text: str) -> bool:
        return self.labels.search(_bare(text)) is not None


def naming(name: str, email: str | None, handle: str, others: Iterable[str]) -> Naming:
    """What names a person, but for parts of the name that one of the `others`, given by their names, has too."""
    shared = {_bare(part).casefold() for other in others for part in other.split()}
    parts = [part for part in _parts(name) if part.casefold() not in shared]
    whole = [r"\s+".join(map(re.escape, _bare(said).split())) for said in (name, email or "") if said.strip()]
    labels = [re.escape(part) for part in (*parts, _bare(handle))]
    return Naming(
        re.compile("|".join([*(_alone(f"(?i:{one})", one) for one in whole), *map(_part, parts)])),
        re.compile("|".join(_beside_digits(label) for label in labels), re.IGNORECASE),
    )


def _parts(name: str) -> list[str]:
    """The parts by which a person may be called; no initials, and no small words between them."""
    found = [part.strip(".,'\"()") for part in _bare(name).split()]
    long = [part for part in found if len(part) > 1]
    return [part for part in long if not (part.islower() and len(part) <= _LEAST and part != found[0])]


def _part(part: str) -> str:
    """A part in any case; one that is a word too, or very short, only with a capital."""
    if part.casefold() in _WORDS or len(part) < _LEAST:
        forms = "|".join(dict.fromkeys(map(re.escape, (part, part.capitalize(), part.upper()))))
    else:
        forms = f"(?i:{re.escape(part)})"
    return _alone(f"(?:{forms})(?:['\u2019]?[sS])?", part)


def _alone(pattern: str, said: str) -> str:
    """A pattern that stands for itself; where a script sets no blanks, anywhere."""
    return pattern if _UNBROKEN.search(said) else rf"(?<![^\W_]){pattern}(?![^\W_])"


def _beside_digits(label: str) -> str:
    return label if _UNBROKEN.search(label) else rf"(?<![^\W\d_]){label}(?![^\W\d_])"


def _bare(text: str) -> str:
    """The text without accents: whoever writes in a hurry leaves them out."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(mark for mark in apart if not unicodedata.combining(mark)))
