"""Free words made ready for reading: tokens, what each of them is, clauses, and slips of the pen."""

from collections.abc import Iterable
from typing import Any, NamedTuple


def words_of(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


WORD_LIMIT = 80
"""How many words of a text are read; what it is about stands at its beginning."""
_LONGEST_WORD = 40


SUBJECTS = {"i": "i", "we": "i", "he": "they", "she": "they", "they": "they"}
TO_BE = words_of("is are was were be been being am got gets getting get")
PREPOSITIONS = words_of(
    "to for from with at on in of by about into after before over through per via regarding re around without"
)
NEGATORS = words_of("not never nothing nobody none neither nor hardly unable stopped no without")
_PAST = words_of(
    "told gave sent said let asked got made took did went came had wrote rang called spoke met ran put brought left"
    " found thought felt kept held read led built sold lost won chose knew saw heard was were tore hung lied"
)
_PARTICIPLES = words_of("taken given shown written spoken")
_CONJUNCTIONS = frozenset(("and", "but", "then", "plus"))
_SUBORDINATE = words_of("because while although though when whenever who which where so since")
_SPELLED_OUT = {
    "dont": "do not", "didnt": "did not", "doesnt": "does not", "wont": "will not", "cant": "can not",
    "cannot": "can not", "couldnt": "could not", "wasnt": "was not", "isnt": "is not", "havent": "have not",
    "hasnt": "has not", "hadnt": "had not", "wouldnt": "would not", "shouldnt": "should not", "arent": "are not",
    "werent": "were not", "im": "i am", "ive": "i have", "theyre": "they are", "theyve": "they have",
    "hes": "he is", "shes": "she is", "gonna": "going to", "wanna": "want to", "can't": "can not",
    "won't": "will not", "ain't": "is not", "let's": "let's", "w/o": "without", "w/": "with", "w": "with",
    "b/c": "because", "bc": "because", "&": "and", "@": "at", "+": "and", "-": ",", "'d": "'d",
}  # fmt: skip
_ENDINGS = {"n't": " not", "'ll": " will", "'ve": " have", "'re": " are", "'m": " am", "'d": " 'd"}
_IS = words_of("he she it that there who what here how where")
_MARKS = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "–": "-", "—": "-"})
_QUOTES = '"“”„«»'
_SIGNS = frozenset((".", ",", '"'))
_STOPS = {**dict.fromkeys(".;!?", "."), **dict.fromkeys(",:()", ","), **dict.fromkeys(_QUOTES, '"')}
_AUXILIARIES = words_of(
    "will would shall should must might may can could hope hopes hoping hoped expect expects expecting whether unless"
    " until maybe perhaps possibly waiting awaiting pending wants wanted needs needed going plans planned planning"
    " intend intends promised promises agreed offered trying remember reminded supposed expected forget usually always"
    " every never tomorrow"
)
GRAMMAR = frozenset().union(SUBJECTS, TO_BE, PREPOSITIONS, NEGATORS, _PAST, _CONJUNCTIONS, _SUBORDINATE, _AUXILIARIES)
"""Words that are known without any phrase."""
_GRAMMAR_IN_ORDER = tuple(sorted(GRAMMAR))


Clause = tuple[int, int, str]
"""A part with a subject of its own: its first token, the one after its last, and what joins it to the one before."""


class Learnt(NamedTuple):
    """What labelled phrases have taught: each kind with its share and what a word that it never had is worth, and lines
    of words, each with what it is worth for kinds by their places, in logarithms.
    """

    kinds: tuple[tuple[str, float, float], ...] = ()
    words: str = ""


class Rules(NamedTuple):
    """The readings. `phrases` are (who, kind, lines), as they stand in readings.toml.

    `classes` has the classes of each known word and stem (`thank*`), separated by blanks; `spellings` how a short form
    is written out; `ordinary` words look like a known one by chance. Filled while texts are read: `seen` has words with
    what they are, `worth` what was learnt of them, and `bulk` phrases by the words that they begin with.
    """

    phrases: list[tuple[str, str, list[str]]]
    classes: dict[str, str]
    spellings: dict[str, str]
    ordinary: frozenset[str]
    learnt: Learnt
    seen: dict[str, tuple[str, frozenset[str]]]
    worth: dict[str, list[tuple[int, float]]]
    bulk: dict[str, list[Any]]


