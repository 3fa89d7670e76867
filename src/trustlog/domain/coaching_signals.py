"""Events in a history that call for a step. Each function answers with what it found, or None."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from trustlog.domain.coaching_history import LISTED_KIND, LISTED_TAG, LOOKS_BACK, UNNAMED, Happened, History
from trustlog.domain.conversations import TELL_THEM
from trustlog.domain.days import day_after, days_between, echo, near, short
from trustlog.domain.praise import quick
from trustlog.domain.promises import Promise
from trustlog.domain.text import listed_value, spelled


class Found(NamedTuple):
    """What a signal found: words for the places of reasons and drafts, such as `day`, `what` and `role`.

    `since` is the day from which an event presses; None while it is urgent as long as it holds.
    """

    places: dict[str, str]
    since: date | None = None


Signal = Callable[[History], Found | None]
SOON = timedelta(days=2)
"""What is due or planned so near calls for a step today."""
LEAVING_DAYS = 7
SILENT_DAYS = 3
VERY_SILENT_DAYS = 7
"""Working days after which a request counts as unanswered, and as long unanswered."""
OLD = 15
"""So many working days after that, or after the time for a scorecard, one more message about it comes too late."""


def promise_missed(history: History) -> Found | None:
    """A promise of mine was missed and nothing mended it, or its time has passed, it is still open, and I have not
    said that I am sorry since.
    """
    lately = (one for one in history.recent if one.kind == LISTED_KIND and history.age(one.on) <= 7)
    missed = next((one for one in lately if not one.repaired), None)
    mine = [loop for loop in history.loops if loop.owed_by == "me" and loop.due_at is not None]
    if missed is not None:
        loop = next((promise for promise in mine if _settled_on(history, promise) == missed.on), None)
        day = near(history.due_day(loop.due_at) if loop and loop.due_at else missed.on, history.today)
        places = {"missed": f"a promise was missed {day} and nothing has mended it yet"}
        return Found(places | _promised(history, loop), missed.on)
    sorry = history.last("apology-made", days=LOOKS_BACK.days)
    overdue = [promise for promise in reversed(mine) if promise.state == "open" and promise.overdue(history.at)]
    for loop in overdue:
        due = history.due_day(loop.due_at or history.at)
        if sorry is None or sorry.on < due:
            what = "a small promise" if loop.what == UNNAMED else f"“{loop.what}”"
            late = {"missed": f"{what} was due {near(due, history.today)} and is still open"}
            return Found(late | _promised(history, loop), due)
    return None


def harsh_words(history: History) -> Found | None:
    hard = history.last("harsh-exchange", days=7)
    return None if hard is None or hard.repaired else _happened(history, hard)


def promise_at_risk(history: History) -> Found | None:
    mine = [loop for loop in history.loops if loop.owed_by == "me" and loop.state == "open" and loop.at_risk]
    for risky in mine:
        if risky.due_at and history.at <= risky.due_at <= history.at + SOON:
            due = near(history.due_day(risky.due_at), history.today)
            issue = f"“{risky.what}” may not be ready {due}"
            return Found({"what": risky.what, "due": due, "issue": issue} | _role(history, risky.req))
    return None


def scorecard_late(history: History) -> Found | None:
    """From the day after its time on, and not for ever."""
    for card in history.asked():
        due = history.due_day(card.due_at or history.at)
        if card.purpose == "scorecard" and due < history.today and history.working_age(due) <= OLD:
            said = {"what": card.what, "day": near(due, history.today), "date": short(history.day(card.given_at))}
            return Found(said | {"due": said["day"], "window": _window(history, card)} | _role(history, card.req), due)
    return None


def no_reply(history: History) -> Found | None:
    """Asked 3 to 6 working days ago, its time has passed, and nothing came."""
    return _silent(history, SILENT_DAYS, VERY_SILENT_DAYS - 1)


def no_reply_for_long(history: History) -> Found | None:
    """Asked 7 or more working days ago, or two pushes in a row without an answer."""
    found = _silent(history, VERY_SILENT_DAYS, None)
    pushes = history.unanswered_pushes()
    if found is None and len(pushes) >= 2:
        last = near(pushes[0].on, history.today)
        what = "messages that asked for something have no answer"
        if any(one.kind == "note" for one in pushes):  # its day is when it was noted, not when the message was sent
            what = "of your notes tell of messages without an answer"
        silence = f"{len(pushes)} {what}, the last of them {last}"
        return Found({"silence": silence, "n": str(len(pushes))} | _role(history, None), pushes[0].on)
    return found and Found(found.places | {"n": str(max(len(pushes), 1))}, found.since)


def agreement_unconfirmed(history: History) -> Found | None:
    waiting = next(
        (
            agreement for agreement in history.agreements
            if agreement.sent_on is not None and history.working_age(agreement.sent_on) >= 3
            and agreement.status not in ("confirmed", "closed")
        ),
        None,
    )  # fmt: skip
    if waiting is None or waiting.sent_on is None:
        return None
    places = {"day": near(waiting.sent_on, history.today), "role": waiting.title}
    line = next((stage.name for stage in waiting.stages if stage.state not in ("confirmed", "parked")), None)
    return Found(places | ({"line": line} if line else {}), _after(history, waiting.sent_on, 3))


def need_changed(history: History) -> Found | None:
    for agreement in history.agreements:
        for amendment in reversed(agreement.amendments):
            if 0 <= history.age(amendment.made_on) <= 7:
                return Found({
                    "day": near(amendment.made_on, history.today), "role": agreement.title,
                    "old": listed_value(amendment.old), "new": listed_value(amendment.new), "effect": amendment.effect,
                }, amendment.made_on)  # fmt: skip
    return _tagged(history, LISTED_TAG)


def help_unthanked(history: History) -> Found | None:
    waiting = {deed.id for deed in history.unthanked if deed.source == "help" and deed.purpose is None}
    helped = next((one for one in history.recent if one.id in waiting and history.age(one.on) <= 7), None)
    return helped and _happened(history, helped)


def scorecard_fast(history: History) -> Found | None:
    card = fast_scorecard(history, 3)
    if card is not None:
        fast = f"“{card.places['what']}” came before its time {card.places['day']}"
        return Found(card.places | {"fast": fast}, card.since)
    large = history.last("feedback-received", days=3)
    if large is None or large.size != "l":
        return None
    found = _happened(history, large).places
    return Found(found | {"fast": f"they gave you thorough feedback {found['day']}"}, large.on)


def conversation_soon(history: History) -> Found | None:
    for talk in history.talks:
        planned = talk.planned_for
        if planned is None or talk.sitting("debrief") is not None:
            continue
        if history.at <= planned <= history.at + SOON:
            local = planned.astimezone(history.at.tzinfo)
            return Found(
                {"day": near(local.date(), history.today), "time": echo(local), "about": talk.about or "the feedback"}
            )
    return None


def feedback_untold(history: History) -> Found | None:
    """Something of their feedback is being used, for two weeks or more, and they have not heard of it."""
    for talk in history.talks:
        debrief = talk.sitting("debrief")
        if debrief is None or not debrief.finished or history.today - debrief.on < TELL_THEM:
            continue
        if any(one.kind == "feedback-acted-on" and one.on > debrief.on for one in history.recent):
            continue
        for action in talk.actions:
            said = talk.followed_up(action["text"])
            if said.get("told") is None and said.get("done") is not False and said.get("next") != "drop":
                places = {"day": near(debrief.on, history.today), "feedback": action["text"]}
                # what was planned is told as done only once a check-in said so
                done = {"action": action.get("then_action") or action["text"]} if said.get("done") else {}
                return Found(places | done, debrief.on + TELL_THEM)
    return None


def role_closed(history: History) -> Found | None:
    closed = [
        (req.closed_on, req.title) for req in history.reqs
        if req.closed_on is not None and 0 <= history.age(req.closed_on) <= 14
    ]  # fmt: skip
    if not closed:
        return None
    return Found({"day": near(max(closed)[0], history.today), "role": max(closed)[1]}, max(closed)[0])


def leaving(history: History) -> Found | None:
    """Somebody leaves within a week."""
    on = history.manager.leaving_on
    if on is None or not 0 <= (on - history.today).days <= LEAVING_DAYS:
        return None
    return Found({"day": f"on {short(on)}"}, on - timedelta(days=LEAVING_DAYS))


def fast_scorecard(history: History, days: int) -> Found | None:
    """A scorecard that came before its time, so many days ago at most."""
    for loop in history.loops:
        if loop.purpose == "scorecard" and loop.settled_at is not None and quick(loop):
            on = history.day(loop.settled_at)
            if 0 <= history.age(on) <= days:
                did = f"“{loop.what}” came before its time"
                said = {"day": near(on, history.today), "what": loop.what, "did": did}
                return Found(said | _role(history, loop.req), on)
    return None


def _window(history: History, promise: Promise) -> str:
    """How much time an answer had, in days that count: `two working days`."""
    given, due = history.day(promise.given_at), history.due_day(promise.due_at or promise.given_at)
    count = days_between(given, due, working_week=history.working_week)
    if count == 0:
        return "the same day"
    return f"{spelled(count)} {'working ' if history.working_week else ''}{'day' if count == 1 else 'days'}"


def _silent(history: History, low: int, high: int | None) -> Found | None:
    for promise in history.asked():
        given = history.day(promise.given_at)
        age = history.working_age(given)
        if age >= low and (high is None or age <= high) and promise.overdue(history.at):
            silence = f"“{promise.what}” is {age} working days old and has no answer"
            said = {"what": promise.what, "date": short(given), "silence": silence}
            return Found(said | _role(history, promise.req), _after(history, given, low))
    return None


def _promised(history: History, loop: Promise | None) -> dict[str, str]:
    if loop is None or loop.due_at is None:
        return {}
    what = {} if loop.what == UNNAMED else {"promise": loop.what}
    return what | {"date": short(history.due_day(loop.due_at))}


def _settled_on(history: History, loop: Promise) -> date | None:
    """The day on which a promise was settled as missed or late; that is when the entry about it was written."""
    return history.day(loop.settled_at) if loop.settled_at and loop.state in ("late", "missed") else None


def _entry(*kinds: str, days: int) -> Signal:
    """The newest entry of these kinds that is at most so many days old."""
    return lambda history: (hit := history.last(*kinds, days=days)) and _happened(history, hit)


def _happened(history: History, happened: Happened) -> Found:
    return Found(
        {"day": near(happened.on, history.today), "happened": happened.kind.replace("-", " ")} | _role(history, None),
        happened.on,
    )


def _tagged(history: History, tag: str) -> Found | None:
    """The newest entry of the last week with a tag."""
    told = next((one for one in history.recent if tag in one.tags and history.age(one.on) <= 7), None)
    return told and Found({"day": near(told.on, history.today)} | _role(history, None), told.on)


def _after(history: History, day: date, count: int) -> date:
    """The day that comes so many working days later."""
    return day_after(day, count, working_week=history.working_week)


def _role(history: History, code: str | None) -> dict[str, str]:
    """The role that something was about, else the newest open one."""
    named = next((req for req in history.reqs if req.code == code), None)
    role = named or next(iter(history.open_reqs()), None)
    return {"role": role.title} if role else {}


interview_failed = partial(_tagged, tag="failed-interview")
EVENTS: dict[str, Signal] = {
    "promise_missed": promise_missed, "harsh_words": harsh_words, "promise_at_risk": promise_at_risk,
    "scorecard_late": scorecard_late, "no_reply": no_reply, "no_reply_for_long": no_reply_for_long,
    "agreement_unconfirmed": agreement_unconfirmed, "need_changed": need_changed,
    "offer_lost": _entry("offer-lost", days=7), "interview_failed": interview_failed,
    "doubt_shown": _entry("doubt-voiced", "bypassed", days=7),
    "requirements_raised": partial(_tagged, tag="requirements"), "help_unthanked": help_unthanked,
    "good_news": _entry("hire-closed", "slate-accepted", "praise-received", "recommended-me", days=3),
    "scorecard_fast": scorecard_fast, "conversation_soon": conversation_soon, "feedback_untold": feedback_untold,
    "role_closed": role_closed, "leaving": leaving,
}  # fmt: skip
"""The signals of events, the most urgent first."""
