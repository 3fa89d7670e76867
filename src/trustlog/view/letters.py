"""`brief` and `update` on the terminal and as JSON."""

import re
from datetime import date, datetime
from typing import Any

from trustlog.domain.conversations import Conversation, visible_answers
from trustlog.domain.days import echo, echo_day
from trustlog.domain.entries import KINDS, Entry
from trustlog.domain.kickoffs import Agreement
from trustlog.domain.letters_brief import Briefing, Point, ago, open_points, waits_for
from trustlog.domain.letters_update import Update
from trustlog.domain.praise import Unthanked
from trustlog.domain.text import listed_value, one_line, plural, visible
from trustlog.ui.text import LABEL, Look, cells, cut, labelled
from trustlog.view import entries, letters_mail, people, picked, promises
from trustlog.view.promises import due_words

FEW = 3
"""A part of the page shows so many lines at most."""
LOOPS = 4
"""So many open loops are shown."""
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
            *labelled("not thanked", _first([_thank(deed, today) for deed in brief.unthanked], FEW), look),
        ],
        [
            *labelled(
                "agreed", [line for agreement in brief.agreements[:FEW] for line in _agreement(agreement, today)], look
            ),
            *labelled("to ask", _points(brief.points, "ask", today), look),
            *labelled("to try", _points(brief.points, "use", today), look),
        ],
        labelled("lately", [_entry(entry, today, look) for entry in brief.entries], look),
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
    entry = brief.last_contact
    if entry is None:
        return "nothing noted yet"
    days = (brief.at.date() - entry.happened_on).days
    return f"{ago(days)}, {_day(entry.happened_on, brief.at.date())}: {_said(entry)}"


def _prepared(brief: Briefing) -> list[str]:
    talk = brief.talk
    if talk is None:
        return []
    prep = talk.answers("prep")
    planned = talk.planned_for.astimezone() if talk.planned_for else None
    when = "no time set" if planned is None else _when(planned, brief.at)
    purpose = one_line(prep.get("purpose") or talk.about or "")
    card = f"the card: trustlog prep-feedback {brief.manager.handle} --card"
    return [f"{when}: {purpose}" if purpose else when, card]


def _when(planned: datetime, at: datetime) -> str:
    if planned.date() == at.date():
        return f"today {planned:%H:%M}"
    return echo(planned) if planned > at else f"was planned for {echo(planned)}"


def _loops(brief: Briefing, by: Any) -> list[str]:
    lines = [f"{visible(promise.what)} · {due_words(promise, brief.at)}" for promise in brief.owed(by)]
    return _first(lines, LOOPS, f"trustlog open {brief.manager.handle}")


def _thank(unthanked: Unthanked, today: date) -> str:
    quick = "a quick answer, " if unthanked.source == "answer" else ""
    return f"{_day(unthanked.at.date(), today)}: {quick}{cut(one_line(unthanked.named), 120)}"


def _agreement(agreement: Agreement, today: date) -> list[str]:
    """How an agreement stands, then what is open in it."""
    sent = (
        f", sent {_day(agreement.sent_on, today)}"
        if agreement.status == "partly-confirmed" and agreement.sent_on
        else ""
    )
    changes = agreement.pending
    amended = {change.stage for change in changes}
    waiting = (
        [stage.name for stage in waits_for(agreement) if stage.name not in amended]
        if agreement.status != "draft"
        else []
    )
    updates = [
        f"update {change.number}, {change.field.replace('_', ' ')}: {one_line(listed_value(change.new))}"
        for change in changes
    ]
    parts = (
        ("waits for a yes", "; ".join(part for part in (", ".join(waiting), *updates) if part)),
        ("seen differently", _stages(agreement, "disputed")),
        ("still open", "; ".join(map(one_line, open_points(agreement)))),
        ("not talked about yet", _stages(agreement, "open")),
    )
    shown = " · ".join(f"{label}: {cut(part, 160)}" for label, part in parts if part)
    return [f"{visible(agreement.title)}: {_STATES[agreement.status]}{sent}", *([shown] if shown else [])]


def _stages(agreement: Agreement, state: str) -> str:
    """The stages of a state; the recap is no talk of its own."""
    return ", ".join(stage.name for stage in agreement.stages if stage.state == state and stage.name != "recap")


