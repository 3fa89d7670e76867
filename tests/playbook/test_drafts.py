"""The law of drafts: a word of a draft is the template's frame, the journal's, or a question in [brackets]."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trustlog.domain.coaching_history import CATEGORIES
from trustlog.domain.days import DAY_NAMES
from trustlog.domain.entries import KINDS, EntryDraft
from trustlog.domain.praise import CHANNELS, praise_sentence
from trustlog.domain.text import answered, filled, marked, places_of, questions, unmarked
from trustlog.domain.trust import Parameters
from trustlog.playbook import Playbook
from trustlog.playbook.claims import claimed
from trustlog.playbook.files import shipped
from trustlog.services import coaching, entries, finding, people, praise, promises
from trustlog.services.coaching_history import Asking
from trustlog.store.journal import Journal

if TYPE_CHECKING:
    from trustlog.domain.coaching import Offer

BOOK = Playbook(Path("/nowhere"), pytest.fail)
WORDS = BOOK.coaching
NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "template",
    [
        "Your note on {initials} named the exact moment they lost you.",
        "Kudos to {name}: every candidate had an answer by evening, and one told us it was quick.",
        "Before we go on: {name} cut the exercise down to an hour.",
        "We did not land {initials}, and you still rang them yourself.",
        "{initials} has signed.",
        "Two finalists have since withdrawn.",
        "You’ve already agreed to it, {name}.",
        "They wrote to say how much that meant.",
        "The panel wasn't ready on {day}.",
        "Your quick answers of {day} saved us a week.",
        "You have been a great help, {name}.",
        "{name}, you always answer within the hour.",
        "They never keep candidates waiting.",
        "As you said, speed matters.",
        "As agreed, I start on {soon}.",
        "Thanks for the quick answers, {name}.",
        "Thank you so much for your time today.",
        "It was a pleasure to meet you.",
        "Great talking to you yesterday.",
        "The panel has seen both of them.",
        "The shortlist wasn’t ready on {day}.",
        "Our last search had been a long one.",
    ],
)
def test_a_claim_about_them_without_a_place_is_told(template: str) -> None:
    assert claimed(template) is not None


@pytest.mark.parametrize(
    "template",
    [
        "You told me: “{feedback}”.",
        "We met on {day}: [what came of it]",
        "{name}, did you see it?",
        "Tell me what you expected instead.",
        "If I have not heard from you by {soon}, I will {safe_default}.",
        "I said {date}, and I did not keep it.",
        "Your team needs a speedy answer, and you have a part in it.",
        "Could you look at the agreed plan?",
        "What you did {day}: {did}.",
        "The plan is settled; you proceed when you like.",
        "Thank you for this: {did}.",
        "Thank you. As you like.",
        "Have you always done it like this?",
        "The more advanced, the better.",
        "As agreed: {what}.",
    ],
)
def test_what_is_asked_supposed_mine_or_has_a_place_is_no_claim(template: str) -> None:
    assert claimed(template) is None


def test_no_step_of_ours_claims_anything() -> None:
    assert [block["id"] for block in shipped("steps.toml")["step"] if claimed(block["template"])] == []


MISTAKES = {
    "steps.toml": '# mine\n[[step]]\nid = "PB18"\ntemplate = "{name}, everybody loved your talk."\n',
    "praise.toml": '# mine\n[channels]\nmeeting = "{name} saved the week."\n',
    "update.toml": '# mine\n[lines]\nnews = "Two finalists have withdrawn."\n',
    "handover.toml": '# mine\n[lines]\nplate = "they have always been kind"\n',
    "kickoff.toml": '# mine\n[email]\nopening = "Hi, you agreed to everything."\n',
    "scripts/prep.toml": '# mine\n[drafts]\nmove = "Hi {first_name}, you asked me to move it."\n',
}


@pytest.mark.parametrize("name", MISTAKES)
def test_an_own_template_that_claims_is_named_with_its_line_and_ours_is_used(tmp_path: Path, name: str) -> None:
    own = tmp_path / name
    own.parent.mkdir(exist_ok=True)
    own.write_text(MISTAKES[name], "utf-8")
    told: list[str] = []
    book = Playbook(tmp_path, told.append)

    book.read_all()

    assert len(told) == 1
    assert re.match(rf"{re.escape(str(own))}, line 3: .* claims “.*”, which no journal says; ", told[0])
    assert book.coaching == WORDS
    assert (book.praise, book.update, book.kickoff) == (BOOK.praise, BOOK.update, BOOK.kickoff)
    assert book.handover == BOOK.handover
    assert book.script("prep").drafts == BOOK.script("prep").drafts


def test_a_bracket_of_the_journal_is_no_question() -> None:
    draft = filled(marked("{what}: [what it changed], [your name]."), {"what": "the [old] ad"})

    assert questions(draft) == ("what it changed", "your name")
    assert (
        unmarked(answered(draft, {"your name": "Ana", "what it changed": ""}))
        == "the [old] ad: [what it changed], Ana."
    )


class Told(NamedTuple):
    """A generated journal's texts and events."""

    team: str
    title: str
    texts: list[str]
    events: list[tuple[str, int, int]]


