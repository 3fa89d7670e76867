"""Who did what free words tell of: the recruiter, the manager, or somebody else."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from trustlog.domain.entries import KINDS, fitting_kinds
from trustlog.domain.entries_sentence import (
    GRAMMAR,
    PREPOSITIONS,
    SUBJECTS,
    TO_BE,
    Rules,
    Sentence,
    is_past,
    sentence,
    stems_of,
    words_of,
)

Doer = Literal["i", "they", "third", ""]
"""The recruiter, the manager or their people, a third one such as the candidate, or nobody named."""


_AFTER_OBJECT = PREPOSITIONS | words_of(
    "that how what when why if whether i we a an the this and but again back so very too straight twice off out up"
    " properly personally publicly privately today yesterday some two three my our all more"
)
"""After these "her" is whom, not whose: "told her that", "her mail"."""
_FROM = ("from", "by")
_REACH = 4
"""How many words after a phrase may still say to whom it was done."""


def doer(tokens: tuple[int, ...], told: bool, text: Sentence) -> Doer:
    """Who did what the phrase at `tokens` tells of; `told` if the phrase itself names me.

    A subject counts most, then who it was done by, then whom it was done to, then the subject of the clause before.
    """
    first = tokens[0]
    start, end = text.clause(first)
    subject = _subject(start, first, text)
    verb = next((token for token in tokens if is_past(text.words[token]) and "@feeling" not in text.forms[token]), None)
    if verb is not None and not TO_BE.isdisjoint(text.words[max(start, verb - 2) : verb]):
        return _doer_of_passive(subject, verb, start, end, text)
    if subject:
        return subject
    if not told:
        other = _object(tokens, end, text) or _object_before(start, first, text)
        if other:
            return other
    return _inherited(text.clause_of[first], text) or ("they" if text.quoted[first] else "")


def ends_there(at: int, end: int, text: Sentence) -> bool:
    """Whether the noun at `at` stands for itself: "the team", not "the team call"."""
    following = text.words[at + 1] if at + 1 < end else "the"
    return following != "again" and (following in _AFTER_OBJECT or following[0].isdigit())


def _subject(start: int, end: int, text: Sentence) -> Doer:
    for at in range(end - 1, start - 1, -1):
        word = text.words[at]
        if word in SUBJECTS:
            return "i" if SUBJECTS[word] == "i" else "they"
        governed = not PREPOSITIONS.isdisjoint(text.words[max(start, at - 3) : at])
        if "@boss" in text.forms[at] and not governed:
            return "they"
        if "@candidate" in text.forms[at] and not governed:
            return "third"
        if word == "has" and not _thing_before(start, at, text):
            return "they"
    return ""


def _doer_of_passive(subject: Doer, verb: int, start: int, end: int, text: Sentence) -> Doer:
    """Who did it in "was thanked by her": the agent, else whoever it was not done to."""
    for at in range(verb + 1, min(end - 1, verb + 6)):
        if text.words[at] == "by":
            after = range(at + 1, min(end, at + 5))
            if text.words[at + 1] in ("me", "us", "myself"):
                return "i"
            if text.words[at + 1] in ("him", "her", "them", "his", "their", "my") or _any(after, "@boss", text):
                return "they"
            if _any(after, "@candidate", text):
                return "third"
    if subject in ("i", "they"):
        return "they" if subject == "i" else "i"
    return "they" if not subject and not _thing_before(start, verb, text) else ""


def _any(tokens: range, form: str, text: Sentence) -> bool:
    return any(form in text.forms[token] for token in tokens)


def _thing_before(start: int, end: int, text: Sentence) -> bool:
    """Whether a noun of ours stands there, which is what a passive is then about: "the slate was rejected"."""
    return any(form[0] == "@" for at in range(start, end) for form in text.forms[at])


def _object(tokens: tuple[int, ...], end: int, text: Sentence) -> Doer:
    """Who did it, by whom it was done to: "thanked her" is mine, "thanked me" and "thanks from her" are theirs."""
    first = tokens[0]
    for at in range(first + 1, min(end, tokens[-1] + _REACH)):
        word = text.words[at]
        if word in SUBJECTS:
            return ""
        if word in ("me", "us"):
            return "i" if text.words[at - 1] in _FROM else "they"
        if word in ("him", "them", "her") and text.words[at - 1] in _FROM:
            return "they"
        found: Doer = "i" if _is_object(at, end, text) else ""
        if not found and "@boss" in text.forms[at]:
            found = _boss_as_object(first, at, end, text)
        if found:
            return found
    return ""


def _boss_as_object(first: int, at: int, end: int, text: Sentence) -> Doer:
    """The same where it is a noun: "told the client", "kudos to the team", "thanks from his lead"."""
    if "@tell" in text.forms[first] and {"the", "her", "his", "their"}.issuperset(text.words[first + 1 : at]):
        return "i"
    if ends_there(at, end, text):
        for before in reversed(text.words[max(first + 1, at - 4) : at]):
            if before in _FROM or before in ("to", "for", "at"):
                return "they" if before in _FROM else "i"
    return ""


def _is_object(at: int, end: int, text: Sentence) -> bool:
    """Whether somebody else stands there as whom it was done to."""
    word, following = text.words[at], text.words[at + 1] if at + 1 < end else ""
    if word not in ("him", "them", "her") or text.words[at - 1] in (
        "with",
        "about",
        "of",
        "than",
        "like",
        "from",
        "by",
    ):
        return False
    return word != "her" or not following or following in _AFTER_OBJECT or following[0].isdigit()


def _object_before(start: int, end: int, text: Sentence) -> Doer:
    """The same for what stands earlier in the clause: "rang her to say", "called me to"."""
    for at in range(start + 1, end):
        if text.words[at] in ("me", "us") and text.words[at - 1] not in ("from", "by"):
            return "they"
        if _is_object(at, end + 1, text):
            return "i"
    return ""


def _inherited(number: int, text: Sentence) -> Doer:
    """The subject of the clauses before that this one goes on: "she called and thanked"."""
    while number > 0 and text.clauses[number][2] in ("and", ","):
        number -= 1
        for at in range(*text.clauses[number][:2]):
            if text.words[at] in SUBJECTS:
                return "i" if SUBJECTS[text.words[at]] == "i" else "they"
            if "@candidate" in text.forms[at]:
                return "third"
    return ""


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


def may_be_surname(word: str, rules: Rules) -> bool:
    """Whether a word is none that the readings or labelled phrases hold, no slip of one, and ends like no verb."""
    if len(word) < 3 or not word.isalpha() or word.endswith(("ed", "ing", "ly", "s")):
        return False
    text, heard = sentence(word, rules), word in GRAMMAR | rules.ordinary or f"\n{word} " in rules.learnt.words
    return not heard and text.words == [word] and rules.classes.keys().isdisjoint(text.forms[0])


_PARTS = str.maketrans({"_": " ", "-": " ", "'": None, "\u2019": None})


def of_one_sign(kinds: Iterable[str]) -> tuple[str, ...]:
    """The first kinds that are of the same sign as the very first, three at most."""
    found = list(dict.fromkeys(kinds))
    return tuple([kind for kind in found if KINDS[kind].sign == KINDS[found[0]].sign][:3])
