"""The sentences of a report, the same in every format."""

from datetime import date
from typing import TYPE_CHECKING

from trustlog.domain.days import MONTH_NAMES, echo_day
from trustlog.domain.promises import Promise, Responsiveness
from trustlog.domain.report import Asked, ManagerReport
from trustlog.domain.text import plural
from trustlog.domain.trust import FacetOpinion
from trustlog.view import promises
from trustlog.view.entries import percent

if TYPE_CHECKING:
    from trustlog.domain.report_around import Around, Held, Role, Taken


DECIDED = {"use": "used", "ask": "to ask about", "park": "parked", "set-aside": "set aside", "tomorrow": "for tomorrow"}
_STATUS = {
    "draft": "kick-off drafted, not sent yet", "sent": "kick-off sent, waiting for a yes", "confirmed": "confirmed",
    "closed": "closed",
}  # fmt: skip


def day(on: date, asked: Asked) -> str:
    """A day in words; where a report is shared, its month."""
    return f"{MONTH_NAMES[on.month - 1][:3]} {on.year}" if asked.share else echo_day(on)


def unknown(page: ManagerReport) -> str:
    """`unknown 50 %, was 62 % four weeks ago`, or that it is steady."""
    reading = page.reading
    now = percent(reading.overall.u)
    if reading.blank:
        return f"unknown {now}"
    if "clearer" in reading.trend.words or "fading" in reading.trend.words:
        return f"unknown {now}, was {percent(reading.overall.u - reading.trend.u)} four weeks ago"
    return f"unknown {now}, steady"


def contact(page: ManagerReport, asked: Asked) -> str:
    """When they were last in touch; silence makes the picture hazier, never worse."""
    reading = page.reading
    if reading.last_contact is None:
        return "no contact yet; a starting point, not a verdict"
    if reading.gone_quiet and not asked.share:
        days = (reading.as_of - reading.last_contact).days
        return f"no contact logged for {days} days; the picture is getting hazier"
    hazier = "; the picture is getting hazier" if reading.gone_quiet else ""
    return f"last contact {day(reading.last_contact, asked)}{hazier}"


def owed(page: ManagerReport, asked: Asked) -> list[str]:
    """`you owe 1`, `they owe 2, 3 days late`: counts of both sides, with the longest wait of each."""
    told = []
    for side, words in promises.OWED.items():
        own = [loop for loop in page.loops if loop.owed_by == side]
        late = [
            (asked.at - promise.due_at).total_seconds()
            for promise in own
            if promise.due_at is not None and promise.overdue(asked.at)
        ]
        wait = f", {'late' if asked.share else promises.late_words(max(late))}" if late else ""
        told += [f"{words} {len(own)}{wait}"] if own else []
    return told


def loop_due(promise: Promise, asked: Asked) -> str:
    """When a loop is due, as one says it."""
    if not asked.share or promise.due_at is None:
        return promises.due_words(promise, asked.at)
    return f"due {day(promise.due_at.date(), asked)}" + (", late" if promise.overdue(asked.at) else "")


def estimate(page: ManagerReport) -> str:
    """What the log says so far with all that it does not rule out, or that it is too early."""
    whole = page.reading.overall
    if whole.too_early:
        steps = page.reading.steps_to_half_known
        return f"too early to say; about {plural(steps, 'small step')} and you are half known"
    warmer = [word for word in page.reading.trend.words if word in ("warmer", "cooler")]
    trend = f", {warmer[0]} than four weeks ago" if warmer else ""
    return f"so far {whole.e:.2f}{trend}; could be anywhere from {whole.b:.2f} to {1 - whole.d:.2f}"


def facet(opinion: FacetOpinion) -> str:
    """`seen 46 %   doubt 10 %   unknown 44 %`; a doubt that is not there is not named."""
    doubt = f"   doubt {percent(opinion.d)}" if opinion.d >= 0.005 else ""
    return f"seen {percent(opinion.b)}{doubt}   unknown {percent(opinion.u)}"


def answers(side: Responsiveness) -> str:
    """Counts first: a median over answers alone would flatter the slow."""
    oldest = f", the oldest {plural(round(side.oldest_open_days), 'day')}" if side.oldest_open_days is not None else ""
    hours = side.median_response_hours
    middle = f"; half of them within {plural(round(hours), 'hour')}" if hours is not None else ""
    missed = f"; {side.missed} missed" if side.missed else ""
    return f"{side.answered} closed{middle}{missed}; {side.open} open{oldest}; {side.overdue} overdue"


def weeks(page: ManagerReport, asked: Asked) -> str:
    """How much was known at the beginning of a line of weeks, and how much is now."""
    known = [1 - opinion.u for _, opinion in page.weeks]
    weeks = (len(known) - 1) * page.every + 1
    span = f"since {day(page.weeks[0][0], asked)}" if asked.share else f"over {plural(weeks, 'week')}"
    return f"known {span}: {percent(known[0])} then, {percent(known[-1])} now"


def role(one: "Role", asked: Asked) -> str:
    """How far the agreement of a role has come."""
    agreement = one.agreement
    if agreement is None:
        return "no kick-off yet"
    confirmed = sum(stage.state == "confirmed" for stage in agreement.stages)
    waiting = [str(each.number) for each in agreement.amendments if each.confirmed_on is None]
    told = _STATUS.get(agreement.status, f"{confirmed} of {len(agreement.stages)} stages confirmed")
    if agreement.status == "sent" and agreement.sent_on is not None:
        told = f"kick-off sent {day(agreement.sent_on, asked)}, waiting for a yes"
    if waiting:
        told += f"; amendment {', '.join(waiting)} waits for a yes"
    for state in ("disputed", "parked"):
        names = [stage.name for stage in agreement.stages if stage.state == state]
        told += f"; {', '.join(names)} {state}" if names else ""
    return told


def practice(around: "Around", but: tuple[str, ...] = ()) -> str:
    """The practice mix: what was done of one's own accord, the most used first."""
    used = sorted(around.practice.used.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{name.replace('-', ' ')} {count}" for name, count in used if name not in but)


def begun(around: "Around") -> str:
    """Who began the contacts: information, no target."""
    done = around.practice
    return f"contacts: {done.mine} begun by you, {done.theirs} by them, {done.joint} together"


def unthanked(around: "Around") -> str:
    """What is in the jar."""
    return f"{plural(around.unthanked, 'thing')} seen and not yet thanked"


def step(taken: "Taken", asked: Asked) -> str:
    """The last small step: done, or its draft copied."""
    what = taken.advice or taken.category.replace("-", " ")
    return f"last small step, {taken.kind} {day(taken.on, asked)}: {what}"


def talk(held: "Held", asked: Asked) -> str:
    """A conversation as facts."""
    about = f", about {held.about}" if held.about else ""
    said = f"; {points(held)}" if held.points else ""
    return f"{day(held.on, asked)}: {held.state}{about}{said}"


def points(held: "Held") -> str:
    """What was decided about the points of a conversation: `3 points: 2 used, 1 set aside`."""
    total = sum(held.points.values())
    each = ", ".join(f"{count} {DECIDED.get(decision, decision)}" for decision, count in held.points.items())
    return f"{plural(total, 'point')}: {each}" if total else ""
