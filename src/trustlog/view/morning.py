"""The page of the day, as people and scripts read it: twelve lines at most."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from trustlog.domain.conversations import Conversation
from trustlog.domain.days import echo_day, near
from trustlog.domain.entries import Entry
from trustlog.domain.morning import Begun, Morning, held_on
from trustlog.domain.people import Req
from trustlog.domain.promises import Promise
from trustlog.domain.text import filled, one_line, plural, visible
from trustlog.ui.text import Look, cells, cut, flowing, padded
from trustlog.view import picked
from trustlog.view.coaching import offer_data
from trustlog.view.promises import OWED, due_words, promise_data

LINES = 12
"""The page has no more, where the terminal is as wide as a line of it: 60 columns."""
WIDEST = 80
"""Columns that the page takes at most."""


class _Room(NamedTuple):
    """How much of each part is shown: the rows of a part, the words of the step, and blank lines between parts."""

    rows: int
    step: str
    blanks: bool


ROOMS = (
    _Room(4, "whole", blanks=True), _Room(3, "whole", blanks=True), _Room(3, "whole", blanks=False),
    _Room(2, "whole", blanks=False), _Room(2, "short", blanks=False), _Room(1, "short", blanks=False),
    _Room(1, "line", blanks=False),
)  # fmt: skip
"""From a quiet day to a full one; the first that fits is taken."""


def data(shown: Morning) -> dict[str, Any]:
    """The page as JSON; `conversations` are those of the next 24 hours."""
    past = shown.year_ago
    year_ago = {"entry": past.id} | picked(past, "manager kind") if past else None
    return {
        "date": shown.at.date(),
        "next": offer_data(shown.offer),
        "open": [promise_data(loop, shown.at) for loop in shown.loops],
        "coming": promise_data(shown.coming, shown.at) if shown.coming else None,
        "later": shown.later,
        "conversations": [_talk_data(talk) for talk in shown.talks],
        "not_debriefed": [_talk_data(talk) for talk in shown.passed],
        "drafts": [{"command": draft.flow} | picked(draft, "manager about req") for draft in shown.drafts],
        "new_roles": [{"req": req.code, "manager": req.manager, "title": req.title} for req in shown.new_roles],
        "hard": [
            {"entry": entry.id, "ref": entry.ref, "manager": entry.manager, "on": entry.happened_on}
            for entry in shown.hard
        ],
        "private_items": shown.private,
        "inbox": shown.inbox,
        "week": shown.week,
        "year_ago": year_ago,
    }


def _talk_data(talk: Conversation) -> dict[str, Any]:
    return picked(talk, "id manager planned_for about prepared")


def page(shown: Morning, look: Look) -> str:
    """The page as people read it."""
    greeting = f"{_greeting(shown.at.hour)} {look.paint(echo_day(shown.at.date()), 'dim')}"
    if not shown.known:
        return f"{greeting}\n\n  Nobody is in the journal yet. Begin with whom you work with:\n\n" + look.paint(
            '    trustlog manager add "Dana Ortiz"\n    trustlog add dana "What happened"', "accent"
        )
    look = look._replace(width=min(look.width, WIDEST))
    lines: list[str] = []
    for room in ROOMS:
        lines = [greeting, *_parts(shown, room, look)]
        if len(lines) <= LINES:
            break
    return "\n".join(lines)


def _greeting(hour: int) -> str:
    if 5 <= hour < 12:
        return "Good morning."
    return "Good afternoon." if 12 <= hour < 18 else "Good evening."


def _parts(shown: Morning, room: _Room, look: Look) -> list[str]:
    """The parts that are there, in their order."""
    talks = [_talk(talk, shown, look) for talk in shown.talks]
    passed = [_passed(talk, shown, look) for talk in shown.passed]
    begun = [_begun(draft, look) for draft in shown.drafts]
    roles = [_new_role(req, look) for req in shown.new_roles]
    hard = [_hard(entry, shown, look) for entry in shown.hard]
    upper = [*_some(talks, room.rows, "talk", look), *_some([*passed, *begun, *roles], room.rows, "", look)]
    now = [*upper, *(line for row in hard[: room.rows] for line in row), *_due(shown, room.rows, look)]
    parts = [now, _step(shown, room, look), _tail(shown, room, look)]
    lines: list[str] = []
    for part in parts:
        lines += ["", *part] if part and (room.blanks or (not lines and room.step != "line")) else part
    return lines


def _some(
    rows: list[list[str]], most: int, noun: str, look: Look, command: str = "", more_elsewhere: int = 0
) -> list[str]:
    """The first rows of a part, and how many more there are."""
    lines = [line for row in rows[:most] for line in row]
    left = max(0, len(rows) - most) + more_elsewhere
    if left > 0:
        more = f"and {plural(left, f'more {noun}') if noun else f'{left} more'}"
        lines.append(look.paint(f"    {more}{command}", "dim"))
    return lines


def _beside(texts: Sequence[str], command: str, look: Look) -> list[str]:
    """A sentence and the command that goes with it: on one line where one of the wordings fits, else on two."""
    room = look.width - 4 - cells(command)
    fitting = next((text for text in texts if cells(text) <= room), None)
    shown = look.paint(command, "dim")
    if fitting is not None:
        return [f"  {fitting}  {shown}"]
    return [f"  {cut(texts[0], look.width - 2)}", f"    {shown}"]


def _talk(talk: Conversation, shown: Morning, look: Look) -> list[str]:
    planned = talk.planned_for or shown.at
    name, about = visible(talk.manager_name), f" · {one_line(talk.about)}" if talk.about else ""
    when = _when(planned.astimezone(shown.at.tzinfo), shown.at)
    if talk.prepared:
        head = f"{when}  {name}"
        return _beside((f"{head}{about}", head, when), f"trustlog prep {talk.manager} --card", look)
    state = "not prepared yet: two minutes are enough"
    wordings = (f"{when}  {name} · {state}", f"{when}  {name.split(' ')[0]} · {state}", f"{when} · {state}")
    fitting = next(
        (wording for wording in wordings if cells(wording) <= look.width - 2), cut(wordings[-1], look.width - 2)
    )
    return [f"  {fitting}", f"    {look.paint(f'trustlog prep {talk.manager} --minutes 2', 'dim')}"]


def _when(planned: datetime, at: datetime) -> str:
    if planned <= at:
        return f"now, since {planned:%H:%M}"
    return f"{near(planned.date(), at.date())} {planned:%H:%M}"


def _passed(talk: Conversation, shown: Morning, look: Look) -> list[str]:
    name, day = visible(talk.manager_name), near(held_on(talk, shown.at), shown.at.date())
    wordings = (f"How did it go with {name} {day}?", f"How did it go with {name}?", "How did it go?")
    if talk.planned_for is None:  # nobody said that it was held
        wordings = (f"Was the talk with {name} held?", f"Was the talk with {name.split(' ')[0]} held?", "Was it held?")
    return _beside(wordings, f"trustlog debrief {talk.manager}", look)


def _begun(draft: Begun, look: Look) -> list[str]:
    name = visible(draft.manager_name)
    what = {"prep-feedback": "A preparation", "debrief": "A debrief", "kickoff": "A kick-off"}[draft.flow]
    words = f"{draft.flow.removesuffix('-feedback')} {draft.manager}"
    if draft.flow == "kickoff":
        from shlex import quote  # 1 ms, only where a draft is spoken of

        role = quote(draft.req) if draft.req else f"{draft.manager} {quote(draft.about or '')}"
        words = f"kickoff start {role}"
    return _beside((f"{what} with {name} lies open", f"{what} lies open"), f"trustlog {visible(words)}", look)


def _new_role(req: Req, look: Look) -> list[str]:
    wordings = (f"{one_line(req.title)} has no kick-off yet", "A new role has no kick-off yet")
    return _beside(wordings, f"trustlog kickoff start {req.code}", look)


def _hard(entry: Entry, shown: Morning, look: Look) -> list[str]:
    name, day = visible(entry.manager_name), near(entry.happened_on, shown.at.date())
    first = name.split(" ")[0]
    wordings = (
        f"Hard words with {name} {day}. When you want it:", f"Hard words with {first} {day}. When you want it:",
        f"Hard words with {first} {day}:", f"Hard words {day}:",
    )  # fmt: skip
    return _beside(wordings, f"trustlog support {entry.manager}", look)


def _due(shown: Morning, most: int, look: Look) -> list[str]:
    """What is due or late, both ways; where nothing is, what comes next."""
    rows = [[_loop(OWED[loop.owed_by], loop, shown, look)] for loop in shown.loops]
    coming = [[_loop("next", shown.coming, shown, look)]] if shown.coming is not None else []
    # what is due has the rows; what comes later is counted, the next of it shown where nothing is due
    lines = _some(rows or coming, most, "", look, ": trustlog open", shown.later + len(coming if rows else []))
    if shown.private:
        lines += _beside((f"yourself   {plural(shown.private, 'private item')}",), "trustlog checkin", look)
    return lines


def _loop(side: str, promise: Promise, shown: Morning, look: Look) -> str:
    """One loop on a line, its text shortened to what fits."""
    name, due, ref = cut(_name(promise, shown), 12), due_words(promise, shown.at), promise.ref
    numbers = max(cells(loop.ref) for loop in (*shown.loops, promise))
    room = max(8, look.width - 2 - numbers - 2 - 10 - 13 - len(due) - 2)
    tone = "due" if promise.overdue(shown.at) else "dim"
    what = padded(cut(one_line(promise.what), room), room)
    head = look.paint(ref, "accent") + " " * (numbers - cells(ref))
    return f"  {head}  {side:<9} {padded(name, 12)} {what}  {look.paint(due, tone)}"


def _name(promise: Promise, shown: Morning) -> str:
    """The first name, or all of it where another manager on the page has the same."""
    whole = {visible(each.manager_name) for each in (*shown.loops, *([shown.coming] if shown.coming else []))}
    name = visible(promise.manager_name)
    first = name.split(" ")[0]
    return first if sum(each.split(" ")[0] == first for each in whole) == 1 else name


def _step(shown: Morning, room: _Room, look: Look) -> list[str]:
    """The one step: whole, with its advice in one line, or only that there is one."""
    offer = shown.offer
    if offer.step is None or offer.manager is None:
        return flowing(visible(offer.reason), look.width, "  ").split("\n")
    head, command = look.paint("One small step", "strong"), f"trustlog next {offer.manager.handle}"
    name, advice = visible(offer.manager.name), visible(offer.step.advice)
    if room.step == "line":
        return _beside((f"One small step, with {name}:", "One small step:"), command, look)
    if room.step == "short":
        return [*_beside((f"One small step, with {name}:", "One small step:"), command, look),
                f"  {cut(advice, look.width - 2)}"]  # fmt: skip
    return [
        f"  {head}    {name} · {offer.step.mine_min} min",
        *flowing(advice, look.width, "  ").split("\n"),
        *(look.paint(line, "dim") for line in flowing(visible(offer.reason), look.width, "  ").split("\n")),
        look.paint(f"  draft: {command}", "dim"),
    ]


_YEAR_AGO = {
    "hire-closed": "you and {name} closed a hire", "recommended-me": "{name} recommended you",
    "praise-received": "{name} thanked you", "confided": "{name} confided in you",
    "relied-on-me": "{name} asked your view", "slate-accepted": "{name} took up your slate",
    "help-received": "{name} helped you", "feedback-received": "{name} gave you feedback",
    "expectation-confirmed": "you and {name} confirmed what each expects",
}  # fmt: skip


def _tail(shown: Morning, room: _Room, look: Look) -> list[str]:
    """The inbox, Friday's ten minutes, and on a day with room something good of a year ago."""
    lines: list[str] = []
    if shown.inbox:
        wait = f"{plural(shown.inbox, 'line')} {'waits' if shown.inbox == 1 else 'wait'} in the inbox"
        lines += _beside((wait,), "trustlog inbox", look)
    if shown.week:
        lines += _beside(("It is Friday: ten minutes, if you like",), "trustlog week", look)
    if shown.year_ago is not None and room.step == "whole":
        name = visible(shown.year_ago.manager_name)
        sentence = f"A year ago today {filled(_YEAR_AGO[shown.year_ago.kind], {'name': name})}."
        lines.append(look.paint(f"  {cut(sentence, look.width - 2)}", "dim"))
    return lines
