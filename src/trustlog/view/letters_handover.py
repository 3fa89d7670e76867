"""`handover`: the letter for the colleague who takes over. No figures, nothing of the second drawer, no hard words."""

from collections.abc import Mapping
from typing import Any

from trustlog.domain.days import echo_day, last_day
from trustlog.domain.kickoffs import Agreement
from trustlog.domain.letters_brief import Handover
from trustlog.domain.scripts import brackets
from trustlog.domain.text import filled, one_line, visible
from trustlog.view.kickoffs import label, spoken
from trustlog.view.kickoffs_mail import PRIVATE

Words = Mapping[str, Any]
SETTLED = ("agreed", "confirmed")
"""The states of a stage whose text is agreed."""
SAID = (*SETTLED, "proposed")
"""The states of a stage whose text is at least theirs."""
PEOPLE = ("decision_maker", "backup", "interviewers")
WAYS = ("channel", "windows", "slip_rule")
NOT_TOLD = (*PRIVATE, *PEOPLE, *WAYS, "comp_range", "fairness_check", "open_points", "calibration")
"""What was told in confidence, is about pay, or stands in another part."""


def text(handover: Handover, words: Words, kickoff: Words) -> str:
    """The letter, to be read and changed before anybody gets it. `kickoff` names the fields of agreements."""
    first = handover.manager.first_name
    # before anything that a person typed stands in them
    words = {**words, "lines": {name: line.replace("{first}", first) for name, line in words["lines"].items()}}
    places = {"name": handover.manager.name, "first": first, "me": handover.sender or words["nobody"]}
    helped = [
        filled(words["lines"]["helped"], {"did": one_line(did), "changed": one_line(changed)})
        for did, changed in handover.praised
    ]
    parts = [filled(words[name], places) for name in ("first_line", "greeting", "opening")[handover.held :]]
    for name, lines in (
        ("agreed", _agreed(handover, words, kickoff)),
        ("mine", _loops(handover, "me", words)), ("theirs", _loops(handover, "them", words)),
        ("ways", _ways(handover, words, kickoff)),
        ("helps", [*helped, words["lines"]["more_helps"]]),
        ("people", [*_fields(handover, PEOPLE, words, kickoff), words["lines"]["more_people"]]),
    ):  # fmt: skip
        if handover.held and name == "helps":
            continue
        told_lines = "\n".join(f"- {line}" for line in lines)
        parts.append(f"{filled(words['headings'][name], places)}\n{told_lines}")
    return visible("\n\n".join([*parts, filled(words["sign_off"], places)])) + "\n"


def data(handover: Handover, letter: str, file: str | None) -> dict[str, Any]:
    """As JSON; `open` is what is left to fill in."""
    return {"manager": handover.manager.handle, "text": letter, "open": brackets(letter), "file": file}


def _agreed(handover: Handover, words: Words, kickoff: Words) -> list[str]:
    lines = words["lines"]
    agreed = []
    for agreement in handover.agreements:
        places = {"title": one_line(agreement.title), "day": echo_day(agreement.kickoff_on)}
        agreed.append(filled(lines["role"], places))
        for name, value in _said(agreement, SETTLED).items():
            if name not in NOT_TOLD and value not in (None, [], ""):
                agreed.append(_part(name, value, words, kickoff))
        waiting = [kickoff["stages"][stage.name] for stage in agreement.stages[:-1] if stage.state not in SETTLED]
        agreed += [filled(lines["waiting"], {"stages": ", ".join(waiting)})] if waiting else []
    return agreed or [lines["no_role"]]


def _said(agreement: Agreement, states: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for stage in agreement.stages if stage.state in states for name, value in stage.fields.items()}


def _part(name: str, value: Any, words: Words, kickoff: Words) -> str:
    answer = one_line(spoken(value, kickoff))
    return filled(words["lines"]["part"], {"label": label(kickoff, name), "said": answer})


def _fields(handover: Handover, names: tuple[str, ...], words: Words, kickoff: Words) -> list[str]:
    """What the agreements say in some fields, each sentence once."""
    parts = [
        _part(name, value, words, kickoff)
        for agreement in handover.agreements
        for name, value in _said(agreement, SAID).items()
        if name in names and value not in (None, [], {}, "")
    ]
    return list(dict.fromkeys(parts))


def _loops(handover: Handover, side: str, words: Words) -> list[str]:
    loops = [loop for loop in handover.loops if loop.owed_by == side]
    nothing = words["lines"]["no_mine" if side == "me" else "no_theirs"]
    dues = [echo_day(last_day(loop.due_at.astimezone())) if loop.due_at else "" for loop in loops]
    return [
        filled(words["lines"]["loop" if due else "loop_undated"], {"what": one_line(loop.what), "due": due})
        for loop, due in zip(loops, dues, strict=True)
    ] or [nothing]


def _ways(handover: Handover, words: Words, kickoff: Words) -> list[str]:
    lines, manager = words["lines"], handover.manager
    parts = _fields(handover, WAYS, words, kickoff)
    parts += [filled(lines["plate"], {"what": one_line(manager.on_their_plate)})] if manager.on_their_plate else []
    parts += [filled(lines["likes"], {"what": one_line(manager.likes)})] if manager.likes else []
    if manager.public_praise_ok is not None:
        parts.append(lines["public_yes" if manager.public_praise_ok else "public_no"])
    return [*parts, lines["more_ways"]]
