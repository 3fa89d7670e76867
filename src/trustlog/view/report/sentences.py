"""The sentences of a report, the same in every format."""

from datetime import date
from math import ceil
from typing import TYPE_CHECKING

from trustlog.domain.days import MONTH_NAMES, echo_day, short
from trustlog.domain.people import HARD_TAG
from trustlog.domain.promises import Promise, Responsiveness
from trustlog.domain.report import ManagerReport, ReportRequest, ReportWords
from trustlog.domain.report_lately import month_sentence
from trustlog.domain.text import capitalized, plural, spelled, times
from trustlog.domain.trust import FacetOpinion, Opinion
from trustlog.view import promises
from trustlog.view.entries import percent

if TYPE_CHECKING:
    from trustlog.domain.report_around import Around, DoneStep, Held, Role


DECIDED = {"use": "used", "ask": "to ask about", "park": "parked", "set-aside": "set aside", "tomorrow": "for tomorrow"}
_STATUS = {
    "draft": "kick-off drafted, not sent yet", "sent": "kick-off sent, waiting for a yes", "confirmed": "confirmed",
    "closed": "closed",
}  # fmt: skip


def day(on: date, asked: ReportRequest) -> str:
    """A day in words; where a report is shared, its month."""
    return f"{MONTH_NAMES[on.month - 1][:3]} {on.year}" if asked.share else echo_day(on)


def advises(page: ManagerReport, asked: ReportRequest) -> bool:
    """Whether a page may say what would help: not for other eyes, not where boundary notes stand first or hard words
    are fresh, and not of who has left.
    """
    return not asked.share and page.restriction is None and not page.at_rest


def helps(page: ManagerReport, words: ReportWords, asked: ReportRequest) -> str:
    """What helps with the question that is known least; nothing to whoever has done all the steps alone."""
    return words.helps[page.reading.least_known] if advises(page, asked) and page.lead != "own-steps" else ""


def month(page: ManagerReport, asked: ReportRequest) -> str:
    """`Five small acts of yours in November; Lena came back three times.`, or nothing."""
    if page.month is None or page.restriction is not None:
        return ""
    return month_sentence(page.month, _name(page, asked))


def heading(page: ManagerReport) -> str:
    """What stands before the bar: the label, where there is one to speak of."""
    if page.restriction is not None:
        return "All three together"
    return {"label": page.reading.label, "own-steps": "Your own steps so far", "quiet": "Quiet for now"}[page.lead]


def standing(page: ManagerReport, words: ReportWords, asked: ReportRequest) -> str:
    """The sentence under the heading; no label stands without one, but for other eyes nothing is advised."""
    if not advises(page, asked):
        return ""
    if page.lead == "own-steps":
        return words.lines["own_steps"]
    if page.heard.old and page.reading.overall.too_early:
        return words.lines["long_ago"]
    return words.lines["quiet"] if page.silent or page.lead == "quiet" else words.labels[page.reading.label]


def way(page: ManagerReport, asked: ReportRequest, *, headed: bool = False) -> str:
    """The way it goes, and since when there are notes: `clearer, warmer · notes since July`.

    Where the heading has said that they are your own steps so far (`headed`), only the latter.
    """
    first = page.heard.first
    if first is None:
        return ""
    year = f" {first.year}" if first.year != asked.as_of.year else ""
    since = f"notes since {MONTH_NAMES[first.month - 1]}{year}"
    if page.lead == "own-steps" and page.restriction is None:
        return since if headed else f"your own steps so far · {since}"
    if page.lead == "quiet" and page.restriction is None:
        return since if headed else f"quiet · {since}"
    days = {(counted.atom.entry, counted.atom.on) for counted in page.reading.evidence}
    if len(days) == 1 and {on for _, on in days} == {first}:
        return f"one entry so far · {since}"  # one entry is no way that anything goes
    return f"{', '.join(page.reading.trend.words)} · {since}"


