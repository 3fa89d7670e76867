"""Sixty days with five invented managers, through the services: what the coach offers is honest, and has an end."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.playbook.test_drafts import DAY, filled_with

from trustlog.domain.coaching import Offer
from trustlog.domain.coaching_signals import EVENTS
from trustlog.domain.entries import EntryDraft
from trustlog.domain.trust import Parameters
from trustlog.playbook import Playbook
from trustlog.services import coaching, entries, people, private, promises
from trustlog.services.coaching_history import Asking
from trustlog.services.promises import Given, Settling
from trustlog.store import people as people_store
from trustlog.store.journal import Journal

PLAYBOOK = Playbook(Path("/nowhere"), pytest.fail)
WORDS = PLAYBOOK.coaching
SIGNAL = {situation.id: situation.signal for situation in WORDS.situations}
STARTS = [date(2026, 3, 2) + timedelta(days=day) for day in range(0, 96, 8)]
"""Twelve days, of all weekdays."""
NAMES = {"wim": "Wim Warm", "sil": "Sil Silent", "hal": "Hal Harsh", "nia": "Nia New", "lea": "Lea Leaving"}
CROSSED, CLEARED = 21, 65
"""On which day hard words crossed a line, and until when that stands first."""
LAST_DAY = 39
PRAISE = "praise-given"
ONCE = {step.id for step in WORDS.steps if step.once == "person"}
"""The steps that come once with somebody; with the new one they are all taken on the day on which they come."""


WARM = ("help-received", "reply-received", "meeting-held", "slate-accepted")
ENTRIES: dict[int, list[tuple[str, str]]] = defaultdict(list)
for number in range(0, 60, 4):
    ENTRIES[number].append(("wim", WARM[number // 4 % 4]))
for who, kind, *days in (
    ("wim", "hire-closed", 30), ("hal", "reply-received", 2), ("hal", "harsh-exchange", 10, 18),
    ("nia", "reply-received", 14, 28, 42, 56), ("lea", "reply-received", 1, 15),
):  # fmt: skip
    for number in days:
        ENTRIES[number].append((who, kind))


class Offered(NamedTuple):
    """What was offered on a day, to whom, and whether an event stood behind it."""

    on: date
    who: str
    offer: Offer
    event: bool

    @property
    def step(self) -> str:
        return self.offer.step.id if self.offer.step is not None else ""

    @property
    def family(self) -> str:
        return self.offer.step.category if self.offer.step is not None else ""


class Life:
    """The journal of those days, what the bare page offered, what was offered by name, and what was done."""

    def __init__(self, journal: Journal, first: date) -> None:
        self.journal = journal
        self.first = first
        self.bare: list[Offered] = []
        self.named: dict[str, list[Offered]] = defaultdict(list)
        self.sent: list[Offered] = []

    def live(self) -> "Life":
        for handle, name in NAMES.items():
            people.add_manager(self.journal, name, handle, {"team": "payments"})
        for handle in ("wim", "sil", "lea"):
            people.add_req(self.journal, handle, "Analyst", f"{handle}-1", self.first - timedelta(days=20), ())
        for number in range(60):
            day = self.first + timedelta(days=number)
            self.happens(number, day)
            if day.weekday() < 5:
                self.asks(day)
        return self

    def number(self, day: date) -> int:
        """How many days after the start a day is."""
        return (day - self.first).days

    def asks(self, day: date) -> None:
        at = datetime(day.year, day.month, day.day, 17, tzinfo=UTC)
        asking = Asking(at, None, Parameters(), {})
        offer = coaching.best(self.journal, None, WORDS, asking)
        self.bare.append(_offered(day, offer))
        for manager in people_store.all_managers(self.journal):
            if not manager.gone(day):
                one = coaching.best(self.journal, manager, WORDS, asking)
                self.named[manager.handle] += [_offered(day, one)]
        of_nia = self.named["nia"][-1]
        if of_nia.offer.step is not None and of_nia.offer.manager is not None and of_nia.step in ONCE:
            coaching.done(self.journal, of_nia.offer.manager, of_nia.offer.step, None, asking)
            self.sent.append(of_nia)
        elif day.weekday() in (1, 3) and offer.step is not None and offer.manager is not None:
            coaching.done(self.journal, offer.manager, offer.step, None, asking)
            self.sent.append(_offered(day, offer))

    def add(self, who: str, kind: str, day: date, note: str = "") -> None:
        at = datetime(day.year, day.month, day.day, 11, tzinfo=UTC)
        entries.add(self.journal, [who], EntryDraft(0, kind, at, note=note), at, Parameters())

    def ask(self, who: str, what: str, day: date) -> int:
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        given = Given(who, "them", what, at, at + timedelta(days=2), purpose="decision")
        return promises.give(self.journal, given, at).commitment.id

    def happens(self, number: int, day: date) -> None:
        """What the five do on a day: one warm, one silent, one harsh, one new and busy, one leaving."""
        for who, kind in ENTRIES.get(number, ()):
            self.add(who, kind, day)
        if number in (0, 3):
            self.ask("sil", "yes or no on C.D.", day)
        if number == 9:
            loop = self.ask("wim", "yes or no on A.B.", day)
            at = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
            promises.settle(self.journal, loop, Settling("kept", at), at)
        if number == 7:
            people.add_req(self.journal, "nia", "Data analyst", "nia-1", day, ())
        if number == CROSSED:
            hal = people_store.manager(self.journal, "hal")
            private.record(self.journal, hal, day, {"BA1": True, "BA2": True})
        if number == LAST_DAY - 11:
            people.leave(
                self.journal,
                "lea",
                day + timedelta(days=11),
                "nia",
                datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
            )


def _offered(day: date, offer: Offer) -> Offered:
    event = any(SIGNAL[one] in EVENTS for one in offer.because)
    return Offered(day, offer.manager.handle if offer.manager else "", offer, event)


def the_silent_one_gets_four_messages_at_most(life: Life) -> object:
    sent = [one for one in life.sent if one.who == "sil" and one.offer.step and one.offer.step.to == "them"]
    return 2 + len(sent) > 4 or not {"PB29", "PB48", "PB49"} & {one.step for one in life.named["sil"]}


def everybody_is_on_the_bare_page_once_a_fortnight_unless_they_rest(life: Life) -> object:
    left_out = []
    for who in NAMES:
        until = {"lea": LAST_DAY, "hal": CROSSED}.get(who, 59)
        # a day on which there is no step for somebody is a day of rest
        restful = [life.number(one.on) for one in life.named[who] if not one.step]
        seen = [life.number(one.on) for one in life.bare if one.who == who]
        marks = sorted({0, until, *(number for number in (*seen, *restful) if number <= until)})
        left_out += [(who, a, b) for a, b in pairwise(marks) if b - a > 14 or not seen]
    return left_out


def in_rows(life: Life, length: int) -> Iterator[list[Offered]]:
    for listed in (life.bare, *life.named.values()):
        for start in range(len(listed) - length + 1):
            yield listed[start : start + length]


def no_step_comes_twice_in_a_row_unless_an_event_stands_behind_it(life: Life) -> object:
    return [two for two in in_rows(life, 2) if two[0].step == two[1].step != "" and not two[1].event]


def no_family_comes_three_days_running_unless_events_stand_behind_it(life: Life) -> object:
    return [
        three for three in in_rows(life, 3)
        if len({one.family for one in three}) == 1 and three[0].family and not three[2].event
    ]  # fmt: skip


def five_good_things_in_a_week_are_one_word_of_praise(life: Life) -> object:
    too_many = []
    for who, listed in life.named.items():
        thanks = [one.on for one in listed if one.offer.step and one.offer.step.kind == PRAISE]
        weeks = [sum(day <= other < day + timedelta(days=6) for other in thanks) for day in thanks]
        too_many += [(who, thanks)] if max(weeks, default=0) > 2 else []
    return too_many


def one_offer_in_ten_celebrates_where_there_is_something(life: Life) -> object:
    both = ([one for one in listed if one.step] for listed in (life.named["wim"], life.bare))
    return [
        (sum(one.family == "celebrate" for one in listed), len(listed)) for listed in both
        if sum(one.family == "celebrate" for one in listed) < len(listed) / 10
    ]  # fmt: skip


def nothing_is_offered_after_somebody_has_left(life: Life) -> object:
    listed = (*life.bare, *life.named["lea"])
    return [one for one in listed if one.who == "lea" and life.number(one.on) > LAST_DAY]


def under_a_restriction_nothing_coaches(life: Life) -> object:
    after = [one for one in life.named["hal"] if CROSSED <= life.number(one.on) < CLEARED]
    coached = [one for one in after if one.step or "stands first" not in one.offer.reason]
    return coached + [
        one for one in life.bare if one.who == "hal" and one.step and CROSSED <= life.number(one.on) < CLEARED
    ]


def what_may_come_once_comes_once(life: Life) -> object:
    done = {(one.who, one.step): one.on for one in reversed(life.sent) if one.step in ONCE}
    later = (*life.bare, *(one for listed in life.named.values() for one in listed))
    return not done or [one for one in later if one.on > done.get((one.who, one.step), date.max)]


FILLED = {
    *NAMES, *(name.split()[0] for name in NAMES.values()), "the payments team", "Analyst", "Data analyst",
    "yes or no on A.B.", "yes or no on C.D.",
}  # fmt: skip
"""What the journal of these days can fill a place with, beside days."""


def every_draft_says_only_what_the_journal_says(life: Life) -> object:
    offers = [one.offer for listed in (life.bare, *life.named.values()) for one in listed if one.step]
    return [
        (offer.draft, place, word)
        for offer in offers
        for place, word in filled_with(offer).items()
        if word not in FILLED and word != f"[{WORDS.blanks.get(place)}]" and not re.fullmatch(DAY, word)
    ]


LAWS = [
    the_silent_one_gets_four_messages_at_most, everybody_is_on_the_bare_page_once_a_fortnight_unless_they_rest,
    no_step_comes_twice_in_a_row_unless_an_event_stands_behind_it,
    no_family_comes_three_days_running_unless_events_stand_behind_it,
    five_good_things_in_a_week_are_one_word_of_praise, one_offer_in_ten_celebrates_where_there_is_something,
    nothing_is_offered_after_somebody_has_left, under_a_restriction_nothing_coaches, what_may_come_once_comes_once,
    every_draft_says_only_what_the_journal_says,
]  # fmt: skip
"""Each answers with what breaks it, which is nothing."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[date], Life]]:
    journals = []

    @cache
    def live(first: date) -> Life:
        folder = tmp_path_factory.mktemp("sixty")
        journals.append(Journal.open(folder / "trustlog.db", folder / "snapshots"))
        return Life(journals[-1], first).live()

    yield live
    for journal in journals:
        journal.close()


@pytest.mark.parametrize("law", LAWS)
def test_sixty_days_keep_the_law(lived: Callable[[date], Life], law: Callable[[Life], object]) -> None:
    assert not law(lived(STARTS[0]))


@pytest.mark.long
@pytest.mark.parametrize("first", STARTS, ids=str)
def test_sixty_days_keep_every_law_from_whatever_day_they_begin(
    lived: Callable[[date], Life], first: date
) -> None:  # fmt: skip
    assert {law.__name__: broken for law in LAWS if (broken := law(lived(first)))} == {}
