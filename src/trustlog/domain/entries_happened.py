"""Whether what words tell of has happened: not denied, not only planned or wished for, and not so as a rule."""

from itertools import pairwise

from trustlog.domain.entries_doer import ends_there
from trustlog.domain.entries_sentence import NEGATORS, PREPOSITIONS, SUBJECTS, Sentence, is_past, words_of

_MODALS = words_of("will would shall should must might may can could")
_HOPES = words_of(
    "if whether unless until till hopefully maybe perhaps possibly wish wishes hope hopes hoping hoped expect expects"
    " expecting todo consider considering thinking waiting waits wait awaiting pending want wants wanted need needs"
    " needed"
)
_WILLING = words_of(
    "going plan plans planned planning intend intends intended want wants wanted need needs needed have has ought"
    " promise promises promised promising agree agrees agreed offer offers offered about try tries trying tried used"
    " remember remind reminded supposed ask asks asked asking request requested tell told expect expected forgot forget"
    " forgotten failed fails refused refuses declined ready due yet hesitant keen happy willing invited get"
)
"""What only wishes for what follows its "to"."""
_KEPT = words_of("as like i we had 'd that what have")
"""Before "promised" these tell of a promise that was kept or broken, not of one that was given."""
_NO_VERB = words_of("me us him her them the my his our a")
_MONTH_BEFORE = words_of("in since until till by from of early late mid end next last this per")
_HABITS = words_of(
    "usually generally normally typically tends prefer prefers rarely seldom hates hate dislikes likes always every"
    " each only mondays tuesdays wednesdays thursdays fridays mornings afternoons evenings"
)
"""What happens as a rule is no entry; what is told in the past is one all the same."""
_AHEAD = words_of(
    "tomorrow upcoming scheduled booked due planned arranged next is are missing outstanding pending stage"
)
"""Beside a phrase without a verb these say that nothing has happened yet."""
_TO_COME = words_of("week month quarter year monday tuesday wednesday thursday friday")
"""With "next" before them these say that what is told in the present is still to come."""
_TO_DO = words_of(
    "ask tell send give share thank praise update inform call email mail apologise apologize say show explain forward"
    " write request invite remind answer reply prepare deliver congratulate compliment mention"
)
"""Without a subject these are what is still to be done: "thank her", "ask about the range"."""
_THINGS = words_of("@remarks @slate @scorecard @num @update @deliverable @role @hire @terms @meeting @market @offer")
"""What a phrase may begin with that is no deed: "feedback form is in the system" tells how things are."""
_NAMES = ("thanks", "cheers", "props", "kudos", "names", "references", "notes", "pointers", "comments", "scores")


class Scopes:
    """For each token of a sentence the negator over it, and what makes it only a plan; -1 is none."""

    def __init__(self, text: Sentence) -> None:
        self.denied = _denied(text)
        self.planned = _planned(text)


def happened(tokens: tuple[int, ...], mine: bool, bare: bool, text: Sentence, scopes: Scopes) -> bool:
    """Whether what the phrase at `tokens` tells of was done. A word of its own, as in "did not like", undoes nothing.

    `mine` is a phrase about what I did, `bare` one without a verb.
    """
    first = tokens[0]
    begin, end = text.clause(first)
    words = text.words[begin:end]
    if _is_planned(tokens, text, scopes) or _is_denied(tokens, words, text, scopes):
        return False
    if bare and not _stands_alone(tokens, begin, end, text):
        return False
    if (
        mine
        and text.words[first] in _TO_DO
        and not any(one in SUBJECTS or one == "to" for one in words[: first - begin])
    ):
        return False
    if any(is_past(text.words[token]) for token in tokens):
        return not any(len(word) == 4 and word[:2] in ("19", "20") and word.isdigit() for word in words)
    between = {text.words[at] for at in range(first, tokens[-1]) if at not in tokens}
    state = not between.isdisjoint(("is", "are")) and not _THINGS.isdisjoint(text.forms[first])
    ahead = any(pair[0] == "next" and pair[1] in _TO_COME for pair in pairwise(words)) or "tomorrow" in words
    habit = ahead or any(word in _HABITS and begin + at not in tokens for at, word in enumerate(words))
    return not habit and not state and not _is_rule(tokens, mine, text)


def _is_planned(tokens: tuple[int, ...], text: Sentence, scopes: Scopes) -> bool:
    first = tokens[0]
    # "she may decline": the subject is no plan, but what it is said to do
    if len(tokens) > 1 and (text.words[first] in SUBJECTS or "@hire" in text.forms[first]):
        return 0 <= scopes.planned[tokens[1]] not in tokens
    return 0 <= scopes.planned[first] not in tokens