class Sentence:
    """Tokens side by side with what is known of each. No NamedTuple: that costs 0.3 ms at every entry that is read.

    `forms` are the words, stems and classes that a token is; `parts` count what full stops and quotation marks set
    apart.
    """

    __slots__ = ("clause_of", "clauses", "forms", "parts", "quoted", "words")

    def __init__(self, words: list[str], forms: list[frozenset[str]], parts: list[int], quoted: list[bool]) -> None:
        self.words, self.forms, self.parts, self.quoted = words, forms, parts, quoted
        self.clauses: list[Clause] = []
        self.clause_of: list[int] = []

    def clause(self, token: int) -> tuple[int, int]:
        """The first token of the clause that a token stands in, and the one after its last."""
        start, end, _ = self.clauses[self.clause_of[token]]
        return start, end


def sentence(text: str, rules: Rules) -> Sentence:
    """The first WORD_LIMIT words of a text, taken apart."""
    words: list[str] = []
    parts: list[int] = []
    quoted: list[bool] = []
    starts: list[tuple[int, str]] = [(0, ".")]
    part, within = 0, False
    for piece in _tokens(text, rules.spellings):
        if piece in _SIGNS:
            starts.append((len(words), piece))
            part += piece != ","
            within = within != (piece == '"')
            continue
        if piece in _CONJUNCTIONS or piece in _SUBORDINATE:
            starts.append((len(words), "and" if piece in _CONJUNCTIONS else "sub"))
        words.append(piece)
        parts.append(part)
        quoted.append(within)
    known = [_known(word, rules) for word in words]
    read = Sentence([word for word, _ in known], [forms for _, forms in known], parts, quoted)
    read.clauses = _clauses(starts, len(words))
    read.clause_of = [number for number, (start, end, _) in enumerate(read.clauses) for _ in range(start, end)]
    return read


def is_past(word: str) -> bool:
    """Whether a word is a verb in the past, or its participle."""
    return word in _PAST or word in _PARTICIPLES or (word.endswith("ed") and not word.endswith("eed"))


def _tokens(text: str, spellings: dict[str, str]) -> list[str]:
    """Words in small letters, and between them `.`, `,` and `"` where something is set apart."""
    tokens: list[str] = []
    for chunk in text.split(maxsplit=WORD_LIMIT)[:WORD_LIMIT]:
        core = chunk[:_LONGEST_WORD].casefold().translate(_MARKS)
        if core in _SPELLED_OUT:
            tokens += _SPELLED_OUT[core].split()
            continue
        while core and not core[0].isalnum():
            if core[0] in _QUOTES or core[0] == "'":
                tokens.append('"')
            elif core[0] == "(":
                tokens.append(",")
            core = core[1:]
        after = []
        while core and not core[-1].isalnum():
            mark = '"' if core[-1] == "'" and tokens.count('"') % 2 else _STOPS.get(core[-1])
            if mark:
                after.append(mark)
            core = core[:-1]
        tokens += _spelled_out(core, spellings)
        tokens += reversed(after)
    return tokens


def _spelled_out(core: str, spellings: dict[str, str]) -> list[str]:
    """The words that one chunk between blanks stands for: short forms written out, hyphens and slashes parted."""
    if core in spellings or core in _SPELLED_OUT:
        return (spellings.get(core) or _SPELLED_OUT[core]).split()
    if core.isalnum() or not core:
        return [core] if core else []
    for ending, full in _ENDINGS.items():
        if core.endswith(ending):
            return (core.removesuffix(ending) + full).split()
    if core.endswith("'s"):
        return [core[:-2], "'s"] if core[:-2] in _IS else _spelled_out(core[:-2], spellings)
    if core[0].isdigit():
        return [core]
    pieces = core.replace("/", "-").replace(",", "-").replace(".", "").replace("'", "").split("-")
    return [word for piece in pieces if piece for word in spellings.get(piece, piece).split()]


def _known(word: str, rules: Rules) -> tuple[str, frozenset[str]]:
    """A word and what it is; one that is known of nowhere is put right if it is a slip away from a word that is."""
    if word not in rules.seen:
        right, forms = "", _forms(word, rules)
        if word not in GRAMMAR and word not in rules.ordinary and rules.classes.keys().isdisjoint(forms):
            right = meant(word, (*rules.classes, *_GRAMMAR_IN_ORDER))
        rules.seen[word] = (right, _forms(right, rules)) if right else (word, forms)
    return rules.seen[word]


