"""`brief` and `update` on the terminal and as JSON."""

import re
from datetime import date, datetime
from typing import Any

from trustlog.domain.conversations import Conversation, visible_answers
from trustlog.domain.days import echo, echo_day
from trustlog.domain.entries import KINDS, Entry
from trustlog.domain.kickoffs import Agreement
from trustlog.domain.letters_brief import Briefing, Point, ago, open_points, pending, waits_for
from trustlog.domain.letters_update import Update
from trustlog.domain.praise import Unthanked
from trustlog.domain.text import one_line, visible
from trustlog.ui.text import LABEL, Look, cells, cut, labelled
from trustlog.view import entries, people, promises
from trustlog.view.promises import due_words

FEW = 3
"""A part of the page shows so many lines at most."""
LOOPS = 4
NARROW = 50
"""Columns below which nothing is cut to one line."""
SCREEN = 24
"""Rows of a usual terminal; a page that would not fit goes without empty lines."""
_STATES = {
    "draft": "being written down", "sent": "sent, waits for an answer", "partly-confirmed": "partly confirmed",
    "confirmed": "confirmed in writing", "amended": "changed since it was agreed", "closed": "closed",
}  # fmt: skip


def brief_page(brief: Briefing, look: Look) -> str:
    """Who, then what is owed and unsaid, then what happened last; empty parts are left out."""
    who = brief.manager
    today = brief.at.date()
    groups = (
        [
            *labelled("last in touch", [_fitting(_last(brief), look)], look),
            *labelled("on their plate", _of(who.on_their_plate), look),
            *labelled("likes", _of(who.likes), look),
            *labelled("prepared", _prepared(brief), look),
        ],
        [
            *labelled("you owe", _loops(brief, "me"), look),
            *labelled("they owe", _loops(brief, "them"), look),
            *labelled("not thanked", _first([_thank(one, today) for one in brief.unthanked], FEW), look),
        ],
        [
            *labelled("agreed", [line for one in brief.agreements[:FEW] for line in _agreement(one, today)], look),
            *labelled("to ask", _points(brief.points, "ask", today), look),
            *labelled("to try", _points(brief.points, "use", today), look),
        ],
        labelled("lately", [_entry(one, today, look) for one in brief.entries], look),
        labelled("to begin", _of(brief.opening), look),
    )
    blocks = ["\n".join(lines) for lines in ([_head(brief, look)], *groups) if lines]
    roomy = sum(block.count("\n") + 2 for block in blocks) <= SCREEN
    return ("\n\n" if roomy else "\n").join(blocks)


def _head(brief: Briefing, look: Look) -> str:
    who, day = brief.manager, echo_day(brief.at.date())
    team = f" · {visible(who.team)}" if who.team else ""
    gap = look.width - cells(f"{visible(who.name)}{team}{day}")
    between = " " * gap if gap > 1 else "\n"
    return f"{look.paint(visible(who.name), 'strong')}{look.paint(team, 'dim')}{between}{look.paint(day, 'dim')}"


def _last(brief: Briefing) -> str:
    one = brief.last_contact
    if one is None:
        return "nothing noted yet"
    days = (brief.at.date() - one.happened_on).days
    return f"{ago(days)}, {_day(one.happened_on, brief.at.date())}: {_said(one)}"


def _prepared(brief: Briefing) -> list[str]:
    talk = brief.talk
    if talk is None:
        return []
    prep = talk.answers("prep")
    planned = talk.planned_for.astimezone() if talk.planned_for else None
    when = "no time set" if planned is None else _when(planned, brief.at)
    told = one_line(prep.get("purpose") or talk.about or "")
    return [f"{when}: {told}" if told else when, f"the card: trustlog prep-feedback {brief.manager.handle} --card"]


def _when(planned: datetime, at: datetime) -> str:
    if planned.date() == at.date():
        return f"today {planned:%H:%M}"
    return echo(planned) if planned > at else f"was planned for {echo(planned)}"


def _loops(brief: Briefing, by: Any) -> list[str]:
    lines = [f"{visible(one.what)} · {due_words(one, brief.at)}" for one in brief.owed(by)]
    return _first(lines, LOOPS, f"trustlog open {brief.manager.handle}")


def _thank(one: Unthanked, today: date) -> str:
    quick = "a quick answer, " if one.source == "answer" else ""
    return f"{_day(one.at.date(), today)}: {quick}{cut(one_line(one.named), 120)}"


def _agreement(one: Agreement, today: date) -> list[str]:
    """How an agreement stands, then what is open in it."""
    sent = f", sent {_day(one.sent_on, today)}" if one.status == "partly-confirmed" and one.sent_on else ""
    changes = pending(one)
    amended = {two.stage for two in changes}
    waiting = [stage.name for stage in waits_for(one) if stage.name not in amended] if one.status != "draft" else []
    updates = [f"update {two.number}, {two.field.replace('_', ' ')}: {one_line(_value(two.new))}" for two in changes]
    parts = (
        ("waits for a yes", "; ".join(part for part in (", ".join(waiting), *updates) if part)),
        ("seen differently", _stages(one, "disputed")),
        ("still open", "; ".join(map(one_line, open_points(one)))),
        ("not talked about yet", _stages(one, "open")),
    )
    told = " · ".join(f"{label}: {cut(part, 160)}" for label, part in parts if part)
    return [f"{visible(one.title)}: {_STATES[one.status]}{sent}", *([told] if told else [])]


