"""Learn the weights of words for the reading of kinds from tests/domain/phrases/learnt.txt, into readings.toml.

A naive Bayes classifier over words, their classes and pairs with a person: for each kind the logarithm of how much
likelier a word is in it than anywhere. Rounded to a tenth, so that a phrase more changes few lines.
"""

import math
from collections import Counter, defaultdict
from pathlib import Path

from trustlog.domain.entries_reading import rules, traits
from trustlog.domain.entries_sentence import sentence
from trustlog.playbook.files import HERE, shipped

PHRASES = Path(__file__).parents[1] / "tests" / "domain" / "phrases" / "learnt.txt"
TARGET = HERE / "readings.toml"
HEAD = """[learnt]
# Made by scripts/readings.py from labelled phrases; not to be edited by hand.
"""
SMOOTHED, LEAST = 6, 2
"""As if every kind had been met so many times more, with words in their usual shares; how often a word is met."""


def learnt(phrases: list[tuple[str, str]]) -> str:
    """The table [learnt] for pairs of a kind and words."""
    plain = rules(shipped("readings.toml") | {"learnt": {"kinds": "", "words": "\n"}})
    met: Counter[str] = Counter(kind for kind, _ in phrases)
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, words in phrases:
        by_kind[kind].update(traits(sentence(words, plain)))
    often: Counter[str] = sum(by_kind.values(), Counter())
    kinds, total = sorted(met), len(phrases)
    never = {kind: math.log(SMOOTHED / (met[kind] + SMOOTHED)) for kind in kinds}
    lines = []
    for trait in sorted(trait for trait in often if often[trait] >= LEAST):
        share = often[trait] / total
        worth = [
            (place, math.log((by_kind[kind][trait] / share + SMOOTHED) / (met[kind] + SMOOTHED)) - never[kind])
            for place, kind in enumerate(kinds)
            if by_kind[kind][trait]
        ]
        lines.append(" ".join([trait, *(f"{place}:{points:.1f}" for place, points in worth)]))
    shares = [f"{kind} {math.log(met[kind] / total) / 2:.2f} {never[kind]:.2f}" for kind in kinds]
    parts = [HEAD, "kinds = '''\n", *(f"{one}\n" for one in shares), "'''\nwords = '''\n\n"]
    return "".join([*parts, *(f"{one}\n" for one in lines), "'''\n"])


def labelled() -> list[tuple[str, str]]:
    """The phrases to learn from."""
    lines = [line.split("|", 2) for line in PHRASES.read_text("utf-8").splitlines() if line[:1] != "#"]
    return [(kind, words) for kind, _, words in lines]


def made() -> str:
    """The file as it should be."""
    return TARGET.read_text("utf-8").partition("[learnt]\n")[0] + learnt(labelled())


if __name__ == "__main__":
    TARGET.write_text(made(), "utf-8")