def _forms(word: str, rules: Rules) -> frozenset[str]:
    """What a token is: itself, its stems and its classes."""
    forms = [word, *stems_of(word)]
    found = [rules.classes[form] for form in forms if form in rules.classes]
    if word[0].isdigit():
        found.append("@num")
    return frozenset((*forms, *" ".join(found).split()))


def _clauses(starts: list[tuple[int, str]], end: int) -> list[Clause]:
    """Clauses that hold a word; of several marks in a row the strongest joins."""
    clauses: list[Clause] = []
    link = "."
    for (start, sign), (until, _) in zip(starts, [*starts[1:], (end, "")], strict=True):
        link = "." if "." in (link, sign) and not (clauses and clauses[-1][1] == start and sign != ".") else sign
        if until > start:
            clauses.append((start, until, link))
            link = ""
    return clauses


_SHORTEST = 5
"""Letters of the shortest word that is looked for: shorter ones have too many neighbours."""
_LONG = 8
"""Letters above which a word may hold two slips."""
ENDINGS = {""} | words_of(
    "s es e ed d ing y ies ied ying er ers ly ful al als ment ments ement ements ion ions tion tions ation ations"
    " ication ise ised ises ising ize ized izes izing ive able ance ence ability ity"
)
"""What may follow a stem in a word of it; with anything else it is another word: `add*` is not "address"."""
_LONGEST_ENDING = max(map(len, ENDINGS))
_KEYS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qaz",
    "wsx",
    "edc",
    "rfv",
    "tgb",
    "yhn",
    "ujm",
    "ik",
    "ol",
    "aeiou",
    "gj",
)
"""Letters that are taken for each other: they lie side by side on a keyboard, or sound alike."""


def stems_of(word: str) -> list[str]:
    """The stems of a word: what is left of it without an ending, also of "planned" and "getting"."""
    stems = []
    for cut in range(max(2, len(word) - _LONGEST_ENDING), len(word) + 1):
        ending = word[cut:]
        if ending in ENDINGS or (ending[1:] in ("ed", "ing", "er") and ending[0] == word[cut - 1]):
            stems.append(f"{word[:cut]}*")
    return stems


def meant(word: str, known: Iterable[str]) -> str:
    """The longest of the known words, or stems with a `*`, that `word` is one slip away from; empty if there is none.

    A slip is a letter left out or too many, two out of turn, or one for its neighbour; words of nine letters and more
    may hold two. The first letter must be right.
    """
    best = ""
    if len(word) < _SHORTEST or not word.isalpha():
        return best
    first, begin, size = word[0], word[1:3], len(word)
    # one slip leaves the second letter near its place
    near = [one for one in known if one[0] == first and (one[1:2] in begin or word[1] in one[1:3])]
    for slips in (1, 2):  # what one slip explains needs no second
        for element in near:
            stem = element.removesuffix("*")
            whole = element == stem
            if len(stem) < (_SHORTEST if slips == 1 else _LONG + 1) or not len(best) < len(element):
                continue
            if len(stem) < size + 2 and (not whole or size < len(stem) + 3):
                rest = _rest(word[1:], stem[1:], slips)
                if rest is not None and rest in (("", stem[-1]) if whole else ENDINGS):  # "usefull"
                    best = stem if whole else stem + rest
        if best:
            break
    return best


def _rest(word: str, known: str, slips: int) -> str | None:
    """What follows `known` in a word that begins like it but for a few slips; None if it does not begin so."""
    at = 0
    while at < len(known) and at < len(word) and word[at] == known[at]:
        at += 1
    if at == len(known):
        return word[at:]
    if not slips:
        return None
    word, known = word[at:], known[at:]
    ways = [(word[1:], known), (word, known[1:])]
    if word[:2] == known[1::-1]:
        ways.append((word[2:], known[2:]))
    elif word and _beside(word[0], known[0]):
        ways.append((word[1:], known[1:]))
    rests = [rest for one, other in ways if (rest := _rest(one, other, slips - 1)) is not None]
    return min(rests, key=len, default=None)


def _beside(one: str, other: str) -> bool:
    return any(one in row and other in row and abs(row.index(one) - row.index(other)) == 1 for row in _KEYS)
