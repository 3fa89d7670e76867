"""The small steps and their situations as the domain's values; what is wrong is said in a sentence."""

from trustlog.domain.coaching import PLACES, RESTS, Coaching, Condition
from trustlog.domain.coaching_history import CATEGORIES, ONCE, PROMISE, RUNGS, TO, Step
from trustlog.domain.coaching_signals import EVENTS
from trustlog.domain.coaching_states import CONDITIONS, STATES, Situation
from trustlog.domain.entries import KINDS
from trustlog.domain.kickoffs import STAGES
from trustlog.domain.promises import ENTRY_OF
from trustlog.domain.text import unknown_place
from trustlog.playbook.claims import claimless
from trustlog.playbook.files import PlaybookError, Words, blocks, fitting, is_texts, joined_blocks, known, once, texts

_HAPPENED = ("day", "happened")
TOLD: dict[str, tuple[str, ...]] = {
    "promise_missed": ("missed",), "harsh_words": _HAPPENED, "promise_at_risk": ("what", "due", "issue"),
    "scorecard_late": ("what", "day", "date", "due", "window"), "no_reply": ("what", "date", "silence"),
    "no_reply_for_long": ("silence", "n"), "agreement_unconfirmed": ("day", "role"), "need_changed": ("day",),
    "offer_lost": _HAPPENED, "interview_failed": ("day",), "requirements_raised": ("day",),
    "doubt_shown": _HAPPENED, "help_unthanked": _HAPPENED, "good_news": _HAPPENED,
    "scorecard_fast": ("day", "fast"), "conversation_soon": ("day", "time", "about"),
    "feedback_untold": ("day", "feedback"), "role_closed": ("day", "role"), "leaving": ("day",), "line_crossed": (),
    "newly_met": ("since",), "role_unsettled": ("day", "role"), "gone_quiet": ("days", "quiet"),
    "hard_to_fill": ("role", "why_hard"), "thanks_due": ("deed",), "worth_celebrating": ("cheer",),
    "steady_partnership": (),
    "ability_least_known": ("much",), "benevolence_least_known": ("much",), "integrity_least_known": ("much",),
}  # fmt: skip
"""What each signal always finds: the places that the reason of its situation may use."""

SETTLED = frozenset(kind for (side, _), (kind, _) in ENTRY_OF.items() if side == "me")
"""The kinds that come from settling a promise of mine, and from nothing else."""


def joined(shipped: Words, own: Words) -> Words:
    """The user's blocks over ours: one with an id of ours replaces it key by key, others join."""
    merged = shipped | own
    for key, value in shipped.items():
        if isinstance(value, dict) and isinstance(own.get(key, {}), dict):
            merged[key] = value | own.get(key, {})
        elif isinstance(value, list):
            merged[key] = joined_blocks(value, own, key, by_key=True)
    for block in blocks(own, "step"):  # a test reads ours, which need not be read so at every start
        if isinstance(template := block.get("template"), str):
            claimless(template, f"{block.get('id')}: the template", str(block.get("id")))
    return merged


def situations(words: Words) -> tuple[Situation, ...]:
    """Raises PlaybookError."""
    known(words, ("situation",), "situations.toml")
    found = []
    for block in blocks(words, "situation"):
        name = str(block.get("id", ""))
        known(block, ("id", "signal", "because"), name or "situation")
        if not all(isinstance(block.get(key), str) and block[key] for key in ("id", "signal", "because")):
            raise PlaybookError(f"{name or 'a situation'} needs id, signal and because", name)
        if block["signal"] not in EVENTS and block["signal"] not in STATES:
            raise PlaybookError(f"{name}: there is no signal {block['signal']!r}", block["signal"])
        fitting(block["because"], TOLD[block["signal"]], f"{name}: because")
        found.append(Situation(name, block["signal"], block["because"]))
    return tuple(found)