def _points(points: tuple[Point, ...], decision: str, today: date) -> list[str]:
    return _first(
        [
            visible(point.text) + (f" · by {_day(point.due, today)}" if point.due else "")
            for point in points
            if point.decision == decision
        ],
        FEW,
    )


def _entry(entry: Entry, today: date, look: Look) -> str:
    """One entry in exactly one line, where there is room for lines."""
    return _fitting(f"{_day(entry.happened_on, today):<10}  {_said(entry)}", look)


def _fitting(text: str, look: Look) -> str:
    """A text cut to its line; on a narrow screen, where little would be left of it, it goes on below."""
    return text if look.width < NARROW else cut(text, look.width - LABEL - 2)


def _said(entry: Entry) -> str:
    note = one_line(entry.text[:400])
    return KINDS[entry.kind].words + (f", {cut(note, 120)}" if note else "")


def _day(day: date, today: date) -> str:
    """`Fri 20 Nov`, with the year if it is another."""
    return echo_day(day) if day.year != today.year else echo_day(day).rsplit(" ", 1)[0]


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
        "manager": people.manager_data(brief.manager), "as_of": brief.at.date(),
        "last_contact": last.happened_on if last else None,
        "conversation": _conversation_data(brief.talk) if brief.talk else None,
        "loops": [promises.promise_data(loop, brief.at) for loop in brief.loops],
        "unthanked": [
            {"source": deed.source, "id": deed.id, "on": deed.at.date(), "what": deed.what, "req": deed.req}
            for deed in brief.unthanked
        ],
        "agreements": [_settled(agreement) for agreement in brief.agreements],
        "points": [picked(point, "text decision due on") for point in brief.points],
        "entries": [entries.entry_data(entry) for entry in brief.entries],
        "opening": brief.opening,
    }  # fmt: skip


def _conversation_data(conversation: Conversation) -> dict[str, Any]:
    prep = visible_answers(conversation, private=False)["prep"]
    return picked(conversation, "id manager state minutes planned_for about") | {"answers": {"prep": prep}}


def _settled(agreement: Agreement) -> dict[str, Any]:
    return {
        "req": agreement.req, "title": agreement.title, "version": agreement.version, "status": agreement.status,
        "waits_for": [stage.name for stage in waits_for(agreement)], "open_points": open_points(agreement),
        "pending": [picked(change, "number field old new reason") for change in agreement.pending],
    }  # fmt: skip


READ_THEM = "The lines come from your own notes; read them before you send."
_UNQUOTED = "{} not quoted, for words like she, I or not are for your journal; see: trustlog log {}"


def update_data(update: Update, form: str) -> dict[str, Any]:
    """As JSON; `formatted` is the file or the link, if one was asked for."""
    return {
        "manager": update.manager.handle, "req": update.req.code if update.req else None,
        "since": update.since,
        "to": update.manager.email, "subject": update.subject, "text": update.text, "left_out": update.left_out,
        "format": form,
        "formatted": None if form == "text" else _formatted(update, form),
        "entry": entries.entry_data(update.entry) if update.entry else None,
    }  # fmt: skip


def update_mail(update: Update, form: str, look: Look) -> str:
    """Subject and text; on a terminal what is left to fill in stands out."""
    if form != "text":
        return _formatted(update, form)
    text = re.sub(r"\[[^\]\n]+\]", lambda hit: look.paint(hit[0], "due"), update.text)
    return f"{look.paint('Subject:', 'dim')} {update.subject}\n\n{text}"


def update_asides(update: Update, how: str) -> list[str]:
    """What is said beside the draft."""
    lines = (
        READ_THEM,
        _UNQUOTED.format(plural(update.unquoted, "note"), update.manager.handle) if update.unquoted else "",
        f"{update.left_out} more were left out; see: trustlog log {update.manager.handle}" if update.left_out else "",
        f"Copied, by {how}; the subject is above." if how else "",
        f"Noted as sent: #{update.entry.id}. trustlog undo takes that back." if update.entry else "",
    )
    return [line for line in lines if line]


def _formatted(update: Update, form: str) -> str:
    letter = letters_mail.Letter(update.manager.name, update.manager.email, update.subject, update.text)
    return letters_mail.written(letter, form).decode().replace("\r\n", "\n").removesuffix("\n")