# letters that no template has, so that a word which is not the journal's is found
TEXTS = st.text("ǅÞŦŊ ĦŁ", min_size=3, max_size=24).map(lambda text: f"ŊŦ{text.strip()}")
EVENT = st.tuples(
    st.sampled_from(
        [*(name for name in KINDS if name != "note"), "promise", "ask", "scorecard", "risk", "jar", "role"]
    ),
    st.integers(0, 40),
    st.integers(0, 4),
)
JOURNALS = st.builds(
    Told, TEXTS, TEXTS, st.lists(TEXTS, min_size=5, max_size=5), st.lists(EVENT, min_size=1, max_size=8)
)
NAMED = "|".join(DAY_NAMES)
DAY = rf"(today|yesterday|tomorrow|(on )?({NAMED})|(on )?\d{{1,2}} [A-Z][a-z]{{2}}( \d{{4}})?)"
WINDOW = r"the same day|[a-z0-9]+ (working )?days?"


def told_by(word: str, place: str, journal: Told) -> bool:
    """Whether a place is filled by the journal, by a day of it, or stands open."""
    own = [*journal.texts, journal.title, "Dana", "dana", f"the {journal.team} team"]
    own += [f"“{text}” came before its time" for text in journal.texts]
    days = re.fullmatch(WINDOW if place == "window" else DAY, word)
    risky = re.fullmatch(rf"“(.*)” may not be ready {DAY}", word)
    stage = word in WORDS.stages.values()
    return bool(word in own or days or stage or word == f"[{WORDS.blanks.get(place)}]" or (risky and risky[1] in own))


def filled_with(offer: Offer) -> dict[str, str]:
    """What stands in each place of the draft; the rest of it is the template, letter by letter."""
    assert offer.step is not None
    names = places_of(offer.step.template)
    frame = "(.*)".join(re.escape(part) for part in re.split(r"\{\w+\}", offer.step.template))
    found = re.fullmatch(frame, offer.draft, re.DOTALL)
    assert found, offer.draft
    return dict(zip(names, found.groups(), strict=True))


def written(journal: Journal, told: Told) -> None:
    """The events in a real journal."""
    dana = people.add_manager(journal, "Dana Ortiz", "dana", {"team": told.team})
    for number, (kind, age, which) in enumerate(told.events):
        at, text = NOW - timedelta(days=age), told.texts[which]
        if kind == "role":
            people.add_req(journal, "dana", told.title, f"R{number}", at.date(), ())
        elif kind == "jar":
            praise.notice(journal, "dana", text, at.date())
        elif kind in ("promise", "risk", "ask", "scorecard"):
            side: Any = "me" if kind in ("promise", "risk") else "them"
            purpose = "scorecard" if kind == "scorecard" else "other"
            due = at + timedelta(days=which + 1)
            given = promises.Given("dana", side, text, at, due, purpose=purpose, at_risk=kind == "risk")
            done = promises.give(journal, given, NOW)
            if which == 0:
                promises.settle(
                    journal, done.commitment.id, promises.Settling("kept", min(at + timedelta(hours=2), NOW)), NOW
                )
        else:
            draft = EntryDraft(dana.id, kind, at, note=text, did=text if kind == "praise-given" else None)
            with journal.change("test"):
                entries.write(journal, dana, draft)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed journal to be copied: making one takes longer than a whole example."""
    folder = tmp_path_factory.mktemp("blank")
    Journal.open(folder / "trustlog.db", folder / "snapshots").close()
    return folder / "trustlog.db"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=JOURNALS)
def test_every_word_of_a_draft_is_frame_journal_or_question(blank: Path, told: Told) -> None:
    with TemporaryDirectory() as folder:
        journal = Journal.open(Path(shutil.copy(blank, folder)), Path(folder) / "snapshots")
        try:
            written(journal, told)
            dana = finding.manager(journal, "dana")
            found = [
                offer
                for family in (None, *CATEGORIES)
                for offer in coaching.offers(journal, dana, WORDS, Asking(NOW, family, Parameters(), {}))
            ]
        finally:
            journal.close()

    assert {offer.step.category for offer in found if offer.step} >= {"ask-help", "feedback", "boundaries"}
    for offer in found:
        for place, word in filled_with(offer).items():
            assert told_by(word, place, told), (offer.draft, place, word)


@settings(max_examples=25)
@given(did=TEXTS, changed=TEXTS, channel=st.sampled_from(CHANNELS))
def test_praise_says_what_was_typed_and_no_more(did: str, changed: str, channel: str) -> None:
    places = {"first_name": "Dana", "name": "Dana Ortiz", "did": did, "changed": changed, "day": "today"}
    bare = dict.fromkeys(places, "")

    said = unmarked(praise_sentence(BOOK.praise[channel], places))
    frame = unmarked(praise_sentence(BOOK.praise[channel], bare))

    for word in sorted(places.values(), key=len, reverse=True):
        said = said.replace(" ".join(word.split()), "")
    assert "".join(said.split()) == "".join(frame.split())
