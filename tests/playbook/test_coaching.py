"""The small steps and their situations: both ways, from the words to the functions and back."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from trustlog.domain.coaching import PLACES, candidates
from trustlog.domain.coaching_history import CATEGORIES, PROMISE, History, Step
from trustlog.domain.coaching_signals import EVENTS, Found
from trustlog.domain.coaching_states import CONDITIONS, STATES, Current, Situation
from trustlog.domain.entries import KINDS
from trustlog.domain.people import Manager, Req
from trustlog.domain.standing import read
from trustlog.domain.text import places_of
from trustlog.domain.trust import Parameters
from trustlog.playbook import Playbook
from trustlog.playbook.coaching import SETTLED, TOLD

WORDS = Playbook(Path("/nowhere"), pytest.fail).coaching
HISTORY = History(Manager(1, "u", "dana", "Dana Ortiz"), datetime(2026, 11, 23, 9, tzinfo=UTC), None, None)
READING = read((), date(2026, 11, 23), Parameters())


def test_there_are_53_steps_and_30_situations() -> None:
    assert [one.id for one in WORDS.steps] == [f"PB{number:02}" for number in range(1, 54)]
    assert len({one.id for one in WORDS.situations}) == 30


def test_every_signal_belongs_to_one_situation_and_every_situation_to_a_signal() -> None:
    assert sorted(one.signal for one in WORDS.situations) == sorted([*EVENTS, *STATES])


def test_every_situation_calls_for_a_step_and_every_step_answers_one() -> None:
    called = {name for step in WORDS.steps for name in step.when}

    assert called == {one.id for one in WORDS.situations}
    assert all(step.when for step in WORDS.steps)


@pytest.mark.parametrize("step", WORDS.steps, ids=lambda step: step.id)
def test_every_step_is_reached_by_each_of_its_situations(step: Step) -> None:
    step = step._replace(not_when=(), rung=None)  # conditions and rungs have tests of their own
    for situation in WORDS.situations:
        found = [Current(situation, Found({}), 0)]
        ids = {one.step.id for one in candidates([step], found, HISTORY, READING, ())}

        silenced = situation.id == "SIT-NOREPLY-7" and step.to == "them"
        assert (step.id in ids) is (situation.id in step.when and not silenced)


@pytest.mark.parametrize("step", WORDS.steps, ids=lambda step: step.id)
def test_a_step_asks_little_and_says_what_is_known(step: Step) -> None:
    assert step.category in CATEGORIES
    assert step.kind in {*KINDS, PROMISE} - SETTLED
    assert step.category != "ask-help" or step.their_min <= 5
    assert all(place in PLACES or place in WORDS.blanks for place in places_of(step.template))
    assert all(condition in CONDITIONS or condition in WORDS.conditions for condition in step.not_when)


DAY = timedelta(days=1)
TODAY = HISTORY.today
OPEN = Req(1, "r", "dana", "a", "Analyst", TODAY - 9 * DAY)
CLOSED = OPEN._replace(closed_on=TODAY - 20 * DAY, opened_on=TODAY - 90 * DAY)
NEW_ROLE = OPEN._replace(opened_on=TODAY)
HIRED = HISTORY._replace(hired_lately=True)


@pytest.mark.parametrize(
    ("name", "situation", "without", "having"),
    [
        *((name, "SIT-LOW-A", HISTORY, HISTORY._replace(reqs=(OPEN,))) for name in ("PB26", "PB33")),
        ("PB06", "SIT-NEW", HISTORY, HISTORY._replace(reqs=(OPEN,))),
        ("PB06", "SIT-NEW", HISTORY._replace(reqs=(OPEN,), first_on=TODAY - 15 * DAY), HISTORY._replace(reqs=(OPEN,))),
        ("PB08", "SIT-NEW", HISTORY._replace(first_on=TODAY - 15 * DAY), HISTORY),
        ("PB24", "SIT-CELEBRATE", HIRED, HIRED._replace(reqs=(OPEN,))),
        ("PB37", "SIT-STEADY", HISTORY._replace(reqs=(OPEN,)), HISTORY._replace(reqs=(CLOSED,))),
        ("PB38", "SIT-LOW-A", HISTORY._replace(reqs=(NEW_ROLE,)), HISTORY._replace(reqs=(OPEN,))),
        ("PB38", "SIT-STEADY", HISTORY, HISTORY._replace(reqs=(CLOSED,))),
    ],
)  # fmt: skip
def test_a_step_waits_for_what_its_words_take_for_granted(
    name: str, situation: str, without: History, having: History
) -> None:
    found = [Current(next(one for one in WORDS.situations if one.id == situation), Found({}), 0)]

    def offers(history: History) -> bool:
        return name in {one.step.id for one in candidates(WORDS.steps, found, history, READING, ())}

    assert (offers(without), offers(having)) == (False, True)


def test_every_blank_and_every_condition_stands_in_a_step() -> None:
    places = {place for step in WORDS.steps for place in places_of(step.template)}
    asked = {name for step in WORDS.steps for name in step.not_when}

    assert set(WORDS.blanks) == places - {"name", "handle", "team", "today", "soon"}
    assert {one.test or one.id for one in WORDS.conditions.values()} == asked


def test_every_place_that_the_journal_fills_is_used() -> None:
    used = {place for step in WORDS.steps for place in places_of(step.template)}

    assert PLACES - used <= {"handle"}


@pytest.mark.parametrize("situation", WORDS.situations, ids=lambda one: one.id)
def test_a_reason_is_half_a_sentence(situation: Situation) -> None:
    assert not situation.because.endswith(".")
    assert "!" not in situation.because


def test_every_signal_says_which_places_a_reason_may_use() -> None:
    assert set(TOLD) == {*EVENTS, *STATES}


@pytest.mark.parametrize(
    ("signal", "because", "problem"),
    [
        ("offer_lost", "{weather} {day}", "SIT-MINE: because has no place {weather}; there are: {day}, {happened}"),
        # the role is not always known
        ("offer_lost", "{role} {day}", "SIT-MINE: because has no place {role}; there are: {day}, {happened}"),
        ("line_crossed", "{day}", "SIT-MINE: because has no place {day}; there are: none"),
    ],
)
def test_an_own_reason_with_a_place_that_nothing_fills_is_named_and_ours_are_used(
    tmp_path: Path, signal: str, because: str, problem: str
) -> None:
    own = tmp_path / "situations.toml"
    own.write_text(f'[[situation]]\nid = "SIT-MINE"\nsignal = "{signal}"\nbecause = "{because}"\n', "utf-8")
    told: list[str] = []

    assert Playbook(tmp_path, told.append).coaching.situations == WORDS.situations
    assert told == [f"{own}, line 4: {problem}. Mend it or move it away; the shipped words are used meanwhile."]