def contact(page: ManagerReport, asked: ReportRequest) -> str:
    """When they were last in touch; silence makes the picture hazier, never worse."""
    heard, reading = page.heard, page.reading
    if page.lead == "label" and not page.silent:
        on = reading.last_contact or heard.last
        return f"last contact {day(on, asked)}" if on else "no contact yet; a starting point, not a verdict"
    name = _name(page, asked)
    if heard.last is None:
        last = f"nothing heard from {name} yet"
    elif asked.share:
        last = f"last heard from {name} in {day(heard.last, asked)}"
    else:
        year = f" {heard.last.year}" if heard.last.year != reading.as_of.year else ""
        last = f"last heard from {name} on {short(heard.last)}{year}"
    if heard.steps:
        return f"{_own_steps(page)}; {last}"
    if heard.quiet and heard.last is not None:
        ago = "" if asked.share else f", {plural((reading.as_of - heard.last).days, 'day')} ago"
        return f"{last}{ago}; the picture is getting hazier"
    return last


def _own_steps(page: ManagerReport) -> str:
    """What only the recruiter did: `You wrote 17 times`, where all of it can have been written."""
    heard = page.heard
    if heard.messages:
        return f"You {'wrote' if heard.written else 'got in touch'} {times(heard.messages)}"
    count = spelled(heard.steps)
    return f"{capitalized(count)} {'step' if heard.steps == 1 else 'steps'} of yours"


def _name(page: ManagerReport, asked: ReportRequest) -> str:
    return page.manager.name if asked.share else page.manager.first_name


def owed(page: ManagerReport, asked: ReportRequest) -> list[str]:
    """`you owe 1`, `they owe 2, 3 days late`: counts of both sides, with the longest wait of each."""
    parts = []
    for side, words in promises.OWED.items():
        own = [loop for loop in page.loops if loop.owed_by == side]
        late = [
            (asked.at - promise.due_at).total_seconds()
            for promise in own
            if promise.due_at is not None and promise.overdue(asked.at)
        ]
        wait = f", {'late' if asked.share else promises.late_words(max(late))}" if late else ""
        parts += [f"{words} {len(own)}{wait}"] if own else []
    return parts


def loop_due(promise: Promise, asked: ReportRequest) -> str:
    """When a loop is due, as one says it."""
    if not asked.share or promise.due_at is None:
        return promises.due_words(promise, asked.at)
    return f"due {day(promise.due_at.date(), asked)}" + (", late" if promise.overdue(asked.at) else "")


def early(page: ManagerReport) -> str:
    """That it is too early to say, and how far half known is."""
    steps = page.reading.steps_to_half_known
    return f"too early to say; about {plural(steps, 'small step')} and you are half known"


def estimate(page: ManagerReport) -> str:
    """What the log says so far with all that it does not rule out, or that it is too early."""
    whole = page.reading.overall
    if whole.too_early:
        return "too early for an estimate: most is unknown"
    return f"so far {whole.e:.2f}; could be anywhere from {whole.b:.2f} to {1 - whole.d:.2f}"


def facet(opinion: Opinion | FacetOpinion) -> str:
    """`seen 46 %   doubt 10 %   unknown 44 %`; a doubt that is not there is not named."""
    doubt = f"   doubt {percent(opinion.d)}" if opinion.d >= 0.005 else ""
    return f"seen {percent(opinion.b)}{doubt}   unknown {percent(opinion.u)}"


def answers(side: Responsiveness) -> str:
    """Counts first: a middle over answers alone would flatter the slow."""
    oldest = ""
    if side.oldest_open_days is not None:
        days = round(side.oldest_open_days)
        oldest = f", the oldest {plural(days, 'day')}" if days else ", the oldest of today"
    within = half_within(side)
    middle = f"; half within {within}" if within else ""
    missed = f"; {side.missed} missed" if side.missed else ""
    return f"{side.answered} closed{middle}{missed}; {side.open} open{oldest}; {side.overdue} overdue"