def _stages(one: Agreement, state: str) -> str:
    """The stages of a state; the recap is no talk of its own."""
    return ", ".join(stage.name for stage in one.stages if stage.state == state and stage.name != "recap")


def _points(points: tuple[Point, ...], decision: str, today: date) -> list[str]:
    return _first(
        [
            visible(one.text) + (f" · by {_day(one.due, today)}" if one.due else "")
            for one in points
            if one.decision == decision
        ],
        FEW,
    )


def _entry(one: Entry, today: date, look: Look) -> str:
    """One entry in exactly one line, where there is room for lines."""
    return _fitting(f"{_day(one.happened_on, today):<10}  {_said(one)}", look)


def _fitting(text: str, look: Look) -> str:
    """A text cut to its line; on a narrow screen, where little would be left of it, it goes on below."""
    return text if look.width < NARROW else cut(text, look.width - LABEL - 2)


def _said(one: Entry) -> str:
    note = one_line(one.text[:400])
    return KINDS[one.kind].words + (f", {cut(note, 120)}" if note else "")


def _day(day: date, today: date) -> str:
    """`Fri 20 Nov`, with the year if it is another."""
    return echo_day(day) if day.year != today.year else echo_day(day).rsplit(" ", 1)[0]


def _value(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value if value is not None else "nothing")


def _of(text: str | None) -> list[str]:
    return [one_line(text)] if text else []


def _first(lines: list[str], most: int, where: str = "") -> list[str]:
    """The first lines, and how many more there are."""
    if len(lines) <= most:
        return lines
    return [*lines[:most], f"and {len(lines) - most} more{f': {where}' if where else ''}"]


def brief_data(brief: Briefing) -> dict[str, Any]:
    last = brief.last_contact
    return {
        "manager": people.manager_data(brief.manager), "as_of": brief.at.date().isoformat(),
        "last_contact": last.happened_on.isoformat() if last else None,
        "conversation": _conversation_data(brief.talk) if brief.talk else None,
        "loops": [promises.promise_data(one, brief.at) for one in brief.loops],
        "unthanked": [
            {"source": one.source, "id": one.id, "on": one.at.date().isoformat(), "what": one.what, "req": one.req}
            for one in brief.unthanked
        ],
        "agreements": [_settled(one) for one in brief.agreements],
        "points": [
            {
                "text": one.text, "decision": one.decision, "due": one.due.isoformat() if one.due else None,
                "on": one.on.isoformat(),
            }
            for one in brief.points
        ],
        "entries": [entries.entry_data(one) for one in brief.entries],
        "opening": brief.opening,
    }  # fmt: skip


def _conversation_data(one: Conversation) -> dict[str, Any]:
    return {
        "id": one.id, "manager": one.manager, "state": one.state, "minutes": one.minutes,
        "planned_for": one.planned_for.isoformat() if one.planned_for else None,
        "about": one.about, "answers": {"prep": visible_answers(one, private=False)["prep"]},
    }  # fmt: skip


def _settled(one: Agreement) -> dict[str, Any]:
    return {
        "req": one.req, "title": one.title, "version": one.version, "status": one.status,
        "waits_for": [stage.name for stage in waits_for(one)], "open_points": open_points(one),
        "pending": [
            {"number": two.number, "field": two.field, "old": two.old, "new": two.new, "reason": two.reason}
            for two in pending(one)
        ],
    }  # fmt: skip


FORMATS = ("text", "eml", "mailto")
READ_THEM = "The lines come from your own notes; read them before you send."


def update_data(one: Update, form: str) -> dict[str, Any]:
    """As JSON; `formatted` is the file or the link, if one was asked for."""
    return {
        "manager": one.manager.handle, "req": one.req.code if one.req else None, "since": one.since.isoformat(),
        "to": one.manager.email, "subject": one.subject, "text": one.text, "left_out": one.left_out, "format": form,
        "formatted": None if form == "text" else _formatted(one, form),
        "entry": entries.entry_data(one.entry) if one.entry else None,
    }  # fmt: skip


def update_mail(one: Update, form: str, look: Look) -> str:
    """Subject and text; on a terminal what is left to fill in stands out."""
    if form != "text":
        return _formatted(one, form)
    text = re.sub(r"\[[^\]\n]+\]", lambda hit: look.paint(hit[0], "due"), one.text)
    return f"{look.paint('Subject:', 'dim')} {one.subject}\n\n{text}"


def update_asides(one: Update, how: str) -> list[str]:
    """What is said beside the draft."""
    said = (
        READ_THEM,
        f"{one.left_out} more were left out; see: trustlog log {one.manager.handle}" if one.left_out else "",
        f"Copied, by {how}; the subject is above." if how else "",
        f"Noted as sent: #{one.entry.id}. trustlog undo takes that back." if one.entry else "",
    )
    return [line for line in said if line]


def _formatted(one: Update, form: str) -> str:
    from trustlog.view import kickoffs_mail  # 3 ms, only for a file or a link

    letter = kickoffs_mail.Letter(one.manager.name, one.manager.email, one.subject, one.text)
    if form == "mailto":
        return kickoffs_mail.mailto(letter)
    return kickoffs_mail.eml(letter).decode().replace("\r\n", "\n").removesuffix("\n")
