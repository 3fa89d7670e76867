"""What kinds of entry free words may tell of."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from trustlog.domain.entries import KINDS
from trustlog.domain.entries_doer import doer
from trustlog.domain.entries_happened import Scopes, happened
from trustlog.domain.entries_sentence import PREPOSITIONS, Learnt, Rules, Sentence, is_past, sentence, words_of

ROLES = ("i", "they", "me", "any")
"""Who a phrase is about: what I did, what they did, what was done to me, whoever did it."""
OFFERED = 3
"""How many kinds are offered at most."""

_GAP = 5
"""How many other words may stand between two of a phrase."""
_FAR = 14
"""And where the phrase has `..`."""
_REFUSED = "-"
_LEAST = 4
"""How much of the words what was learnt must explain at least, as a logarithm."""
_SURE = 8
"""How much likelier than a note it must be by that alone."""
_TELLING = words_of("i we she he they me us him her them my our his their not no by to from for")
_SIGNS = ("..", "<>")
_SMALL = PREPOSITIONS | words_of("the a an that this it is was were be been are am had have has did 'd as like")
_PRONOUNS = words_of("i we he she they me us him her them my his our their mine")
_THIRD = words_of("needs asks wants has says tells thinks gives sends admits forgets")
"""Verbs whose ending says that it was not me."""
_FEARS = words_of("@doubt @worry fears feared thinks believes")
_SAYS_WHOSE = words_of("i i'm im i've ive my myself we our to them her him sent wrote excused offered told")
"""Words that say whose an apology was: mine, or said to them."""

Phrase = tuple[str, str, str]
"""Who a phrase is about, the kind it tells of, and its words in order."""
Hit = tuple[float, tuple[int, ...], str, int]
"""A phrase found: how well it explains the text, the tokens it took, the kind it tells of, and its clause.