def half_within(side: Responsiveness) -> str:
    """In how many hours or days half of the answers came: `two days`; nothing where they are too few."""
    hours = side.usual_hours
    if hours is None:
        return ""
    if hours <= 1:
        return "an hour"
    if hours <= 23:
        return f"{spelled(ceil(hours))} hours"
    days = ceil(hours / 24)
    return "a day" if days == 1 else f"{spelled(days)} days"


def weeks(page: ManagerReport, asked: ReportRequest) -> str:
    """How much was seen at the beginning of a line of weeks, and how much is now; the doubt if there was any."""
    (_, then), (_, now) = page.weeks[0], page.weeks[-1]
    count = (len(page.weeks) - 1) * page.every + 1
    span = f"since {day(page.weeks[0][0], asked)}" if asked.share else f"over {plural(count, 'week')}"
    doubt = f", doubt from {percent(then.d)} to {percent(now.d)}" if max(then.d, now.d) >= 0.005 else ""
    return f"{span}: seen from {percent(then.b)} to {percent(now.b)}{doubt}"


def how_long(role: "Role", asked: ReportRequest) -> str:
    """How long a role has been open, and whether it is marked as hard; nothing where names are masked."""
    if asked.share:
        return ""
    hard = ", marked as hard to fill" if HARD_TAG in role.req.tags else ""
    days = (asked.as_of - role.req.opened_on).days
    said = f"open for {plural(days, 'day')}" if days else "opened today"
    return f"{said}{hard}"


def of_role(role: "Role", asked: ReportRequest) -> str:
    """How far the agreement of a role has come, and how long it has been open."""
    return "; ".join(filter(None, (_agreed(role, asked), how_long(role, asked))))


def _agreed(role: "Role", asked: ReportRequest) -> str:
    agreement = role.agreement
    if agreement is None:
        return "no kick-off yet"
    confirmed = sum(stage.state == "confirmed" for stage in agreement.stages)
    waiting = [str(change.number) for change in agreement.pending]
    words = _STATUS.get(agreement.status, f"{confirmed} of {len(agreement.stages)} stages confirmed")
    if agreement.status == "sent" and agreement.sent_on is not None:
        words = f"kick-off sent {day(agreement.sent_on, asked)}, waiting for a yes"
    if waiting:
        words += f"; amendment {', '.join(waiting)} waits for a yes"
    for state in ("disputed", "parked"):
        names = [stage.name for stage in agreement.stages if stage.state == state]
        words += f"; {', '.join(names)} {state}" if names else ""
    return words


def practice(around: "Around", but: tuple[str, ...] = ()) -> str:
    """The practice mix: what was done of one's own accord, the most used first."""
    used = sorted(around.practice.used.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{name.replace('-', ' ')} {count}" for name, count in used if name not in but)


def unthanked(around: "Around") -> str:
    """What is in the jar."""
    return f"{plural(around.unthanked, 'thing')} seen and not yet thanked"


def step(taken: "DoneStep", asked: ReportRequest) -> str:
    """The last small step: done, or its draft copied."""
    what = taken.advice or taken.category.replace("-", " ")
    return f"last small step, {taken.kind} {day(taken.on, asked)}: {what}"


def talk(held: "Held", asked: ReportRequest) -> str:
    """A conversation as facts."""
    about = f", about {held.about}" if held.about else ""
    decided = f"; {points(held)}" if held.points else ""
    return f"{day(held.on, asked)}: {held.state}{about}{decided}"


def points(held: "Held") -> str:
    """What was decided about the points of a conversation: `3 points: 2 used, 1 set aside`."""
    total = sum(held.points.values())
    each = ", ".join(f"{count} {DECIDED.get(decision, decision)}" for decision, count in held.points.items())
    return f"{plural(total, 'point')}: {each}" if total else ""