def coaching(words: Words, situations: tuple[Situation, ...]) -> Coaching:
    """The steps with their conditions, blanks and notes. Raises PlaybookError."""
    known(words, ("step", "condition", "blanks", "notes", "stages"), "steps.toml")
    conditions = {one.id: one for one in map(_condition, blocks(words, "condition"))}
    blanks = texts(words.get("blanks", {}), "blanks")
    ids = {situation.id for situation in situations}
    made = tuple(_step(block, ids, conditions, blanks) for block in blocks(words, "step"))
    once([step.id for step in made], "id")
    starters, notes = _notes(words["notes"])
    stages = texts(words["stages"], "stages")
    known(stages, STAGES, "stages")
    return Coaching(situations, made, conditions, blanks, starters, notes, stages)


def _notes(words: Words) -> tuple[tuple[str, ...], dict[str, str]]:
    starters = words.get("starters")
    if not starters or not is_texts(starters):
        raise PlaybookError("starters must be a list of texts", "starters")
    return tuple(starters), texts({key: value for key, value in words.items() if key != "starters"}, "notes")


def _condition(block: Words) -> Condition:
    name = str(block.get("id", ""))
    known(block, ("id", "test", "ask"), name or "condition")
    test, ask = block.get("test", ""), block.get("ask", "")
    if not name or not isinstance(test, str) or not isinstance(ask, str) or bool(test) == bool(ask):
        raise PlaybookError(f"{name or 'a condition'} needs an id, and either a test or a question", name)
    if test and test not in CONDITIONS:
        raise PlaybookError(f"{name}: there is no test {test!r}", test)
    return Condition(name, test, ask)


def _step(block: Words, situations: set[str], conditions: dict[str, Condition], blanks: dict[str, str]) -> Step:
    name = block.get("id")
    if not isinstance(name, str) or not name:
        raise PlaybookError("a [[step]] has no id", "[[step]]")
    known(block, Step._fields, name)
    for key, options in (("when", situations), ("not_when", set(conditions))):
        listed = block.get(key, [])
        if not isinstance(listed, list) or not set(listed) <= options:
            odd = next((one for one in listed if one not in options), listed) if isinstance(listed, list) else listed
            raise PlaybookError(f"{name}: {key} names {odd!r}, which is none of {', '.join(sorted(options))}", str(odd))
    problem = _problem(block, blanks)
    if problem:
        raise PlaybookError(f"{name}: {problem}", name)
    return Step(
        name, block["category"], tuple(block.get("when", ())),
        tuple(conditions[one].test or one for one in block.get("not_when", ())), block["kind"],
        block["mine_min"], block["their_min"], block["advice"], block["template"], block.get("once"),
        block.get("rest", RESTS.days), block.get("within"), block.get("to", "them"), block.get("rung"),
    )  # fmt: skip


def _problem(block: Words, blanks: dict[str, str]) -> str | None:
    """What does not fit in a step."""
    if block.get("category") not in CATEGORIES:
        return f"category must be one of {', '.join(CATEGORIES)}"
    if problem := _numbers(block) or _options(block):
        return problem
    if not all(isinstance(block.get(key), str) and block[key].strip() for key in ("advice", "template")):
        return "advice and template must be texts"
    odd = unknown_place(block["template"], PLACES.union(blanks))
    return None if odd is None else f"the place {{{odd}}} is not known; name it under [blanks]"


def _numbers(block: Words) -> str | None:
    """What does not fit in the minutes and days of a step."""
    for keys, needed, most, said in (
        (("mine_min", "their_min"), True, 120, "mine_min and their_min are minutes from 0 to 120"),
        (("rest", "within"), False, 366, "rest and within are numbers of days from 0 to 366"),
    ):
        numbers = [block.get(key) for key in keys if needed or key in block]
        if not all(
            isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= most for number in numbers
        ):
            return said
    return None


def _options(block: Words) -> str | None:
    """What is none of our words, in what a step may leave out, and in its kind."""
    for key, options in (("once", ONCE), ("to", TO), ("rung", RUNGS)):
        if key in block and block[key] not in options:
            return f"{key} must be one of {', '.join(options)}"
    kind = block.get("kind")
    if kind in SETTLED:
        return f"{kind} is written by settling a promise alone; a step that announces one has kind {PROMISE!r}"
    return None if kind in (*KINDS, PROMISE) else f"there is no kind {kind!r}"
