"""The kick-off agreement of a role as events in five stages, and the windows agreed in it."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from trustlog.domain.days import DAY_NAMES, day_after

StageName = Literal["discovery", "scope", "responsibilities", "process", "recap"]
EventKind = Literal["written", "agreed", "confirmed", "disputed", "parked", "amended", "sent"]
StageState = Literal["open", "proposed", "agreed", "confirmed", "disputed", "parked"]
Status = Literal["draft", "sent", "partly-confirmed", "confirmed", "amended", "closed"]
STAGES: tuple[StageName, ...] = ("discovery", "scope", "responsibilities", "process", "recap")
WAYS = ("email", "chat", "document", "meeting")
"""How a stage can be confirmed."""


class AgreementEvent(NamedTuple):
    """Something that happened to an agreement.

    `stage` stands with every kind but `sent`; `field` and `value` with `written` and `amended`; `reason` and
    `effect` with `amended`; `how` with `confirmed`.
    """

    kind: EventKind
    at: datetime
    stage: StageName | None = None
    field: str | None = None
    value: Any = None
    reason: str | None = None
    effect: str | None = None
    how: str | None = None


class Stage(NamedTuple):
    """One stage as it stands; done only when it was both agreed and confirmed.

    `first_agreed` stays when it is disputed or parked later: from that day on it changes only by amendments.
    """

    name: StageName
    state: StageState
    agreed_on: date | None
    confirmed_on: date | None
    confirmed_how: str | None
    fields: dict[str, Any]
    first_agreed: date | None = None

    @property
    def number(self) -> int:
        return STAGES.index(self.name) + 1


class Amendment(NamedTuple):
    """A change of something that was agreed; it asks for a confirmation of its own."""

    number: int
    stage: StageName
    field: str
    old: Any
    new: Any
    reason: str
    effect: str
    made_on: date
    confirmed_on: date | None


class Agreement(NamedTuple):
    """What was settled for one role, as it stood at a moment."""

    id: int
    uid: str
    req: str
    title: str
    manager: str
    manager_name: str
    kickoff_on: date
    closed_on: date | None
    sent_on: date | None
    stages: tuple[Stage, ...]
    amendments: tuple[Amendment, ...]

    @property
    def version(self) -> int:
        """1 at first, one more with each amendment."""
        return 1 + len(self.amendments)

    @property
    def pending(self) -> list["Amendment"]:
        """The amendments that wait for a yes of their own."""
        return [amendment for amendment in self.amendments if amendment.confirmed_on is None]

    @property
    def status(self) -> Status:
        if self.closed_on is not None:
            return "closed"
        if self.pending:
            return "amended"
        confirmed = sum(stage.state == "confirmed" for stage in self.stages)
        if confirmed and all(stage.state in ("confirmed", "parked") for stage in self.stages):
            return "confirmed"
        if confirmed:
            return "partly-confirmed"
        return "sent" if self.sent_on is not None else "draft"

    @property
    def fields(self) -> dict[str, Any]:
        """Everything that was said, over all stages."""
        return {name: value for stage in self.stages for name, value in stage.fields.items()}

    def stage(self, name: StageName) -> Stage:
        return self.stages[STAGES.index(name)]


def fold(events: Iterable[AgreementEvent]) -> tuple[tuple[Stage, ...], tuple[Amendment, ...], date | None]:
    """Events in their order as stages, amendments, and the day on which the email was sent."""
    stages: dict[StageName, Stage] = {name: Stage(name, "open", None, None, None, {}) for name in STAGES}
    amendments: list[Amendment] = []
    sent_on: date | None = None
    for event in events:
        day = event.at.date()
        if event.kind == "sent":
            sent_on = day
        elif event.stage is not None:
            if event.kind == "amended":
                amendments.append(_amendment(len(amendments) + 1, stages[event.stage], event))
            elif event.kind == "confirmed":
                amendments = [
                    amendment._replace(confirmed_on=day)
                    if amendment.stage == event.stage and amendment.confirmed_on is None
                    else amendment
                    for amendment in amendments
                ]
            stages[event.stage] = _moved(stages[event.stage], event)
    return tuple(stages.values()), tuple(amendments), sent_on


def _moved(stage: Stage, event: AgreementEvent) -> Stage:
    """A stage after one event."""
    day = event.at.date()
    if event.kind == "agreed":
        return _agreed(stage, day)._replace(state="agreed", confirmed_on=None, confirmed_how=None)
    if event.kind == "confirmed":
        # a plain yes in writing is both, also one that is older than the note of the agreement
        stage = _agreed(stage, min(stage.agreed_on or day, day))
        return stage._replace(state="confirmed", confirmed_on=day, confirmed_how=event.how)
    if event.kind in ("disputed", "parked"):
        state: StageState = "disputed" if event.kind == "disputed" else "parked"
        return stage._replace(state=state, agreed_on=None, confirmed_on=None, confirmed_how=None)
    fields = stage.fields | {event.field or "": event.value}
    if event.kind == "amended":  # agreed it stays, but the new text waits for its own yes
        state = "agreed" if stage.state == "confirmed" else stage.state
        return stage._replace(state=state, confirmed_on=None, confirmed_how=None, fields=fields)
    if stage.state == "agreed":
        return stage._replace(fields=fields)
    said = any(value not in (None, []) for value in fields.values())
    stands: StageState = "open" if stage.state == "proposed" else stage.state  # skips alone move nothing
    return stage._replace(state="proposed" if said else stands, fields=fields)


def _agreed(stage: Stage, day: date) -> Stage:
    return stage._replace(agreed_on=day, first_agreed=min(stage.first_agreed or day, day))


def _amendment(number: int, stage: Stage, event: AgreementEvent) -> Amendment:
    field = event.field or ""
    return Amendment(
        number, stage.name, field, stage.fields.get(field), event.value, event.reason or "", event.effect or "",
        event.at.date(), None,
    )  # fmt: skip


WINDOWS: dict[str, str] = {
    "profile_review": "48h", "interview_slots": "48h", "scorecard": "24h", "debrief": "72h", "offer_decision": "24h",
    "recruiter_reply": "24h", "weekly_update": "Friday",
}  # fmt: skip
"""The windows that a kick-off proposes; hours are working time."""
WINDOW_OF = {
    "scorecard": "scorecard", "profile-review": "profile_review", "slots": "interview_slots",
    "decision": "offer_decision",
}  # fmt: skip
"""Which window says how long an answer to a request may take, by what the request is for."""


DAYS_TO_ANSWER = 3
"""Working days after the email until which it asks for a confirmation."""


def dates_of_email(day: date, *, working_week: bool) -> tuple[date, date]:
    """Until when an email of a day asks for a confirmation, and when the work on the role begins."""
    return day_after(day, DAYS_TO_ANSWER, working_week=working_week), day_after(day, working_week=working_week)


def stages_meant(typed: str) -> tuple[StageName, ...]:
    """The stages that a word means: a name or its beginning, a number from 1 on, or `all`; none if it means nothing."""
    word = typed.strip().lower()
    if word == "all":
        return STAGES
    if word.isdecimal():
        return tuple(name for number, name in enumerate(STAGES, start=1) if str(number) == word)
    found = tuple(name for name in STAGES if word and name.startswith(word))
    return found if len(found) == 1 else ()


def blanks(agreement: Agreement, names: Iterable[str]) -> list[str]:
    """What nobody has answered; windows never are, because the usual ones stand."""
    said = agreement.fields
    return [name for name in names if name != "windows" and said.get(name) in (None, [])]


def standing(amendments: Sequence[Amendment]) -> list[Amendment]:
    """The amendments that no later one of the same field replaces; of windows each is a field of its own."""
    found: list[Amendment] = []
    said: set[str] = set()
    for amendment in reversed(amendments):
        if amendment.field == "windows":
            old, new = WINDOWS | (amendment.old or {}), WINDOWS | (amendment.new or {})
            names = [name for name in new if old.get(name) != new[name] and name not in said]
            left = amendment._replace(
                old={name: old.get(name) for name in names}, new={name: new[name] for name in names}
            )
            found += [left] if names else []
            said.update(names)
        elif amendment.field not in said:
            found.append(amendment)
            said.add(amendment.field)
    return found[::-1]


def windows(agreement: Agreement) -> dict[str, str]:
    """All windows: the ones that were entered over the usual ones."""
    return WINDOWS | dict(agreement.stage("process").fields.get("windows") or {})


def hours(window: str) -> float | None:
    """`48h`, `36 hours`, `2 days` as hours; None for what is no length of time, such as a weekday."""
    number, unit = window.strip().rstrip("abcdefghijklmnopqrstuvwxyz ").strip(), window.strip().lstrip("0123456789. ")
    if not number.replace(".", "", 1).isdecimal() or len(number) > 5:
        return None
    each = {"h": 1, "hour": 1, "hours": 1, "d": 24, "day": 24, "days": 24}.get(unit)
    return None if each is None or float(number) <= 0 else float(number) * each


def agreed_hours(agreement: Agreement, purpose: str) -> float | None:
    """How long an answer may take by what was agreed; None if the process was never agreed or says nothing of it."""
    if agreement.stage("process").agreed_on is None or purpose not in WINDOW_OF:
        return None
    return hours(windows(agreement)[WINDOW_OF[purpose]])


_UPDATES = {"none": "none"} | {word: name for name in DAY_NAMES for word in (name.lower(), name[:3].lower())}
"""When a weekly update can be due, as it is typed and as it is kept."""


def read_windows(value: Any) -> dict[str, str]:
    """Lengths by the names of windows, from a map or from words. Raises ValueError, which says what it takes."""
    if isinstance(value, str):
        said = [one.strip() for one in re.split(r"[,;\n]", value) if one.strip()]
        value = dict(_split(one) for one in said)
    if not isinstance(value, dict) or not value:
        raise ValueError("it takes windows and their lengths, like: scorecard 24h, offer_decision 2 days")
    return {name: _length(name, length) for name, length in ((_name(str(key)), one) for key, one in value.items())}


def _split(said: str) -> tuple[str, str]:
    """A name of one or two words, and its length."""
    words = re.split(r"[\s:=]+", said)
    for count in (2, 1):
        name = "_".join(words[:count]).lower().replace("-", "_")
        if len(words) > count and name in WINDOWS:
            return name, " ".join(words[count:])
    return words[0], " ".join(words[1:])


def _name(typed: str) -> str:
    name = "_".join(typed.replace("-", " ").replace("_", " ").lower().split())
    if name not in WINDOWS:
        raise ValueError(f'there is no window "{typed}"; there are {", ".join(WINDOWS)}')
    return name


def _length(name: str, length: Any) -> str:
    if name == "weekly_update":
        day = _UPDATES.get(length.strip().lower()) if isinstance(length, str) else None
        if day is None:
            raise ValueError(f"{name} takes a weekday such as Friday, or none")
        return day
    if not isinstance(length, str) or hours(length.lower()) is None:
        raise ValueError(f"{name} takes a length such as 24h or 2 days")
    return " ".join(length.lower().split())