A kind that begins with _REFUSED is denied, planned, or was done by another.
"""


def rules(tables: Mapping[str, Mapping[str, str]]) -> Rules:
    """The rules that the tables of readings.toml hold: `words`, `classes`, and one for each of ROLES, lines in each.

    They are taken as they are; `playbook/readings.py` says what is wrong with a user's own.
    """
    classes = dict.fromkeys(tables["words"]["slips"].split(), "")
    for name, words in tables["classes"].items():
        for word in words.split():
            classes[word] = classes.get(word, "") + f" @{name}"
    phrases = [(role, kind, lines.splitlines()) for role in ROLES for kind, lines in tables[role].items()]
    spellings = dict(line.split(" ", 1) for line in tables["words"]["spelling"].splitlines())
    learnt = tables["learnt"]
    shares = (line.split() for line in learnt["kinds"].splitlines())
    kinds = tuple((kind, float(share), float(never)) for kind, share, never in shares)
    told = Learnt(kinds, learnt["words"])
    return Rules(phrases, classes, spellings, words_of(tables["words"]["ordinary"]), told, {}, {}, {})


def read_kind(words: str, rules: Rules) -> tuple[str, ...]:
    """The kinds that free words may tell of: the likeliest first, three at most, none for a plain note.

    Where they read as kinds of different sign, one of each is among them.
    """
    if len(rules.worth) > _MOST:
        rules.seen.clear()
        rules.worth.clear()
    text = sentence(words, rules)
    where: dict[str, list[int]] = {}
    for at, forms in enumerate(text.forms):
        for form in forms:
            where.setdefault(form, []).append(at)
    scopes = Scopes(text)
    hits = [hit for phrase in _begun(where, rules) for hit in _hits(phrase, text, scopes, where)]
    ranked = _ranked(text, rules)
    found = _offered([hit for hit in hits if hit[2][0] != _REFUSED])
    if any(quoted and "@bad" in forms for quoted, forms in zip(text.quoted, text.forms, strict=True)):
        # an insult that is quoted was heard, whatever else the words look like
        return tuple(dict.fromkeys([*(kind for kind in found if KINDS[kind].sign == "-"), "harsh-exchange"]))[:OFFERED]
    if found[:1] == ("apology-made",):
        said = {text.words[at] for hit in hits if hit[2] == found[0] for at in range(*text.clause(hit[1][0]))}
        if not _SAYS_WHOSE & said:
            return ()  # "said sorry for last week" may be theirs as well, and an apology of theirs is a plain note
    refused = {hit[2].removeprefix(_REFUSED) for hit in hits if hit[2][0] == _REFUSED}
    if found:
        return _filled_up(found, [guess for guess in ranked if guess[1] not in refused])
    if any(hit[2] == "note" for hit in hits):
        return ()  # what a phrase knows to tell of nothing is not guessed at
    return () if ranked and ranked[0][1] in refused else _guessed(ranked, text, scopes)


_MANY, _MOST = 500, 20_000
"""After so many different words all phrases are put in order by the words that they begin with; so many are kept."""


def _begun(where: Mapping[str, list[int]], rules: Rules) -> list[Phrase]:
    """The phrases that may begin somewhere in a text that has these forms."""
    if len(rules.seen) > _MANY and not rules.bulk:
        _in_order(rules)
    if rules.bulk:
        forms = frozenset(where)
        found = {one[0]: one for form in where for one in rules.bulk.get(form, ())}
        return [
            phrase for _, (_, phrase, steps) in sorted(found.items())
            if not any(map(forms.isdisjoint, steps))
        ]  # fmt: skip
    return [
        (role, kind, line)
        for role, kind, lines in rules.phrases
        for line in lines
        if (first := line.partition(" ")[0]) in where or (("|" in first or "_" in first) and _may_stand(first, where))
    ]


def _in_order(rules: Rules) -> None:
    """Every phrase under each form that it may begin with, with the forms that each of its other steps begins with."""
    every = ((role, kind, line) for role, kind, lines in rules.phrases for line in lines)
    for number, phrase in enumerate(every):
        steps = [step for step in phrase[2].removesuffix(" ~").split(" ") if step not in _SIGNS]
        ways = [frozenset(way.partition("_")[0] for way in step.split("|")) for step in steps]
        for form in ways[0]:
            rules.bulk.setdefault(form, []).append((number, phrase, ways[1:]))


def traits(text: Sentence) -> set[str]:
    """What is learnt from: words, the classes they are of, and pairs with a word for a person or a "not"."""
    pairs = {f"{one}_{other}" for one, other in pairwise(text.words) if one in _TELLING or other in _TELLING}
    classes = {form for forms in text.forms for form in forms if form[0] == "@" and form != "@num"}
    return {*text.words, *classes, *pairs}


def _ranked(text: Sentence, rules: Rules) -> list[tuple[float, str]]:
    """Every kind with how well it goes with the words by what was learnt, the best first."""
    learnt = rules.learnt
    scores = [share for _, share, _ in learnt.kinds]
    count = 0
    for trait in sorted(traits(text)):
        if trait not in rules.worth:
            begin = learnt.words.find(f"\n{trait} ") + 1
            told = learnt.words[begin : learnt.words.index("\n", begin)].split()[1:] if begin else ()
            rules.worth[trait] = [(int(place), float(points)) for place, points in (one.split(":") for one in told)]
        count += bool(rules.worth[trait])
        for place, points in rules.worth[trait]:
            scores[place] += points
    ranked = [(score + count * never, kind) for score, (kind, _, never) in zip(scores, learnt.kinds, strict=True)]
    return sorted(ranked, reverse=True)


def _filled_up(found: tuple[str, ...], guesses: list[tuple[float, str]]) -> tuple[str, ...]:
    """What phrases found, with what was learnt beside it; a kind of another sign only where the phrases found one."""
    first, signs = found[0], {KINDS[kind].sign for kind in found}
    # a harsh kind is offered for what it says, and by no guess beside a loss or a slip of mine
    blames = (KINDS[first].who, KINDS[first].sign) == ("theirs", "-")
    fitting = [
        kind for _, kind in guesses
        if kind != "note" and not {"+", "-"} <= {KINDS[kind].sign, *signs}
        and (blames or (KINDS[kind].who, KINDS[kind].sign) != ("theirs", "-"))
    ]  # fmt: skip
    if {"+", "-"} <= signs:
        return found
    return tuple(dict.fromkeys([first, *fitting[:1], *found[1:], *fitting[1:]]))[:OFFERED]


def _guessed(guesses: list[tuple[float, str]], text: Sentence, scopes: Scopes) -> tuple[str, ...]:
    """Kinds by what was learnt alone: only of what was done, and where a note is far less likely."""
    score = {kind: score for score, kind in guesses}
    if max(*scopes.denied, *scopes.planned, -1, -1) >= 0 or not any(map(is_past, text.words)) or not guesses:
        return ()
    if guesses[0][1] == "note" or guesses[0][0] < max(_LEAST, score["note"] + _SURE):
        return ()
    return _filled_up((guesses[0][1],), guesses)


def _offered(found: Iterable[Hit]) -> tuple[str, ...]:
    notes = [(clause, tokens[0]) for _, tokens, kind, clause in found if kind == "note"]
    silent = dict(sorted(notes, reverse=True))  # the first word of each clause that is silent
    kept: dict[str, tuple[int, ...]] = {}
    scores: dict[str, float] = {}
    for score, tokens, kind, clause in sorted(found, key=lambda hit: (-hit[0], *hit[1:])):
        if kind in kept or kind == "note" or tokens[-1] >= silent.get(clause, tokens[-1] + 1):
            continue
        if not any(_explained(kind, tokens, better, kept[better]) for better in kept):
            kept[kind], scores[kind] = tokens, score
    kinds = [kind for kind, score in scores.items() if score >= next(iter(scores.values())) / 3]
    offered = kinds[:OFFERED]
    if len({KINDS[kind].sign for kind in offered}) == 1:
        other = [kind for kind in kinds[OFFERED:] if KINDS[kind].sign != KINDS[kinds[0]].sign]
        offered[OFFERED - 1 :] = other[:1] or offered[OFFERED - 1 :]
    # where something hard was said, it comes before the meeting it was said in, and before what it answered
    hard = "-" in {KINDS[kind].sign for kind in kinds} and "apology-made" not in kinds
    return tuple(sorted(offered, key=lambda kind: hard and (kind != "harsh-exchange") + (kind == "meeting-held")))


def _explained(kind: str, tokens: tuple[int, ...], better: str, longer: tuple[int, ...]) -> bool:
    """Whether a phrase says something contrary only because it is a part of a longer one."""
    one, other = KINDS[kind], KINDS[better]
    contrary = one.sign != other.sign or {one.who, other.who} == {"mine", "theirs"}
    return contrary and set(tokens) < set(longer)


def _hits(phrase: Phrase, text: Sentence, scopes: Scopes, where: Mapping[str, list[int]]) -> list[Hit]:
    """Where a phrase stands in a text, and has happened, and was done by whom it is about."""
    role, kind, line = phrase
    weak = line.endswith(" ~")
    steps = line.removesuffix(" ~").split(" ")
    if not all(step in where or _may_stand(step, where) for step in steps[1:]):
        return []
    orders = [steps]
    if "<>" in line:
        one, _, other, *rest = steps
        orders = [[one, other, *rest], [other, one, *rest]]
    found = []
    for order in orders:
        for at in sorted({at for one in order[0].split("|") for at in where.get(one.partition("_")[0], ())}):
            tokens = _match(order, at, text)
            if tokens is None:
                continue
            told = "@me" in line or "@my" in line or (role == "they" and ("@them" in line or line[:3] == "my|"))
            who = doer(tokens, told, text)
            others = who in _OTHERS[role] or (role == "i" and _is_said_of_me(tokens[0], text))
            if others or not happened(tokens, role == "i", weak, text, scopes):
                found.append((0.0, tokens, f"{_REFUSED}{kind}", text.clause_of[tokens[0]]))
                continue
            if kind == "note" and role not in ("any", who or "me"):
                continue
            score = _weight(tokens, text) + (0.5 if who == role else 0) - (0.3 if weak else 0)
            found.append((score, tokens, kind, text.clause_of[tokens[0]]))
    return found


def _is_said_of_me(first: int, text: Sentence) -> bool:
    """Whether it is what they think or say of me: "needs more time", "fears that we cannot deliver"."""
    begin, _ = text.clause(first)
    feared = [at for at in range(begin, first) if not _FEARS.isdisjoint(text.forms[at])]
    return text.words[first] in _THIRD or any("i" not in text.words[begin:at] for at in feared)


def _may_stand(step: str, where: Mapping[str, list[int]]) -> bool:
    """Whether a text holds a word that a step of a phrase may begin with."""
    ways = step.split("|")
    return (
        not where.keys().isdisjoint(ways)
        or step in _SIGNS
        or ("_" in step and any(way.partition("_")[0] in where for way in ways if "_" in way))
    )


_OTHERS = {"i": ("they", "third"), "they": ("i", "third"), "me": ("they", "third"), "any": ()}
"""Who cannot have done what a phrase of each role tells of."""


def _match(steps: list[str], at: int, text: Sentence) -> tuple[int, ...] | None:
    """The tokens of a phrase that begins at `at`; None if it does not stand there."""
    tokens: list[int] = []
    position, gap = at, 0
    for step in steps:
        if step == "..":
            gap = _FAR
            continue
        for start in range(position, min(len(text.words), position + gap + 1)):
            size = _stands(step, start, text)
            if size and text.parts[start + size - 1] == text.parts[at]:
                break
        else:
            return None
        tokens += range(start, start + size)
        position, gap = start + size, _GAP
    return tuple(tokens)


def _stands(step: str, start: int, text: Sentence) -> int:
    """How many tokens from `start` on are what one step of a phrase asks for; 0 if they are not."""
    forms = text.forms[start]
    size = 0
    for one in step.split("|"):
        if one in forms:
            size = size or 1
        elif "_" in one:
            chain = one.split("_")
            if chain[0] in forms and start + len(chain) <= len(text.words):
                stands = all(part in text.forms[start + ahead] for ahead, part in enumerate(chain))
                size = max(size, len(chain) if stands else 0)
    return size


def _weight(tokens: tuple[int, ...], text: Sentence) -> float:
    """How much of the text a phrase explains: content words most, and less the further they stand apart."""
    weight = 0.0
    for token in tokens:
        word = text.words[token]
        person_or_number = word in _PRONOUNS or "@num" in text.forms[token]
        weight += 0.3 if word in _SMALL else 0.6 if person_or_number else 1
    for one, other in pairwise(tokens):
        far = other - one > _GAP + 1
        between = text.words[one + 1 : other]
        weight -= sum(0.05 if far else 0.4 if word in PREPOSITIONS else 0.1 for word in between)
        weight -= 0.3 if text.clause_of[one] != text.clause_of[other] else 0
    return weight
