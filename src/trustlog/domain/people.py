"""Managers and roles: their values, and which of them a typed name means."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple


def first_name(name: str, handle: str) -> str:
    """What a manager is called in a sentence: the first word of the name, the handle where there is no name."""
    return (name.split() or [handle])[0]


class Manager(NamedTuple):
    """A hiring manager. `public_praise_ok` is None as long as nobody asked."""

    id: int
    uid: str
    handle: str
    name: str
    team: str | None = None
    email: str | None = None
    likes: str | None = None
    on_their_plate: str | None = None
    public_praise_ok: bool | None = None
    archived: bool = False
    """Whether they were put aside by hand."""
    leaving_on: date | None = None
    """Their last day; after it they are archived."""

    def gone(self, day: date) -> bool:
        """Whether they are out of the overviews on a day."""
        return self.archived or (self.leaving_on is not None and self.leaving_on < day)

    def on(self, day: date) -> "Manager":
        """The manager as a day shows them: archived once their last day has passed."""
        return self._replace(archived=self.gone(day))

    @property
    def first_name(self) -> str:
        return first_name(self.name, self.handle)

    @property
    def the_team(self) -> str:
        """The team as a sentence speaks of it: `the payments team`, `Team Rocket`; `your team` where none is noted."""
        words = (self.team or "").split() or ["your"]
        first, named = words[0].casefold(), any(word.casefold() == "team" for word in words)
        article = () if first in ("the", "your", "our", "team") else ("the",)
        return " ".join((*article, *words, *(() if named else ("team",))))


HARD_TAG = "hard-to-fill"
"""The tag of a role that is hard to fill."""


class Req(NamedTuple):
    """An open or closed role of a manager; its code is unique in the journal."""

    id: int
    uid: str
    code: str
    manager: str
    title: str
    opened_on: date
    closed_on: date | None = None
    tags: tuple[str, ...] = ()

    def open_on(self, day: date) -> bool:
        """Whether it was open on a day."""
        return self.opened_on <= day and (self.closed_on is None or self.closed_on > day)


HANDLE = r"[a-z0-9][a-z0-9._-]*\Z"
HANDLE_LIMIT = 64
"""Characters of the longest handle."""
_ADDRESS = r"[\w#$%&'*+/=^`{|}~-]+(?:\.[\w#$%&'*+/=^`{|}~-]+)*@\w(?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)*"

# letters that Unicode does not take apart into a base and a mark
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def is_handle(text: str) -> bool:
    """Whether a text can be a handle: small letters, digits, dots, underscores and hyphens."""
    return len(text) <= HANDLE_LIMIT and re.match(HANDLE, text) is not None


def is_address(text: str) -> bool:
    """Whether a text is one plain mail address: no name around it, no second one, nothing that a link would obey."""
    return re.fullmatch(_ADDRESS, text) is not None


def is_code(text: str) -> bool:
    """Whether a text can be the code of a role: letters, digits, dots, underscores and hyphens."""
    return text[:1].isalnum() and all(mark.isalnum() or mark in "._-" for mark in text)


def fitting(asked: str, named: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The handles that `asked` may mean, among (handle, name) pairs.

    The exact handle wins, then the exact name unless another name begins with it, then every prefix of a handle or
    name, and every whole part of a name; case-blind.
    """
    wanted = folded(asked)
    if not wanted:
        return ()
    exact = tuple(handle for handle, _ in named if folded(handle) == wanted)
    if exact:
        return exact
    known = [(handle, folded(name)) for handle, name in named]
    begun = tuple(handle for handle, name in known if name.startswith(wanted))
    if any(name == wanted for _, name in known):
        return begun
    return tuple(
        handle for handle, name in known if handle in begun or handle.startswith(wanted) or f" {wanted} " in f"{name} "
    )


def leading(words: Sequence[str], named: Sequence[tuple[str, str]]) -> int:
    """How many of the first words are the longest handle, name or part of a name; 1 if the first alone may be."""
    names = [f" {folded(name)} " for _, name in named]
    longest = max((name.count(" ") - 1 for name in names), default=1)
    for count in range(min(longest, len(words)), 1, -1):
        leading = " ".join(words[:count])
        known = len(leading) <= LONGEST_NAME and any(f" {folded(leading)} " in name for name in names)
        if known and words[count - 1].strip():
            return count
    return 1