def _is_denied(tokens: tuple[int, ...], words: list[str], text: Sentence, scopes: Scopes) -> bool:
    for before, token in zip((tokens[0], *tokens), tokens, strict=False):
        if scopes.denied[token] >= 0 and scopes.denied[token] not in tokens:
            return True
        if scopes.denied[token] < 0 and token != before and text.words[before] in ("not", "never", "without"):
            return True  # "did not call, told me": the one is denied, not the other
    return "yet" in words and any(text.words[token] in NEGATORS for token in tokens)


def _stands_alone(tokens: tuple[int, ...], begin: int, end: int, text: Sentence) -> bool:
    """Whether a phrase without a verb says by itself that it took place: not "after the call", nor "call at 9:30"."""
    words = text.words[begin:end]
    return (
        _AHEAD.isdisjoint(words)
        and PREPOSITIONS.isdisjoint(text.words[max(begin, tokens[0] - 2) : tokens[0]])
        and ends_there(tokens[-1], end, text)
        and not any(one == "at" and other[0].isdigit() for one, other in pairwise(words))
    )


def _is_rule(tokens: tuple[int, ...], mine: bool, text: Sentence) -> bool:
    """Whether a verb of the present tells what somebody is like: "talks fast", "approves offers herself"."""
    word = text.words[tokens[0]]
    if mine or not word.endswith("s") or len(word) < 4 or word in _NAMES:
        return False
    following = text.words[tokens[0] + 1] if tokens[0] + 1 < len(text.words) else ""
    alone = len(tokens) == 1 and following not in ("if", "whether", "that", "why", "how", "what", "about", "i", "we")
    return alone or (following.endswith("s") and len(following) > 4 and not following.endswith("ss"))


def _denied(text: Sentence) -> list[int]:
    """The negator over each token: "not" reaches to the end of its clause, "no" and "without" over their noun."""
    words = text.words
    denied = [-1] * len(words)
    for at, word in enumerate(words):
        if word not in NEGATORS or words[at + 1 : at + 2] in (["only"], ["just"], ["bad"]):
            continue
        end = text.clause(at)[1]
        if word == "no":
            end = min(end, at + 4)
            end = next((later for later in range(at + 1, end) if words[later] in PREPOSITIONS), end)
        elif word == "without":
            end = min(end, at + 5)
        denied[at + 1 : end] = [at] * (end - at - 1)
    return denied


def _planned(text: Sentence) -> list[int]:
    """What makes each token only a plan, a wish or a request; it holds on in "will send it and thank her"."""
    words = text.words
    planned = [-1] * len(words)
    for at, word in enumerate(words):
        start = _plan_begins(words, at, word)
        if start is None:
            continue
        end = text.clause(at)[1]
        for first, last, link in text.clauses[text.clause_of[at] + 1 :]:
            if word in ("if", "unless") and link == ",":  # "if he signs, we are done"
                end = last
                break
            if link != "and" or not SUBJECTS.keys().isdisjoint(words[first:last]):
                break
            end = last
        planned[start:end] = [at] * (end - start)
    return planned


def _plan_begins(words: list[str], at: int, word: str) -> int | None:
    """The first token that is not real because of the word at `at`; None if there is none."""
    following = words[at + 1] if at + 1 < len(words) else ""
    if word in _MODALS or word == "'d":
        return at + 1 if _is_modal(words, at, word, following) else None
    if word in ("promised", "promises") and words[max(0, at - 1)] not in _KEPT:
        return at + 1
    if word in _WILLING and "to" in words[at + 1 : at + 5]:
        begin = words.index("to", at + 1) + 1
        adjacent = word not in ("about", "used", "get") or begin == at + 2
        if adjacent and words[begin : begin + 1] and words[begin] not in _NO_VERB:
            return begin
    done = word in ("wanted", "needed") and is_past(following)  # "the one we wanted declined"
    return at + 1 if word in _HOPES and not done else None


def _is_modal(words: list[str], at: int, word: str, following: str) -> bool:
    """Whether a word such as "may" makes a plan of what follows: it may also be a month, a name, or a past."""
    if word == "'d":  # "I'd told her" is "had", "he'd help" is "would"
        return not is_past(following) and following not in ("been", "better")
    if is_past(following) or not following:  # a name: "Will told me"
        return False
    if following == "not" and word in ("can", "could", "would"):
        return False
    return word != "may" or at == 0 or (words[at - 1] not in _MONTH_BEFORE and not words[at - 1][0].isdigit())
