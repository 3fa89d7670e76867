"""Sixty days with five invented managers, through the services: what the coach offers is honest, and has an end."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

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
FIRST = date(2026, 3, 2)
"""A Monday."""
DAYS = [FIRST + timedelta(days=day) for day in range(60) if (FIRST + timedelta(days=day)).weekday() < 5]
NAMES = {"wim": "Wim Warm", "sil": "Sil Silent", "hal": "Hal Harsh", "nia": "Nia New", "lea": "Lea Leaving"}
CROSSED = FIRST + timedelta(days=21)
LAST_DAY = FIRST + timedelta(days=39)
PRAISE = "praise-given"


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

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.bare: list[Offered] = []
        self.named: dict[str, list[Offered]] = defaultdict(list)
        self.sent: list[Offered] = []

    def live(self) -> None:
        for handle, name in NAMES.items():
            people.add_manager(self.journal, name, handle, {"team": "payments"})
        for handle in ("wim", "sil", "lea"):
            people.add_req(self.journal, handle, "Analyst", f"{handle}-1", FIRST - timedelta(days=20), ())
        for day in DAYS:
            self.happens(day)
            self.asks(day)

    def asks(self, day: date) -> None:
        at = datetime(day.year, day.month, day.day, 17, tzinfo=UTC)
        asking = Asking(at, None, Parameters(), {})
        offer = coaching.best(self.journal, None, WORDS, asking)
        self.bare += [_offered(day, offer)] if offer.step is not None else []
        for manager in people_store.all_managers(self.journal):
            if not manager.gone(day):
                one = coaching.best(self.journal, manager, WORDS, asking)
                self.named[manager.handle] += [_offered(day, one)]
        if day.weekday() in (1, 3) and offer.step is not None and offer.manager is not None:
            coaching.done(self.journal, offer.manager, offer.step, None, WORDS, asking)
            self.sent.append(_offered(day, offer))

    def add(self, who: str, kind: str, day: date, note: str = "") -> None:
        at = datetime(day.year, day.month, day.day, 11, tzinfo=UTC)
        entries.add(self.journal, [who], EntryDraft(0, kind, at, note=note), at, Parameters())

    def ask(self, who: str, what: str, day: date) -> int:
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        given = Given(who, "them", what, at, at + timedelta(days=2), purpose="decision")
        return promises.give(self.journal, given, at).commitment.id

    def happens(self, day: date) -> None:
        """What the five do on a day: one warm, one silent, one harsh, one new and busy, one leaving."""
        number = (day - FIRST).days
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
        if day == CROSSED:
            hal = people_store.manager(self.journal, "hal")
            private.record(self.journal, hal, day, {"BA1": True, "BA2": True})
        if day == LAST_DAY - timedelta(days=11):
            people.leave(self.journal, "lea", LAST_DAY, "nia", datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


def _offered(day: date, offer: Offer) -> Offered:
    event = any(SIGNAL[one] in EVENTS for one in offer.because)
    return Offered(day, offer.manager.handle if offer.manager else "", offer, event)


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    folder = tmp_path_factory.mktemp("sixty")
    journal = Journal.open(folder / "trustlog.db", folder / "snapshots")
    lived = Life(journal)
    lived.live()
    yield lived
    journal.close()


def test_the_silent_one_gets_four_messages_at_most(life: Life) -> None:
    asked = 2
    sent = [one for one in life.sent if one.who == "sil" and one.offer.step and one.offer.step.to == "them"]

    assert asked + len(sent) <= 4
    assert {one.step for one in life.named["sil"]} & {"PB29"}


def test_everybody_is_on_the_bare_page_once_a_fortnight_unless_they_rest(life: Life) -> None:
    for who in NAMES:
        days = [one.on for one in life.bare if one.who == who]
        until = {"lea": LAST_DAY, "hal": CROSSED}.get(who, DAYS[-1])
        # a day on which there is no step for somebody is a day of rest
        restful = [one.on for one in life.named[who] if not one.step]
        marks = sorted({FIRST, *days, *restful, until})
        marks = [day for day in marks if day <= until]
        assert max(b - a for a, b in pairwise(marks)) <= timedelta(days=14), (who, days)
        assert days, who


def in_rows(listed: list[Offered], length: int) -> Iterator[list[Offered]]:
    for start in range(len(listed) - length + 1):
        yield listed[start : start + length]


def test_no_step_comes_twice_in_a_row_unless_an_event_stands_behind_it(life: Life) -> None:
    for listed in (life.bare, *life.named.values()):
        again = [two for two in in_rows(listed, 2) if two[0].step == two[1].step != "" and not two[1].event]
        assert [(one.on, one.who, one.step) for one, _ in again] == []


def test_no_family_comes_three_days_running_unless_events_stand_behind_it(life: Life) -> None:
    for listed in (life.bare, *life.named.values()):
        runs = [
            three for three in in_rows(listed, 3)
            if len({one.family for one in three}) == 1 and three[0].family and not three[2].event
        ]  # fmt: skip
        assert [(run[0].on, run[0].who, run[0].family) for run in runs] == []


def test_five_good_things_in_a_week_are_one_word_of_praise(life: Life) -> None:
    for who, listed in life.named.items():
        thanks = [one.on for one in listed if one.offer.step and one.offer.step.kind == PRAISE]
        weeks = [sum(day <= other < day + timedelta(days=6) for other in thanks) for day in thanks]
        assert max(weeks, default=0) <= 2, (who, thanks)


def test_one_offer_in_ten_celebrates_where_there_is_something(life: Life) -> None:
    warm = [one for one in life.named["wim"] if one.step]
    assert sum(one.family == "celebrate" for one in warm) >= len(warm) / 10
    assert sum(one.family == "celebrate" for one in life.bare) >= len(life.bare) / 10


def test_nothing_is_offered_after_somebody_has_left(life: Life) -> None:
    assert [one for one in (*life.bare, *life.named["lea"]) if one.who == "lea" and one.on > LAST_DAY] == []


def test_under_a_restriction_nothing_coaches(life: Life) -> None:
    after = [one for one in life.named["hal"] if one.on >= CROSSED]
    assert {one.step for one in after if one.on < CROSSED + timedelta(days=44)} == {""}
    assert all("stands first" in one.offer.reason for one in after if one.on < CROSSED + timedelta(days=44))
    assert [one for one in life.bare if one.who == "hal" and CROSSED <= one.on < CROSSED + timedelta(days=44)] == []


def test_what_may_come_once_comes_once(life: Life) -> None:
    once = {step.id for step in WORDS.steps if step.once == "person"}
    done = [(one.who, one.step) for one in life.sent if one.step in once]
    assert len(done) == len(set(done))