def capitalised(words: Sequence[str]) -> int:
    """How many of the first words look like one new name: Tom Baker before words in small letters; 1 otherwise."""
    count = 0
    while count < len(words) and words[count].istitle() and words[count].isalpha():
        count += 1
    return count if 1 < count < len(words) else 1


LONGEST_NAME = 200
"""Characters above which words are a note and no name."""


def folded(text: str) -> str:
    """Text for comparing: without case, accents composed however they were typed, blanks of any kind as one blank."""
    return composed(spaced(text)).casefold()


_UNSEEN = str.maketrans(
    dict.fromkeys((0xAD, 0x61C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF))
)
"""What has no width and no meaning between letters: soft hyphens, marks of the beginning, a break, a direction."""


def spaced(name: str) -> str:
    """A name in which blanks of any kind and number are one blank, as a spreadsheet or a page does not show them."""
    return " ".join((name if name.isascii() else name.translate(_UNSEEN)).split())


def addressed(text: str) -> tuple[str, str]:
    """The name and the address of `Dana Ortiz <dana@example.com>`, or of one of them alone; either may be empty."""
    name, bracket, rest = text.strip().rpartition("<")
    address = rest.removesuffix(">").strip() if bracket or "@" in rest else ""
    return (name.strip(" \"'"), address) if is_address(address) else (text.strip(), "")


_AFTER_A_NAME = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq"})


def turned(name: str) -> str:
    """`Ortiz, Dana` as Dana Ortiz; any other name as it is, a title after a comma included."""
    last, comma, first = (part.strip() for part in name.partition(","))
    turns = bool(last and first) and "," not in first and first.replace(".", "").casefold() not in _AFTER_A_NAME
    return f"{first} {last}" if comma and turns else name


def in_order(name: str) -> str:
    """A name for a sorted list: without case, and an accent does not move a letter to the end."""
    return name.casefold() if name.isascii() else _unmarked(name.casefold().translate(_LETTERS))


def composed(text: str) -> str:
    """Text with its accents as part of their letters."""
    if text.isascii():
        return text
    import unicodedata  # only for names with accents

    return unicodedata.normalize("NFC", text)


def nearest(asked: str, known: Iterable[str]) -> list[str]:
    """The known words that look most like what was typed."""
    from difflib import get_close_matches  # only when something was mistyped

    return get_close_matches(asked.casefold(), list(known), n=3, cutoff=0.5)


def slug(text: str) -> str:
    """Text as lower-case ASCII words joined by hyphens; empty if nothing of it can be written so."""
    import unicodedata  # only when something new is named

    ascii_only = _unmarked(unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)).replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:HANDLE_LIMIT].strip("-")


def new_handle(who: str, taken: Collection[str]) -> str:
    """A free handle for a name: the first name, the whole name if that is taken; empty if neither will do."""
    words = who.split()
    for candidate in (slug(words[0]) if words else "", slug(who)):
        if candidate and candidate not in taken:
            return candidate
    return ""


def free_code(wish: str, taken: Iterable[str]) -> str:
    """A code that no role has yet: the wish, else the wish with the next number."""
    used, code, number = set(taken), wish, 1
    while code in used:
        number += 1
        code = f"{wish}-{number}"
    return code


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
_UNBROKEN = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
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
    whole = [r"\s+".join(map(re.escape, _bare(words).split())) for words in (name, email or "") if words.strip()]
    labels = [re.escape(part) for part in (*parts, _bare(handle))]
    return Naming(
        re.compile("|".join([*(_alone(f"(?i:{pattern})", pattern) for pattern in whole), *map(_part, parts)])),
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


def _alone(pattern: str, words: str) -> str:
    """A pattern that stands for itself; where a script sets no blanks, anywhere."""
    return pattern if re.search(_UNBROKEN, words) else rf"(?<![^\W_]){pattern}(?![^\W_])"


def _beside_digits(label: str) -> str:
    return label if re.search(_UNBROKEN, label) else rf"(?<![^\W\d_]){label}(?![^\W\d_])"


def _bare(text: str) -> str:
    """The text without accents: whoever writes in a hurry leaves them out."""
    return text if text.isascii() else composed(_unmarked(text))


def _unmarked(text: str) -> str:
    """Letters without their accents."""
    import unicodedata  # only for names with accents

    return "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
