"""Rows of the subject, each in normal use: what the seed of the program asked for and what it became."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.playbook.test_wording import code, offending, playbook

if TYPE_CHECKING:
    from tests.conftest import Call

pytestmark = pytest.mark.usefixtures("two")

PREP = ["prep-feedback", "dana", "--minutes", "15", "--no-input"]


def ago(days: int) -> str:
    return (date.today() - timedelta(days=days)).isoformat()


def done(call: Call, *commands: list[str]) -> None:
    for words in commands:
        assert call(*words).code == 0, words


def step(call: Call, family: str, ident: str) -> dict[str, Any]:
    found = call("next", "dana", "--for", family, "--all", "--json").data["steps"]
    return next(one["step"] for one in found if one["step"]["id"] == ident)


def test_s2_what_went_well_opens_with_what_the_recruiter_did(call: Call) -> None:
    done(
        call,
        ["add", "dana", "gave me four scorecards", "-k", "help-received"],
        ["add", "dana", "the market note", "-k", "insight-shared"],
    )

    said = call("report", "--me").says()

    assert said.index("What you did") < said.index("What came back")


def test_s3_a_hard_patch_is_called_normal_and_nothing_is_called_a_failure() -> None:
    assert offending(re.compile(r"\b(you failed|(a|your|of) failures?)\b", re.I), [*code(), *playbook()]) == []
    assert any("Hard patches with a manager are normal" in text.words for text in code())


@pytest.mark.parametrize("tag", ["requirements", "failed-interview", "hard-to-fill"])
def test_s4_what_keeps_people_awake_is_a_tag_and_the_day_after_asks_what_followed_home(call: Call, tag: str) -> None:
    done(
        call,
        ["add", "dana", "a long day", "-k", "meeting-held", "--tag", tag],
        ["debrief", "dana", "--set", "checkin_optin=yes", "--set", "headline=h", "--when", ago(1)],
    )

    assert call("log", "--tag", tag, "--json").data["entries"][0]["tags"] == [tag]
    asked = call("checkin", "dana", "--set", "carry_over=2", "--include-reflections", "--json").says()
    assert '"carry_over": 2' in asked


@pytest.mark.parametrize(
    ("words", "situation"),
    [
        (["add", "dana", "two more must-haves", "-k", "note", "--tag", "requirements"], "SIT-REQUIREMENTS"),
        (["add", "dana", "it went badly", "-k", "note", "--tag", "failed-interview"], "SIT-FAILED-INTERVIEW"),
        (["req", "add", "dana", "Analyst", "--tag", "hard-to-fill"], "SIT-HARD"),
    ],
)
def test_s4_each_of_these_worries_calls_for_a_step(call: Call, words: list[str], situation: str) -> None:
    done(call, words)

    offered = call("next", "dana", "--all", "--json").data["steps"]

    assert any(situation in one["because"] for one in offered)


def test_s6_open_hiring_problems_stand_beside_the_relationship_and_no_cause_is_claimed(call: Call) -> None:
    done(
        call,
        ["req", "add", "dana", "Analyst", "--opened", ago(60), "--tag", "hard-to-fill"],
        ["add", "dana", "answered in ten minutes", "-k", "reply-received"],
    )

    page = " ".join(call("report", "dana").says().split())

    assert page.index("unknown") < page.index("Analyst (open for 60 days, marked as hard to fill)")
    assert not re.search(r"\b(because|therefore|thanks to|leads? to|so that)\b", page)
    role = call("report", "dana", "--json").data["managers"][0]["roles"][0]
    assert (role["opened_on"], role["hard"]) == (ago(60), True)


def test_s8_a_search_that_ends_without_a_hire_still_counts_as_something_learned(call: Call) -> None:
    done(
        call,
        ["req", "add", "dana", "Analyst", "--code", "PA-1"],
        ["req", "close", "PA-1"],
    )

    offered = call("next", "dana", "--all", "--json").data["steps"]
    kept = next(one for one in offered if one["step"]["id"] == "PB46")

    assert "hire" not in kept["step"]["draft"]
    assert "SIT-CLOSED" in kept["because"]
    done(call, ["me", "learned", "ask for one example", "--from", "dana"])
    assert "ask for one example" in str(call("me", "--json").data)
    assert "hire" not in call("report", "--me").says().lower()
    assert "hires" not in call("report", "--me", "--json").data["me"]


def test_s15_help_is_asked_for_where_it_will_be_used_and_what_came_of_it_is_told(call: Call) -> None:
    assert "will really use" in step(call, "ask-help", "PB01")["advice"]
    done(call, ["add", "dana", "two lines of the ad", "-k", "help-received"])

    told = call("next", "dana", "--json").data

    assert told["because"][0] == "SIT-HELPED"
    assert "What came of it:" in told["step"]["draft"]
    asking = call("next", "dana", "--for", "ask-help", "--all", "--json").data["steps"]
    assert all(one["step"]["their_min"] <= 5 for one in asking), "little effort for them"
    done(call, ["praise", "dana", "--did", "two lines", "--changed", "three replies"])
    after = call("next", "dana", "--all", "--json").data["steps"]
    assert not any("SIT-HELPED" in one["because"] for one in after)


def test_s18_one_small_thing_about_the_person_is_asked_once_and_a_no_is_fine(call: Call) -> None:
    offered = step(call, "unknown-factor", "PB50")

    assert "A no is fine" in offered["draft"]
    assert offered["their_min"] <= 2
    done(call, ["next", "dana", "--done", "PB50"])
    left = call("next", "dana", "--for", "unknown-factor", "--all", "--json").data["steps"]
    assert "PB50" not in {one["step"]["id"] for one in left}


def test_s21_how_many_contacts_asked_for_nothing_is_told_from_five_on(call: Call) -> None:
    for kind in ("small-talk", "small-talk", "insight-shared", "ask-help"):
        done(call, ["add", "dana", "n", "-k", kind])
    assert "asked for nothing" not in call("report", "dana").says()
    done(call, ["add", "dana", "a coffee", "-k", "small-talk"])

    assert "4 of 5 asked for nothing" in " ".join(call("report", "dana").says().split())
    contact = call("report", "dana", "--json").data["managers"][0]["practice"]["contact"]
    assert contact["asked_nothing"] == 4


def test_s24_what_is_at_stake_is_asked_and_a_verdict_becomes_a_question(call: Call) -> None:
    done(call, [*PREP, "--set", "stake=my rating", "--set", "reframe=what could I practise"])

    kept = call("prep-feedback", "dana", "--card", "--include-reflections", "--json").says()

    assert '"stake": "my rating"' in kept
    assert '"reframe": "what could I practise"' in kept
    assert "my rating" not in call("export", "--format", "json").out


def test_s36_a_stage_needs_a_yes_and_a_confirmation(call: Call) -> None:
    done(call, ["kickoff", "start", "dana", "Analyst", "--code", "PA-1", "--set", "why_now=growth", "--agreed", "1"])

    def stage() -> Any:
        return call("kickoff", "show", "PA-1", "--json").data["agreement"]["stages"][0]

    assert (stage()["state"], stage()["confirmed_on"]) == ("agreed", None)
    done(call, ["kickoff", "confirm", "PA-1", "discovery", "--how", "email"])
    assert stage()["state"] == "confirmed"
    assert stage()["agreed_on"]
    assert stage()["confirmed_on"]


def test_s46_thanks_can_be_said_where_others_read_them(call: Call) -> None:
    said = call(
        "praise", "dana", "--did", "four scorecards", "--changed", "quick answers", "--on", "today",
        "-c", "kudos-chat", "--draft",
    )  # fmt: skip

    assert said.out.startswith("Thank you, Dana Ortiz. What you did today: four scorecards.")
    assert "{" not in step(call, "praise", "PB19")["draft"]


def test_s48_nobody_is_thanked_in_public_who_would_rather_not_be(call: Call) -> None:
    said = call("praise", "dana", "--did", "four scorecards", "--changed", "x", "-c", "meeting", "--draft")
    assert "Ask Dana first whether the spotlight is welcome" in said.err

    done(call, ["manager", "edit", "dana", "--public-praise-ok", "no"])

    words = ["praise", "dana", "--did", "four scorecards", "--changed", "x", "-c", "meeting", "--json"]
    assert "would rather not be praised in public" in call(*words).fails(1, "conflict")
    families = call("next", "dana", "--for", "praise", "--all", "--json").data["steps"]
    assert not {"PB19", "PB20"} & {one["step"]["id"] for one in families}


def test_s53_messages_that_ask_and_messages_that_do_not_are_told_apart_from_five_of_each_on(call: Call) -> None:
    def lines() -> str:
        return call("report", "dana").says()

    for number in range(5):
        kinds = (("update-sent", "push"), ("insight-shared", "pull"))
        for kind, approach in kinds[: 2 if number < 4 else 1]:
            done(call, ["add", "dana", "n", "-k", kind, "--approach", approach, "-w", ago(20 + number)])
    assert "asking nothing" not in lines().lower()
    assert not re.search(r"pull|push", lines())

    done(call, ["add", "dana", "n", "-k", "insight-shared", "--approach", "pull", "-w", ago(30)])
    replies = call("report", "--me", "--json").data["me"]["replies"]
    assert (replies["push"]["sent"], replies["pull"]["sent"]) == (5, 5)
    log = call("log", "dana", "--json").data["entries"]
    assert {one["approach"] for one in log} == {"push", "pull"}


def test_s55_the_slot_in_a_meeting_is_asked_for_and_nobody_is_named_as_slow(call: Call) -> None:
    done(call, ["add", "dana", "the analyst signed", "-k", "hire-closed", "-w", ago(1)])

    offered = step(call, "pull", "PB24")

    assert offered["draft"].startswith("May I have three minutes in")
    assert offered["asks"] == ["Will it single out nobody as slow?"]
    assert "Dana" not in offered["draft"]


def test_s56_a_prize_for_referrals_is_checked_first_and_no_likes_are_told_as_a_wish(call: Call) -> None:
    done(call, ["manager", "edit", "dana", "--likes", "climbing"])

    offered = step(call, "pull", "PB25")

    assert offered["asks"] == ["Have you checked the rules for referrals, gifts and tax?"]
    assert "climbing" not in offered["draft"]


def test_s64_the_preparation_is_the_plan_for_oneself_and_stays_with_the_debrief(call: Call) -> None:
    plan = {"purpose": "one example", "if_cue": "it gets loud", "then_action": "I breathe", "aftercare": "a walk"}
    done(call, [*PREP, *(word for name, said in plan.items() for word in ("--set", f"{name}={said}"))])

    card = " ".join(call("prep-feedback", "dana", "--card", "--include-reflections", "--json").data["card"])
    kept = call("debrief", "dana", "--set", "headline=h", "--include-reflections", "--json").data["conversation"]

    assert all(said in card for said in plan.values())
    assert plan.items() <= kept["answers"]["prep"].items()


def test_s64_a_preparation_without_an_answer_is_no_conversation(call: Call) -> None:
    done(call, PREP)
    assert call("report", "dana", "--json").data["managers"][0]["conversations"] == []
    assert call("--json").data["not_debriefed"] == []


def test_s69_a_request_for_feedback_says_how_to_give_it(call: Call) -> None:
    asked = "I would value your input on the screens. One moment helps. I will use it to change the notes."
    done(call, [*PREP, "--set", f"ask_instructions={asked}"])

    card = call("prep-feedback", "dana", "--card", "--json").data["card"]

    assert f"I ask: {asked}" in card


def test_s72_where_a_line_was_crossed_the_tool_says_what_happened_and_judges_nobody(call: Call) -> None:
    done(call, ["boundary", "dana", "--set", "BA2=yes", "--when", ago(10)])
    told = call("boundary", "dana", "--set", "BA3=yes", "--json")

    assert told.data["level"] == "L2"
    assert "toxic" not in told.out
    families = {one["step"]["category"] for one in call("next", "dana", "--all", "--json").data["steps"]}
    assert families
    assert families <= {"boundaries", "self-care", "expectations"}


def test_s74_ones_own_practice_is_seen_to_grow(call: Call) -> None:
    done(
        call,
        ["add", "dana", "asked for two lines", "-k", "ask-help"],
        ["me", "learned", "ask for one example", "--from", "dana"],
    )

    practice = call("report", "--me", "--include-reflections", "--json").data["me"]

    assert "ask-help" in str(practice)
    assert "ask for one example" in str(call("me", "--json").data)


def test_s12_every_step_can_be_taken_first_and_who_began_is_told_as_information(call: Call) -> None:
    done(
        call,
        ["add", "dana", "asked how she works", "-k", "ask-help", "-w", ago(9)],
        ["add", "dana", "called to ask my view", "-k", "relied-on-me", "-w", ago(8)],
        ["add", "dana", "the first talk", "-k", "meeting-held", "-w", ago(7)],
    )

    assert "begun by you" in call("report", "--me").says()
    steps = call("next", "dana", "--all", "--json").data["steps"]
    assert steps
    assert all(one["step"]["mine_min"] > 0 for one in steps)  # each is a move of the recruiter's


def test_s27_the_first_weeks_have_steps_of_their_own_and_the_road_can_be_read(call: Call) -> None:
    for days, words in ((12, "the first call"), (5, "the first profiles"), (1, "a quick answer")):
        done(call, ["add", "dana", words, "-k", "meeting-held", "-w", ago(days)])

    told = call("next", "dana", "--all", "--json").data["steps"]
    road = call("log", "dana", "--json").data["entries"]

    assert any("SIT-NEW" in one["because"] for one in told)
    assert [one["note"] for one in road] == ["a quick answer", "the first profiles", "the first call"]


def test_s32_a_role_with_somebody_new_leads_to_its_kick_off(call: Call) -> None:
    assert "trustlog kickoff start PA-1" in call("req", "add", "dana", "Analyst", "--code", "PA-1").err

    steps = call("next", "dana", "--all", "--json").data["steps"]

    assert any("SIT-NEWREQ" in one["because"] for one in steps)
    done(call, ["kickoff", "start", "PA-1", "--set", "why_now=growth"])
    assert call("kickoff", "show", "PA-1", "--json").data["agreement"]["req"] == "PA-1"


def test_s52_after_two_requests_without_an_answer_nothing_more_is_asked_of_them(call: Call) -> None:
    for days in (6, 4):
        done(call, ["add", "dana", "profiles sent", "-k", "update-sent", "--approach", "push", "-w", ago(days)])

    steps = call("next", "dana", "--all", "--json").data["steps"]

    assert steps
    assert all("SIT-NOREPLY-7" in one["because"] or one["step"]["their_min"] == 0 for one in steps)


def test_s60_how_one_takes_hard_news_best_is_kept_for_oneself(call: Call) -> None:
    done(call, ["me", "--care-before", "three slow minutes", "--care-after", "a short walk"])

    assert "three slow minutes" in call("me", "--json").out
    assert "three slow minutes" not in call("export", "--format", "json").out

    done(call, ["me", "--best-time", "mornings", "--best-way", "in writing"])
    move = [*PREP, "--set", "readiness=1", "--set", "readiness_choice=move", "--include-reflections", "--json"]
    draft = " ".join(call(*move).data["drafts"])
    assert "suits me best: mornings. The way that suits me best: in writing." in draft
