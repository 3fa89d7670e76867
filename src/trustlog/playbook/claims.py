"""Templates that claim what nobody wrote down are found by their words."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from trustlog.domain.text import places_of
from trustlog.playbook.files import PlaybookError, alike, shipped

_OTHERS = (
    r"you|they|he|she|we|who|one|some|every(body|one)|nobody|somebody|people|candidates?|finalists?|interviewers?|panel"
)
_TOLD = (
    r"\bthank(s| you)( so much| a lot)? for\b"
    r"|\bas (agreed|discussed|promised|mentioned|requested|said|asked|planned|talked|told)\b"
    r"|\bit (was|has been) (so |very |really )?(great|good|nice|lovely|wonderful|a pleasure)\b"
    r"|\b(great|good|nice|lovely) (talking|meeting|seeing|working|speaking|hearing)\b"
)
"""What thanks, reminds or praises, and so says that there was something."""
_CLAUSE = r"[.;:!,]\s|\b(?:and|but|so|because|while|before|after|which|that|as|than)\b"


@cache
def _lists() -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in shipped("claims.toml").items()}


def claimed(template: str) -> str | None:
    """The words of a template that claim what they, or candidates, did, without a place that says what.

    A draft says only what the journal says. A clause in the past tense about somebody else is a claim of the template,
    unless its sentence has a place or a question in [brackets] beside mere names and days, is a question itself, or
    the clause is only supposed (if, when, what …). So are thanks for something, a reminder of what was agreed, and a
    habit (you always …). What I did is mine to say. The present tense is not looked at otherwise.
    """
    for sentence in re.findall(r"[^.!?\n]+[.!?\n]?", re.sub(r"\[[^\]]*\]", "{question}", template)):
        if sentence.endswith("?") or not _lists()["names"].issuperset(places_of(sentence)):
            continue
        if said := re.search(_TOLD, sentence, re.IGNORECASE):
            return said[0]
        for clause in re.split(_CLAUSE, sentence):
            words = re.findall(r"\{\w+\}|[\w’']+", clause)
            if _tells(words):
                return " ".join(words)
    return None


def _tells(words: Sequence[str]) -> bool:
    """Whether somebody else is the subject of a verb in the past: `{name} cut`, `your note named`."""
    lists = _lists()
    low = [word.lower().replace("’", "'") for word in words]
    for place, word in enumerate(low):
        if word in lists["supposed"]:
            return False
        rest = [one for one in low[place + 1 :] if one not in lists["adverbs"]]
        if re.fullmatch(rf"{_OTHERS}|\{{\w+\}}", word):
            habit = bool(low[place + 1 :]) and low[place + 1] in lists["habits"]
            tells = habit or _is_past(rest, alone=word.startswith("{"))
        elif word in ("your", "their", "every", "each"):
            tells = any(_is_past(rest[end:]) for end in range(1, min(6, len(rest))))
        elif word in ("the", "our"):
            tells = any(one in lists["helping"] and _is_past(rest[end:]) for end, one in enumerate(rest[1:5], start=1))
        else:
            tells = re.fullmatch(r"(you|they|we|he|she)'(ve|d)", word) is not None and _is_past(["have", *rest])
        if tells:
            return True
    return False


def _is_past(words: Sequence[str], *, alone: bool = False) -> bool:
    """Whether words begin with a verb in the past tense; `alone` reads `cut` and its like so."""
    lists = _lists()
    first, second = (*words, "", "")[:2]
    first = first.removesuffix("n't")
    if first in ("has", "have"):
        return second in lists["past"] | lists["participles"] or _ends_so(second)
    return first in lists["past"] or (alone and first in lists["like_present"]) or _ends_so(first)


def _ends_so(word: str) -> bool:
    return word.endswith("ed") and word not in _lists()["no_past"]


def claimless(template: str, where: str, place: str) -> None:
    """Raises PlaybookError for a template that claims what nobody wrote down; `place` is where it stands."""
    words = claimed(template)
    if words is not None:
        said = f"{where} claims “{words}”, which no journal says; put it into a {{place}} or into [brackets]"
        raise PlaybookError(said, place)


def letter(shipped: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    """Words of the same shape, of which the table `email`, else all, claims nothing. Raises PlaybookError."""
    alike(shipped, words)
    for name, text in _texts_in(words.get("email", words)):
        claimless(text, name, name)
    return words


def _texts_in(words: Any, name: str = "") -> Iterable[tuple[str, str]]:
    """Every text of a table, with the key under which it stands."""
    if isinstance(words, str):
        yield name, words
    else:
        for key, part in words.items() if isinstance(words, dict) else ((name, part) for part in words):
            yield from _texts_in(part, key)
