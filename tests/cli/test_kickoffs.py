"""`kickoff`: a role settled in five stages, by flags, a file and questions; its email and its changes."""

from __future__ import annotations

import email
import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from trustlog.domain.kickoffs import STAGES, WINDOWS
from trustlog.playbook import Playbook
from trustlog.store import people
from trustlog.store.journal import Journal

if TYPE_CHECKING:
    from tests.conftest import Call, Run, Terminal

START = ("kickoff", "start", "PA-1")
DAY = "2024-03-04"
"""A Monday, the day of the kick-off of `role`."""
LATER = "2024-03-06"
AGREEMENT = {
    "req", "title", "manager", "kickoff_date", "version", "status", "sent_on", "stages", "amendments", "blanks"
}  # fmt: skip
STAGE = {"stage", "name", "state", "agreed_on", "confirmed_on", "confirmed_how", "fields"}
AMENDMENT = {"number", "field", "old", "new", "reason", "effect", "confirmed_on"}
WHY = ("--reason", "a wider role", "--effect", "two weeks more")


def fields(stage: str) -> list[str]:
    script = Playbook(Path("/nowhere"), print).script("kickoff")
    return [field.name for field in script.by_stage()[stage]]


@pytest.fixture
def role(call: Call, two: Path) -> Path:
    """dana's role PA-1 was kicked off on a Monday; of it the level and a window are known."""
    call(
        "kickoff", "start", "dana", "Payments analyst", "--code", "PA-1", "--when", DAY,
        "--set", "level=Senior", "--set", "windows=scorecard 12h",
    )  # fmt: skip
    return two


def shown(call: Call, code: str = "PA-1") -> Any:
    return call("kickoff", "show", code, "--json").data["agreement"]


def stage(call: Call, name: str) -> Any:
    return shown(call)["stages"][STAGES.index(name)]


def mail(call: Call, *more: str) -> str:
    done = call("kickoff", "email", "PA-1", *more)
    assert done.code == 0, done.err
    return done.out


@pytest.mark.usefixtures("role")
def test_the_agreement_has_the_shape_of_the_contract(call: Call) -> None:
    one = shown(call)
    assert set(one) >= AGREEMENT
    assert (one["req"], one["version"], one["status"], one["kickoff_date"]) == ("PA-1", 1, "draft", DAY)
    assert [(each["stage"], each["name"]) for each in one["stages"]] == list(enumerate(STAGES, start=1))
    assert all(set(each) == STAGE for each in one["stages"])
    assert [each["state"] for each in one["stages"]] == ["open", "proposed", "open", "proposed", "open"]
    scope = one["stages"][1]["fields"]
    assert list(scope) == fields("scope")
    assert {name: value for name, value in scope.items() if value is not None} == {"level": "Senior"}
    assert one["stages"][3]["fields"]["windows"] == {"scorecard": "12h"}
    assert "why_now" in one["blanks"]
    assert not {"level", "windows"} & set(one["blanks"])


@pytest.mark.usefixtures("two")
def test_a_role_is_made_with_its_kick_off_as_one_change(call: Call) -> None:
    done = call("kickoff", "start", "dana", "Payments analyst", "--json")
    assert json.loads(done.out)["command"] == "kickoff start"
    assert done.data["agreement"]["req"] == "dana-payments-analyst"
    assert [one["command"] for one in call("undo", "--json").data["undone"]] == ["kickoff start"]
    assert call("req", "list", "--json").data == {"reqs": []}


@pytest.mark.usefixtures("role")
def test_starting_again_goes_on_with_the_same_role(call: Call) -> None:
    call(*START, "--set", "why_now=Growth", "--set", "windows=debrief 2 days")
    call("kickoff", "start", "dana", "payments ANALYST", "--set", "level=Staff")
    assert [one["code"] for one in call("req", "list", "--json").data["reqs"]] == ["PA-1"]
    assert stage(call, "discovery")["fields"]["why_now"] == "Growth"
    assert stage(call, "scope")["fields"]["level"] == "Staff"
    assert stage(call, "process")["fields"]["windows"] == {"scorecard": "12h", "debrief": "2 days"}


@pytest.mark.usefixtures("role")
def test_nothing_new_is_no_change(call: Call) -> None:
    call(*START, "--set", "level=Senior", "--set", "windows=scorecard 12h")
    assert len(call("undo", "--list", "--json").data["changes"]) == 1 + 2  # two managers stand before it


@pytest.mark.usefixtures("role")
def test_answers_come_from_a_file_or_standard_input(call: Call, tmp_path: Path) -> None:
    said = {"must_haves": ["SQL", "Ledgers"], "fairness-check": True, "nice_to_haves": None}
    call(*START, "--answers", "-", stdin=json.dumps(said))
    (tmp_path / "said.json").write_text(json.dumps({"comp_range": "70 to 80\nplus bonus"}), "utf-8")
    call(*START, "--answers", str(tmp_path / "said.json"), "--set", "out_of_scope=[]")
    scope = stage(call, "scope")["fields"]
    assert (scope["must_haves"], scope["fairness_check"], scope["nice_to_haves"]) == (["SQL", "Ledgers"], True, None)
    assert scope["comp_range"] == "70 to 80\nplus bonus"


BAD: list[tuple[tuple[str, ...], str, str]] = [
    (("--set", "levle=Senior"), "bad-field", "Did you mean level?"),
    (("--set", "must_haves=SQL"), "bad-field", "must_haves: it takes a JSON list"),
    (("--set", 'must_haves=["a","b","c","d","e","f"]'), "bad-field", "must_haves: it takes 5 at most, not 6"),
    (("--set", "fairness_check=perhaps"), "bad-field", "fairness_check: it takes yes or no"),
    (("--set", "windows=lunch 24h"), "bad-field", 'windows: there is no window "lunch"'),
    (("--set", "windows=weekly_update Blursday"), "bad-field", "windows: weekly_update takes a weekday such as Friday"),
    (("--set", 'windows={"weekly_update": "every second Friday"}'), "bad-field", "weekly_update takes a weekday"),
    (("--set", "windows=scorecard soon"), "bad-field", "windows: scorecard takes a length such as 24h or 2 days"),
    (("--set", 'windows={"scorecard": }'), "bad-field", "windows: it takes a JSON object"),
    (("--set", "confirmed_on=2024-03-05"), "bad-field", "confirmed_on is noted by itself"),
    (("--set", "level"), "bad-field", "--set takes field=value"),
    (("--answers", "nothing.json"), "bad-file", "nothing.json"),
    (("--agreed", "offer"), "bad-field", 'there is no stage "offer"'),
    (("--when", "2024-03-03", "--set", "why_now=x"), "conflict", "the kick-off of PA-1 was on Mon 4 Mar 2024"),
    (("--when", "tomorrow"), "future-date", "has not come"),
]


@pytest.mark.parametrize(("args", "code", "says"), BAD)
@pytest.mark.usefixtures("role")
def test_a_bad_answer_is_refused_by_name_and_nothing_is_saved(
    call: Call, args: tuple[str, ...], code: str, says: str
) -> None:
    before = shown(call)
    assert says in call(*START, "--set", "sell_points=kept?", *args, "--json").fails(1, code)
    assert shown(call) == before


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("start", "nope"), "unknown-req"),
        (("start", "nobody", "Analyst"), "unknown-manager"),
        (("start", "dana", ""), "bad-text"),
        (("start", "dana", "Auditor", "--code", "PA-1"), "conflict"),
        (("start", "dana", "Auditor", "--code", "a b"), "bad-field"),
        (("start", "dana"), "needs-answer"),
        (("show", "nope"), "unknown-req"),
        (("show", "M-1"), "conflict"),
        (("agree", "M-1", "scope"), "conflict"),
        (("agree", "PA-1", "offer"), "bad-field"),
        (("agree", "PA-1", "6"), "bad-field"),
        (("agree", "PA-1", "scope", "--when", "2024-03-03"), "conflict"),
        (("agree", "PA-1", "scope", "--when", "tomorrow"), "future-date"),
        (("confirm", "PA-1", "scope"), "needs-answer"),
        (("confirm", "PA-1", "scope", "--how", "phone"), "bad-field"),
        (("confirm", "PA-1", "scope", "--how", "email", "--when", "2024-03-03"), "conflict"),
        (("confirm", "PA-1", "scope", "--how", "email", "--when", "tomorrow"), "future-date"),
        (("amend", "PA-1", "--set", "level=Senior"), "conflict"),
        (("amend", "PA-1", *WHY), "needs-answer"),
        (("email", "PA-1", "--format", "pdf"), "bad-field"),
        (("email", "PA-1", "--sent", "--when", "2024-03-03"), "conflict"),
    ],
)
@pytest.mark.usefixtures("role")
def test_a_refusal_writes_nothing(call: Call, args: tuple[str, ...], code: str) -> None:
    call("req", "add", "marcus", "SRE", "--code", "M-1")
    before = shown(call)
    call("kickoff", *args, "--json").fails(1, code)
    assert shown(call) == before
    assert call("log", "--json").data == {"entries": []}


@pytest.mark.usefixtures("role")
def test_without_a_terminal_the_missing_flag_is_named(call: Call) -> None:
    assert "--how" in call("kickoff", "confirm", "PA-1", "scope", "--json").fails(1, "needs-answer")
    call("kickoff", "agree", "PA-1", "scope")
    amend = ("kickoff", "amend", "PA-1", "--set", "level=Staff")
    assert "--reason" in call(*amend, "--json").fails(1, "needs-answer")
    assert "--effect" in call(*amend, "--reason", "wider", "--json").fails(1, "needs-answer")
    call(*amend, "--reason", " ", "--effect", "x", "--json").fails(1, "bad-text")
    assert shown(call)["version"] == 1


@pytest.mark.usefixtures("role")
def test_a_yes_and_a_yes_in_writing_have_days_of_their_own(call: Call) -> None:
    call("kickoff", "agree", "PA-1", "2", "--when", DAY).says()
    assert (stage(call, "scope")["state"], stage(call, "scope")["agreed_on"]) == ("agreed", DAY)
    done = call("kickoff", "confirm", "pa", "scope", "--how", "email", "--when", LATER, "--json").data
    one = done["agreement"]["stages"][1]
    assert (one["state"], one["agreed_on"], one["confirmed_on"], one["confirmed_how"]) == (
        "confirmed", DAY, LATER, "email",
    )  # fmt: skip
    assert done["agreement"]["status"] == "partly-confirmed"
    entry = done["entry"]
    assert (entry["kind"], entry["req"], entry["happened_on"]) == ("expectation-confirmed", "PA-1", LATER)
    assert call("log", "--json").data["entries"] == [entry]


@pytest.mark.usefixtures("role")
def test_a_plain_yes_in_writing_is_both_and_writes_one_entry_for_all(call: Call) -> None:
    call("kickoff", "dispute", "PA-1", "scope")
    call("kickoff", "park", "PA-1", "recap")
    call("kickoff", "start", "PA-1", "--when", DAY, "--set", "why_now=growth")
    done = call("kickoff", "confirm", "PA-1", "all", "--how", "chat", "--when", LATER)
    assert done.err == (
        "Left as it is: scope (disputed), recap (parked)\nLeft open, for nothing is written there: responsibilities\n"
    )
    states = {one["name"]: (one["state"], one["agreed_on"], one["confirmed_on"]) for one in shown(call)["stages"]}
    assert states == {
        "discovery": ("confirmed", LATER, LATER), "scope": ("disputed", None, None),
        "responsibilities": ("open", None, None), "process": ("confirmed", LATER, LATER),
        "recap": ("parked", None, None),
    }  # fmt: skip
    assert len(call("log", "--json").data["entries"]) == 1
    call("kickoff", "confirm", "PA-1", "all", "--how", "chat", "--json").fails(1, "conflict")
    call("kickoff", "confirm", "PA-1", "discovery", "--how", "chat", "--json").fails(1, "conflict")
    call("kickoff", "confirm", "PA-1", "scope", "--how", "chat")
    call("kickoff", "confirm", "PA-1", "responsibilities", "--how", "chat")
    assert shown(call)["status"] == "confirmed"
    assert len(call("log", "--json").data["entries"]) == 3


@pytest.mark.usefixtures("role")
def test_confirming_all_leaves_open_what_is_empty_and_an_empty_recap_only_with_it(call: Call) -> None:
    done = call("kickoff", "confirm", "PA-1", "all", "--how", "email", "--when", LATER)
    assert done.err == "Left open, for nothing is written there: discovery, responsibilities, recap\n"
    call("kickoff", "confirm", "PA-1", "all", "--how", "email", "--json").fails(1, "conflict")
    call("kickoff", "start", "PA-1", "--set", "why_now=growth", "--set", 'recruiter_does=["calls"]')
    assert call("kickoff", "confirm", "PA-1", "all", "--how", "email").err == ""
    assert shown(call)["status"] == "confirmed"


@pytest.mark.usefixtures("role")
@pytest.mark.parametrize("yes", [("agree",), ("confirm", "--how", "email")], ids=["agree", "confirm"])
def test_a_duty_with_a_day_is_an_open_loop_once_both_said_yes(call: Call, yes: tuple[str, ...]) -> None:
    call(
        "kickoff", "start", "PA-1", "--when", DAY,
        "--set", 'recruiter_does=["first profiles by 15 Mar 2024", "answers by phone"]',
        "--set", 'manager_does=["three slots until 12 Mar 2024", "the plan by 1 Mar 2024", "a reason with each no"]',
    )  # fmt: skip
    assert call("open", "--json").data["commitments"] == []
    command, *more = yes
    done = call("kickoff", command, "PA-1", "responsibilities", *more, "--when", LATER)

    loops = call("open", "--json").data["commitments"]
    assert {(one["owed_by"], one["what"], one["due_at"][:16], one["req"]) for one in loops} == {
        ("me", "first profiles", "2024-03-15T18:00", "PA-1"), ("them", "three slots", "2024-03-12T18:00", "PA-1"),
    }  # fmt: skip
    assert "now open" in done.err
    call("kickoff", "dispute", "PA-1", "responsibilities", "--when", LATER)
    call("kickoff", "agree", "PA-1", "responsibilities", "--when", LATER)
    assert len(call("open", "--json").data["commitments"]) == 2
    for _ in range(3):
        call("undo")
    assert call("open", "--json").data["commitments"] == []


@pytest.mark.usefixtures("role")
def test_undo_takes_a_confirmation_back_with_its_entry(call: Call) -> None:
    call("kickoff", "confirm", "PA-1", "all", "--how", "chat")
    assert call("undo", "--json").data["undone"][0]["command"] == "kickoff confirm"
    assert {one["confirmed_on"] for one in shown(call)["stages"]} == {None}
    assert call("log", "--json").data == {"entries": []}


@pytest.mark.parametrize(
    ("command", "again"), [("agree", "already agreed"), ("dispute", "already disputed"), ("park", "already parked")]
)
@pytest.mark.usefixtures("role")
def test_a_stage_is_moved_once(call: Call, command: str, again: str) -> None:
    call("kickoff", command, "PA-1", "scope")
    assert again in call("kickoff", command, "PA-1", "scope", "--json").fails(1, "conflict")
    call("undo")
    assert stage(call, "scope")["state"] == "proposed"


@pytest.mark.usefixtures("role")
def test_what_was_agreed_is_not_changed_in_silence(call: Call) -> None:
    call("kickoff", "agree", "PA-1", "scope")
    call("kickoff", "agree", "PA-1", "process")
    before = shown(call)
    for said in ("level=Staff", "comp_range=80", "windows=scorecard 24h"):
        told = call(*START, "--set", said, "--set", "why_now=x", "--json").fails(1, "conflict")
        assert said.partition("=")[0] in told
        assert "kickoff amend PA-1" in told
    assert shown(call) == before
    call(*START, "--set", "level=Senior", "--set", "windows=scorecard 12h", "--set", "why_now=Growth")
    assert stage(call, "discovery")["fields"]["why_now"] == "Growth"


@pytest.mark.usefixtures("role")
def test_amendments_are_numbered_and_wait_for_their_own_yes(call: Call) -> None:
    call("kickoff", "confirm", "PA-1", "all", "--how", "email", "--when", DAY)
    sets = ("--set", "level=Staff", "--set", "windows=debrief 1 day")
    one = call("kickoff", "amend", "PA-1", *sets, *WHY, "--when", LATER, "--json").data["agreement"]
    assert (one["version"], one["status"]) == (3, "amended")
    assert [set(change) >= AMENDMENT for change in one["amendments"]] == [True, True]
    assert [
        (change["number"], change["field"], change["old"], change["new"], change["confirmed_on"])
        for change in one["amendments"]
    ] == [
        (1, "level", "Senior", "Staff", None),
        (2, "windows", {"scorecard": "12h"}, {"scorecard": "12h", "debrief": "1 day"}, None),
    ]
    assert (one["stages"][1]["state"], one["stages"][1]["confirmed_on"]) == ("agreed", None)
    again = ("kickoff", "amend", "PA-1", "--set", "level=Staff", *WHY, "--json")
    call(*again).fails(1, "conflict")
    call("kickoff", "confirm", "PA-1", "2", "--how", "chat", "--when", "2024-03-05", "--json").fails(1, "conflict")
    call("kickoff", "confirm", "PA-1", "2", "--how", "chat", "--when", "2024-03-07")
    assert [change["confirmed_on"] for change in shown(call)["amendments"]] == ["2024-03-07", None]
    call("undo", "2", "--yes")
    assert (shown(call)["version"], shown(call)["amendments"]) == (1, [])


@pytest.mark.parametrize("how", ["park", "dispute"])
@pytest.mark.usefixtures("role")
def test_what_was_once_agreed_is_amended_also_while_it_is_parked_or_disputed(call: Call, how: str) -> None:
    call("kickoff", "agree", "PA-1", "scope", "--when", DAY)
    call("kickoff", how, "PA-1", "scope")
    before = shown(call)
    assert "kickoff amend PA-1" in call(*START, "--set", "level=Staff", "--json").fails(1, "conflict")
    assert shown(call) == before
    early = ("--set", "level=Staff", *WHY, "--when", "2024-03-03")
    call("kickoff", "amend", "PA-1", *early, "--json").fails(1, "conflict")
    call("kickoff", "amend", "PA-1", "--set", "level=Staff", *WHY)
    one = stage(call, "scope")
    assert (one["state"], one["fields"]["level"]) == ({"park": "parked", "dispute": "disputed"}[how], "Staff")
    call("kickoff", "agree", "PA-1", "scope")
    assert (stage(call, "scope")["state"], shown(call)["version"]) == ("agreed", 2)


@pytest.mark.usefixtures("role")
def test_a_stage_that_was_only_parked_is_still_written(call: Call) -> None:
    call("kickoff", "park", "PA-1", "scope")
    assert call(*START, "--set", "level=Staff").code == 0
    assert stage(call, "scope")["fields"]["level"] == "Staff"


@pytest.mark.parametrize(("typed", "kept"), [("fri", "Friday"), ("MONDAY", "Monday"), ("None", "none")])
@pytest.mark.usefixtures("role")
def test_the_weekly_update_has_a_weekday_or_none(call: Call, typed: str, kept: str) -> None:
    call(*START, "--set", f"windows=weekly_update {typed}")
    assert stage(call, "process")["fields"]["windows"] == {"scorecard": "12h", "weekly_update": kept}


@pytest.mark.usefixtures("role")
def test_a_closed_role_stays_as_it_is(call: Call) -> None:
    call("kickoff", "agree", "PA-1", "scope")
    call("req", "close", "PA-1")
    for args in (
        ("start", "PA-1", "--set", "why_now=x"), ("agree", "PA-1", "process"), ("park", "PA-1", "recap"),
        ("confirm", "PA-1", "all", "--how", "email"), ("amend", "PA-1", "--set", "level=Staff", *WHY),
        ("email", "PA-1", "--sent"),
    ):  # fmt: skip
        assert "PA-1 was closed on" in call("kickoff", *args, "--json").fails(1, "conflict")
    assert (shown(call)["status"], shown(call)["version"]) == ("closed", 1)


@pytest.mark.usefixtures("role")
def test_the_page_says_what_was_said_and_what_is_open(call: Call) -> None:
    call("kickoff", "agree", "PA-1", "scope", "--when", DAY)
    call("kickoff", "amend", "PA-1", "--set", "level=Staff", *WHY, "--when", LATER)
    page = call("kickoff", "show", "PA-1").says()
    for words in (
        "Payments analyst · Dana Ortiz · PA-1", "Version 2, amended, kick-off Mon 4 Mar 2024",
        "agreed Mon 4 Mar 2024, not yet in writing", "Level and title       Staff", "Windows               scorecards",
        "Update 1 of Wed 6 Mar 2024, Level and title", "because               a wider role",
    ):  # fmt: skip
        assert words in page
    assert "Pay; Done when" in page


# ------------------------------------------------------------------------------------------------ the email


@pytest.mark.usefixtures("role")
def test_the_email_says_what_was_agreed_and_what_is_open(call: Call) -> None:
    call(*START, "--set", "why_now=Growth {level}", "--set", 'must_haves=["SQL","Ledgers"]')
    call("kickoff", "agree", "PA-1", "scope")
    text = mail(call, "--when", "2024-03-07", "--from", "Ana")
    lines = text.splitlines()
    assert "Subject: Payments analyst: what we agreed on Mon 4 Mar 2024" in lines
    assert 'Please change anything that is off and answer "agreed" by Tue 12 Mar 2024.' in lines
    assert any(line.startswith("I start on Fri 8 Mar 2024") for line in lines)
    assert "1. Why and what good looks like [open]" in lines
    assert "2. Scope [ok]" in lines
    assert "   Growth {level}" in lines
    assert lines[lines.index("   Must have:") :][:3] == ["   Must have:", "   - SQL", "   - Ledgers"]
    windows = next(line for line in lines if "Our windows" in line)
    assert "scorecards 12h" in windows
    assert all(length in windows for name, length in WINDOWS.items() if name != "scorecard")
    assert "3. How it runs [open]" in lines
    still_open = text[text.index("4. Still open") :]
    assert "   - Which pay range is approved?" in still_open
    assert "Which level" not in still_open
    assert "Part of the role is still to be talked about." in still_open
    assert lines[-2:] == ["Ana", "(Version 1)"]


@pytest.mark.usefixtures("two")
def test_the_email_prints_nothing_that_was_never_talked_about(call: Call) -> None:
    call(*("kickoff", "start", "dana", "Analyst", "--code", "PA-1"), "--set", "level=Senior", "--set", "worries=CANARY")
    text = mail(call)
    words = Playbook(Path("/nowhere"), print).kickoff
    assert text.count("[open]") == 3  # the opening, the scope and what is still open
    assert [words["stages"][name] for name in STAGES if words["stages"][name] in text] == ["Scope", "Still open"]
    assert [name for name in ("windows", "Pay:", "Our windows", "CANARY", "Not talked about") if name in text] == []
    assert [label for label in words["labels"].values() if f"{label}," in text or f", {label}" in text] == []


@pytest.mark.usefixtures("role")
def test_everything_settled_is_said_plainly(call: Call) -> None:
    script = Playbook(Path("/nowhere"), print).script("kickoff")
    said = []
    for name, field in script.fields().items():
        value = {"list": '["x"]', "yes-no": "yes", "windows": "scorecard 6h"}.get(field.type, "x")
        said += ["--set", f"{name}={value}"] if name != "open_points" else []
    call(*START, *said)
    assert mail(call).split("5. Still open")[1].split("\n")[1].strip() == "Nothing that I know of."


@pytest.mark.usefixtures("role")
def test_without_a_working_week_every_day_counts(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTLOG_WORKING_WEEK", "no")
    assert 'answer "agreed" by Sun 10 Mar 2024.' in mail(call, "--when", "2024-03-07")


@pytest.mark.usefixtures("role")
def test_after_a_change_the_email_shows_the_new_text_and_names_the_update(call: Call) -> None:
    call("kickoff", "agree", "PA-1", "scope")
    call("kickoff", "amend", "PA-1", "--set", "level=Staff", *WHY)
    text = mail(call)
    assert "[update 1] Level: Staff" in text
    assert (
        "Update 1 to Payments analyst, Level and title. Was: Senior. Now: Staff. Because: a wider role."
        " It means: two weeks more. Agreed?" in text
    )
    assert "(Version 2)" in text
    call("kickoff", "confirm", "PA-1", "scope", "--how", "chat")
    settled = mail(call)
    assert "   Level: Staff" in settled
    assert "Agreed?" not in settled
    assert "Update 1, Level and title: agreed" in settled


@pytest.mark.usefixtures("role")
def test_the_email_tells_only_the_newest_change_of_a_field(call: Call) -> None:
    call("kickoff", "agree", "PA-1", "all")
    for said in ("level=Staff", "windows=debrief 1 day", "level=Principal", "windows=scorecard 6h", "comp_range=80"):
        assert call("kickoff", "amend", "PA-1", "--set", said, *WHY).code == 0
    told = [line for line in mail(call).splitlines() if line.startswith("Update ")]
    assert [line.partition(". Because")[0] for line in told] == [
        "Update 2 to Payments analyst, Windows. Was: interviewers' debrief 72h. Now: interviewers' debrief 1 day",
        "Update 3 to Payments analyst, Level and title. Was: Staff. Now: Principal",
        "Update 4 to Payments analyst, Windows. Was: scorecards 12h. Now: scorecards 6h",
        "Update 5 to Payments analyst, Pay. Was: nothing was settled. Now: 80",
    ]
    assert "[update 3] Level: Principal" in mail(call)


@pytest.mark.usefixtures("role")
def test_the_email_keeps_the_recruiters_own_questions_to_itself(call: Call) -> None:
    call("kickoff", "agree", "PA-1", "discovery")
    private = ("team_context", "sell_points", "past_lessons", "worries")
    assert call("kickoff", "amend", "PA-1", "--set", "worries=CANARY", *WHY).code == 0
    text = mail(call)
    labels = Playbook(Path("/nowhere"), print).kickoff["labels"]
    assert [name for name in (*private, "calibration") if labels[name] in text] == []
    assert "CANARY" not in text
    assert "   - Why does the role exist now?\n   - What should be done after the first 90 days?\n" in text


@pytest.mark.usefixtures("role")
def test_the_message_file_is_read_by_another_parser(call: Call, tmp_path: Path) -> None:
    call("manager", "edit", "dana", "--email", "dana+jobs@example.com", "--name", 'Dána "D" Ortiz')
    call(*START, "--set", "why_now=Größe: " + "x" * 300 + "\nBcc: nobody@example.com")
    file = tmp_path / "plan.eml"
    assert call("kickoff", "email", "PA-1", "--format", "eml", "-o", str(file)).says() == f"Written to {file}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    raw = file.read_bytes()
    assert b"\r\n" in raw
    message = email.message_from_bytes(raw, policy=default)
    assert message["X-Unsent"] == "1"
    assert message["Bcc"] is None
    assert message["To"].addresses[0].addr_spec == "dana+jobs@example.com"
    assert message["Subject"] == "Payments analyst: what we agreed on Mon 4 Mar 2024"
    assert message.defects == []
    body = message.get_content().replace("\r\n", "\n")
    data = call("kickoff", "email", "PA-1", "--json").data
    assert body == data["email"]["body"] + "\n"
    assert "Größe: " + "x" * 300 in body


@pytest.mark.usefixtures("role")
@pytest.mark.parametrize("address", ["dána@firma.de", "dana@exämple.org"], ids=["user", "domain"])
def test_an_address_with_letters_of_other_languages_is_written_to(call: Call, tmp_path: Path, address: str) -> None:
    call("manager", "edit", "dana", "--email", address).says()
    assert call(*START).code == 0

    file = tmp_path / "plan.eml"
    call("kickoff", "email", "PA-1", "--format", "eml", "-o", str(file)).says()
    link = call("kickoff", "email", "PA-1", "--format", "mailto").says()

    assert f"<{address}>\r\n".encode() in file.read_bytes()
    assert unquote(urlsplit(link).path) == address


@pytest.mark.parametrize("address", ["no address", "a@b\u202ec", "Dana <dana@example.com>", "a@b, c@d", "a..b@c.de"])
@pytest.mark.usefixtures("role")
def test_what_is_no_plain_address_is_left_out(call: Call, home: Path, address: str) -> None:
    # an older journal, or a file that was imported, may hold one
    with closing(Journal.open(home / "trustlog.db", home / "snapshots")) as journal, journal.draft():
        people.edit_manager(journal, "dana", {"email": address})
    done = call("kickoff", "email", "PA-1", "--format", "eml")
    message = email.message_from_string(done.out, policy=default)
    assert message["To"] is None
    assert "manager edit dana --email" in done.err
    assert mail(call, "--format", "mailto").startswith("mailto:?subject=")


@pytest.mark.usefixtures("role")
def test_the_link_holds_the_same_words(call: Call) -> None:
    call("manager", "edit", "dana", "--email", "dana+jobs@example.com")
    call(*START, "--set", "why_now=50 % more & growth?=yes")
    link = urlsplit(mail(call, "--format", "mailto").strip())
    data = call("kickoff", "email", "PA-1", "--json").data["email"]
    said = parse_qs(link.query, strict_parsing=True)
    assert (link.scheme, unquote(link.path)) == ("mailto", data["to"])
    assert said == {"subject": [data["subject"]], "body": [data["body"].replace("\n", "\r\n")]}
    assert "+" not in link.query


@pytest.mark.usefixtures("role")
def test_a_file_that_is_there_is_not_overwritten_unasked(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    file.write_text("mine", "utf-8")
    file.chmod(0o644)
    args = ("kickoff", "email", "PA-1", "--output", str(file), "--sent")
    call(*args, "--json").fails(1, "file-exists")
    assert (file.read_text("utf-8"), shown(call)["sent_on"]) == ("mine", None)
    call(*args, "--yes")
    assert file.read_text("utf-8") == mail(call)
    assert file.stat().st_mode & 0o777 == 0o600
    assert shown(call)["sent_on"] is not None


@pytest.mark.usefixtures("role")
def test_a_sent_email_is_noted_and_the_note_can_be_taken_back(call: Call) -> None:
    mail(call)
    assert shown(call)["status"] == "draft"
    mail(call, "--sent", "--when", LATER)
    one = shown(call)
    assert (one["sent_on"], one["status"]) == (LATER, "sent")
    assert one["stages"][4]["fields"]["email_sent_on"] == LATER
    call("undo")
    assert (shown(call)["sent_on"], shown(call)["status"]) == (None, "draft")


@pytest.mark.usefixtures("role")
def test_nothing_that_was_said_reaches_a_terminal_raw(call: Call) -> None:
    call(*START, "--set", "why_now=red \x1b[31m \u202e")
    for said in (mail(call), call("kickoff", "show", "PA-1").out):
        assert "red \\x1b[31m \\u202e" in said


@pytest.mark.usefixtures("role")
def test_ones_own_page_signs_no_email_unless_it_is_asked_for(call: Call, tty: Terminal) -> None:
    call("me", "--name", "CANARY")
    for more in ((), ("--json",), ("--format", "eml")):
        assert "CANARY" not in mail(call, *more)
        assert "CANARY" in mail(call, *more, "--include-reflections")
    assert "CANARY" not in tty.ends(tty("kickoff", "email", "PA-1"))[1]


@pytest.mark.usefixtures("role")
def test_ones_own_words_for_the_email_are_used_and_a_mistake_in_them_is_told(call: Call, role: Path) -> None:
    own = role / "playbook" / "kickoff.toml"
    own.parent.mkdir()
    own.write_text('[email]\nsubject = "Plan for {title}"\n', "utf-8")
    assert "Subject: Plan for Payments analyst\n" in mail(call)
    own.write_text("[email]\nsubject = 5\n", "utf-8")
    done = call("kickoff", "email", "PA-1")
    assert "Subject: Payments analyst: what we agreed" in done.out
    assert f"{own}, line 2: email.subject" in done.err


# ------------------------------------------------------------------------------------------- windows of `ask`

WEDNESDAY = "2024-03-06 15:00"


def due(done: Run) -> str:
    return str(done.data["commitment"]["due_at"])[:16]


@pytest.mark.usefixtures("role")
def test_what_is_asked_has_the_agreed_window(call: Call) -> None:
    ask = ("ask", "dana", "card", "--when", WEDNESDAY, "--json", "--for")
    assert due(call(*ask, "scorecard")) == "2024-03-08T15:00"  # not agreed yet
    call("kickoff", "agree", "PA-1", "process")
    assert due(call(*ask, "scorecard")) == "2024-03-07T03:00"
    assert due(call(*ask, "decision")) == "2024-03-07T15:00"
    assert due(call(*ask, "other")) == "2024-03-08T15:00"
    assert due(call(*ask, "scorecard", "--due", "2024-03-20 09:00")) == "2024-03-20T09:00"
    assert call(*ask, "favour").data["commitment"]["due_at"] is None
    assert due(call("ask", "marcus", "card", "--when", WEDNESDAY, "--for", "scorecard", "--json")) == "2024-03-08T15:00"


@pytest.mark.usefixtures("role")
def test_the_window_is_that_of_the_role_else_of_the_newest_open_one(call: Call) -> None:
    call("kickoff", "agree", "PA-1", "process")
    call(
        "kickoff", "start", "dana", "Auditor", "--code", "PA-2", "--when", "2024-03-05", "--agreed", "process",
        "--set", "windows=scorecard 6h",
    )  # fmt: skip
    ask = ("ask", "dana", "card", "--when", WEDNESDAY, "--for", "scorecard", "--json")
    assert due(call(*ask)) == "2024-03-06T21:00"
    assert due(call(*ask, "--req", "PA-1")) == "2024-03-07T03:00"
    call("req", "close", "PA-2")
    assert due(call(*ask)) == "2024-03-07T03:00"


# ------------------------------------------------------------------------------------------------- a terminal

WHY_NOW, IN_90_DAYS = "stays empty", "first 90 days"


def test_questions_are_asked_kept_and_gone_on_with(tty: Terminal, call: Call, two: Path) -> None:
    args = ("kickoff", "start", "dana", "Payments analyst")
    child = tty(*args, "--minutes", "30")
    child.expect(WHY_NOW)
    child.sendline("Growth")
    child.expect(IN_90_DAYS)
    child.send(tty.CTRL_C)
    code, said = tty.ends(child)
    assert (code, "Kept as a draft. Go on with: trustlog kickoff start dana 'Payments analyst'" in said) == (130, True)
    assert call("req", "list", "--json").data == {"reqs": []}

    more = ["--set", "success_90d=x"]
    blank = [name for name in fields("discovery") if name not in ("why_now", "success_90d")]
    for name in [*blank, *(name for other in STAGES[1:] for name in fields(other))]:
        if name not in ("must_haves", "fairness_check", "windows"):
            kind = name.endswith(("_does", "_haves", "_scope", "_loop", "_plan", "_points")) or name in (
                "calibration", "interviewers", "checkpoints",
            )  # fmt: skip
            more += ["--set", f"{name}={'[]' if kind else 'x'}"]
    child = tty(*args, *more)
    child.expect("Going on where you stopped: Payments analyst with Dana Ortiz")
    child.expect("Have I got that right")
    child.send(tty.DOWN + tty.ENTER)
    child.expect("turn down an otherwise great person")
    child.sendline("SQL")
    child.expect("One more")
    child.sendline("")
    child.expect(r"doing\s+the\s+job")
    child.send(tty.DOWN + tty.ENTER)
    child.expect("Have I got that right")
    child.send(tty.ENTER)
    child.expect("Have I got that right")
    child.send(tty.ENTER)
    child.expect(r"only\s+what\s+differs")
    child.sendline("lunch 1h")
    child.expect("there is no window")
    child.send("\x15")
    child.sendline("scorecard 6h")
    child.expect("Have I got that right")
    child.send(tty.ENTER)
    child.expect("Have I got that right")
    child.send(tty.ENTER)
    code, said = tty.ends(child)
    assert code == 0, said
    one = call("kickoff", "show", "dana", "--json").data["agreement"]
    assert [each["state"] for each in one["stages"]] == ["agreed", "proposed", "proposed", "proposed", "open"]
    assert one["stages"][0]["fields"]["why_now"] == "Growth"
    assert one["stages"][1]["fields"]["must_haves"] == ["SQL"]
    assert one["stages"][1]["fields"]["fairness_check"] is True
    assert one["stages"][3]["fields"]["windows"] == {"scorecard": "6h"}
    assert len(call("undo", "--json").data["undone"]) == 1
    assert call("req", "list", "--json").data == {"reqs": []}
    assert two.is_dir()


@pytest.mark.usefixtures("two")
def test_a_list_that_was_begun_goes_on(tty: Terminal, call: Call) -> None:
    args = ("kickoff", "start", "dana", "Analyst", "--set", "level=x", "--minutes", "30")
    call("kickoff", "start", "dana", "Analyst", "--agreed", "discovery")
    child = tty(*args)
    child.expect("turn down an otherwise great person")
    child.sendline("SQL")
    child.expect("One more")
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130
    done = call("kickoff", "start", "dana", "Analyst", "--set", 'nice_to_haves=["Ledgers"]', "--json").data["agreement"]
    scope = done["stages"][1]["fields"]
    assert (scope["level"], scope["must_haves"], scope["nice_to_haves"]) == ("x", ["SQL"], ["Ledgers"])


@pytest.mark.long
@pytest.mark.usefixtures("two")
def test_words_that_are_no_yes_and_a_letter_in_a_list_are_asked_about(tty: Terminal, call: Call) -> None:
    child = tty("kickoff", "start", "dana", "Analyst", "--set", "why_now=Growth", "--set", "success_90d=x")
    for question, typed in (
        ("How long", ""), ("Have I got that right", "person started"), ("Type y or n, then Enter", ""),
        ("Have I got that right", "Yes"), ("in your team", "Senior"), ("otherwise great person", "SQL"),
        ("One more", "y"), ("Is “y” itself", "n"), ("One more", "R"), ("One more", ""), ("doing", "no"),
    ):  # fmt: skip
        child.expect(question)
        child.send(typed + tty.ENTER if typed or "then" not in question else "")
    child.expect("6 of 15")
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130
    stages = call("kickoff", "start", "dana", "Analyst", "--json").data["agreement"]["stages"]
    assert (stages[0]["state"], stages[1]["fields"]["must_haves"]) == ("agreed", ["SQL", "R"])
    assert stages[1]["fields"]["fairness_check"] is False


@pytest.mark.usefixtures("role")
def test_how_it_was_confirmed_and_why_it_changes_are_asked(tty: Terminal, call: Call) -> None:
    child = tty("kickoff", "confirm", "PA-1", "scope")
    child.expect("How was it confirmed")
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130
    assert call("log", "--json").data == {"entries": []}
    child = tty("kickoff", "confirm", "PA-1", "scope")
    child.expect("How was it confirmed")
    child.send(tty.DOWN + tty.ENTER)
    assert tty.ends(child)[0] == 0
    child = tty("kickoff", "amend", "PA-1", "--set", "level=Staff")
    child.expect("Why does it change")
    child.sendline("")  # nothing is no reason, and asked again
    child.expect("A few words")
    child.expect("Why does it change")
    child.sendline("a wider role")
    child.expect("What does it mean")
    child.sendline(" ")
    child.expect("A few words")
    child.sendline("two weeks more")
    assert tty.ends(child)[0] == 0
    one = call("kickoff", "show", "PA-1", "--json").data["agreement"]
    assert one["stages"][1]["confirmed_how"] is None
    assert (one["amendments"][0]["reason"], one["amendments"][0]["effect"]) == ("a wider role", "two weeks more")


def test_the_shipped_script_asks_what_the_domain_page_asks() -> None:
    required = {
        "why_now", "success_90d", "level", "must_haves", "fairness_check", "location_mode", "comp_range", "done_means",
        "decision_maker", "recruiter_does", "manager_does", "interviewers", "interview_loop", "sourcing_plan",
        "first_slate", "windows", "channel", "slip_rule",
    }  # fmt: skip
    book = Playbook(Path("/nowhere"), print)
    script = book.script("kickoff")
    assert {name for name, field in script.fields().items() if field.required} == required
    assert list(script.by_stage()) == list(STAGES)
    assert set(book.kickoff["labels"]) == set(script.fields())
    assert set(book.kickoff["windows"]) == set(WINDOWS)


def test_today_is_the_day_unless_another_is_said(call: Call, two: Path) -> None:
    one = call("kickoff", "start", "dana", "Analyst", "--json").data["agreement"]
    assert two.is_dir()
    days = {(datetime.now(UTC) - timedelta(days=ago)).date().isoformat() for ago in (0, 1)}
    assert one["kickoff_date"] in days


@pytest.mark.usefixtures("two")
def test_the_end_of_a_kick_off_says_how_it_is_let_go_of_while_nothing_is_agreed(call: Call) -> None:
    words = ("kickoff", "start", "dana", "Analyst", "--code", "A-1", "--set", "level=Senior")
    way = "trustlog kickoff amend A-1; to let go of it: trustlog kickoff start A-1 --drop"
    assert way in call(*words).err
    assert call("kickoff", "start", "A-1", "--drop", "--yes").code == 0
    said = call(*words[:3], "A-1", "--set", "level=Senior", "--agreed", "scope").err
    assert ("trustlog kickoff amend" in said, "--drop" in said) == (True, False), said


@pytest.mark.usefixtures("role")
def test_an_answer_that_nobody_agreed_to_is_corrected_plainly(tty: Terminal, call: Call) -> None:
    code, said = tty.ends(tty("kickoff", "amend", "PA-1", "--set", "Level and title=Staff"))
    assert (code, "Why does it change" in said, "nobody had agreed" in said) == (0, False, True)
    assert (stage(call, "scope")["state"], stage(call, "scope")["fields"]["level"]) == ("proposed", "Staff")
    assert (shown(call)["version"], shown(call)["amendments"]) == (1, [])
    child = tty("kickoff", "amend", "PA-1")
    child.expect("What changes")
    child.send(tty.ENTER)
    child.expect("in your team")
    child.sendline("Lead")
    assert tty.ends(child)[0] == 0
    assert stage(call, "scope")["fields"]["level"] == "Lead"
    call("undo").says()
    assert stage(call, "scope")["fields"]["level"] == "Staff"
    call("kickoff", "agree", "PA-1", "scope")
    both = ("--set", "level=Head", "--set", "why_now=Growth")
    assert "reason" in call("kickoff", "amend", "PA-1", *both, "--json").fails(1, "needs-answer")
    call("kickoff", "amend", "PA-1", *both, *WHY)
    assert [change["field"] for change in shown(call)["amendments"]] == ["level"]
    assert stage(call, "discovery")["fields"]["why_now"] == "Growth"


@pytest.mark.usefixtures("role")
def test_a_kick_off_goes_whole_until_a_part_is_agreed_and_its_role_stays(tty: Terminal, call: Call) -> None:
    before = shown(call)
    call(*START, "--drop", "--json").fails(1, "needs-answer")
    child = tty(*START, "--drop")
    child.expect("Let go of all")
    child.sendline("")
    assert "Nothing was let go" in tty.ends(child)[1]
    assert shown(call) == before
    assert "The role stays" in call(*START, "--drop", "--yes").err
    assert call("kickoff", "list", "--json").data["agreements"] == []
    assert [one["code"] for one in call("req", "list", "--json").data["reqs"]] == ["PA-1"]
    call("undo").says()
    assert shown(call) == before
    call("kickoff", "agree", "PA-1", "scope")
    assert "kickoff amend PA-1" in call(*START, "--drop", "--yes", "--json").fails(1, "conflict")


@pytest.mark.usefixtures("two")
def test_ten_minutes_ask_what_the_mail_needs_and_leave_the_rest_open(tty: Terminal, call: Call) -> None:
    child = tty("kickoff", "start", "dana", "Analyst")
    child.expect("How long do you have")
    child.send(tty.ENTER)
    child.expect("1 of 15 ")
    child.expect(WHY_NOW)
    child.sendline("Growth")
    child.expect("2 of 15 ")
    child.expect(IN_90_DAYS)
    child.sendline("")
    child.expect("Have I got that right")  # nothing between
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130
    child = tty("kickoff", "start", "dana", "Analyst")
    child.expect(["Have I got that right", "How long"])
    assert child.match.re.pattern == "Have I got that right"
    child.send(tty.ENTER)
    child.expect("3 of 15 ")
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130
    assert call("kickoff", "start", "dana", "Analyst", "--json").data["agreement"]["blanks"]


@pytest.mark.usefixtures("two")
def test_without_a_terminal_a_version_that_there_is_not_is_refused(call: Call) -> None:
    call("kickoff", "start", "dana", "Analyst", "--minutes", "7", "--json").fails(1, "bad-field")


def test_the_ten_minute_version_holds_a_contract() -> None:
    script = Playbook(Path("/nowhere"), print).script("kickoff")
    short = {field.name for prompt in script.asked(5) for field in prompt.fields}
    assert short >= {"level", "must_haves", "comp_range", "decision_maker", "recruiter_does", "manager_does", "windows",
                     "first_slate", "slip_rule", "done_means"}  # fmt: skip
    assert len(script.asked(5)) == 15
    assert len(script.asked(15)) == len(script.prompts) == 31
    questions = Playbook(Path("/nowhere"), print).kickoff["email"]["questions"]
    assert set(questions) == {name for name, field in script.fields().items() if field.required} - {"windows"}


@pytest.mark.usefixtures("role")
def test_called_alone_it_lists_every_kick_off(call: Call) -> None:
    (one,) = call("kickoff", "--json").data["agreements"]
    assert (one["req"], one["status"], one["version"]) == ("PA-1", "draft", 1)
    assert "Payments analyst · Dana Ortiz · PA-1" in call("kickoff").says()
    assert call("kickoff", "list").says() == call("kickoff").says()


@pytest.mark.usefixtures("two")
def test_called_alone_at_a_terminal_it_asks_whose_role_it_is(tty: Terminal) -> None:
    child = tty("kickoff")
    child.expect("Whose role")
    child.sendline("dana")
    child.expect("role called")
    child.sendline("Analyst")
    child.expect("How long")
    child.send(tty.ENTER)
    child.expect(WHY_NOW)
    child.sendline("Growth")
    child.expect(IN_90_DAYS)
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130
    child = tty("kickoff")
    child.expect(["Going on where you stopped", "Whose role"])
    assert child.match.re.pattern.startswith("Going on")
    child.expect(IN_90_DAYS)
    child.send(tty.CTRL_C)
    assert tty.ends(child)[0] == 130


@pytest.mark.parametrize(("group", "key"), [("manager", "managers"), ("req", "reqs"), ("config", "settings")])
@pytest.mark.usefixtures("role")
def test_other_groups_called_alone_list(call: Call, group: str, key: str) -> None:
    assert call(group, "--json").data == call(group, "list", "--json").data
    assert call(group).says() == call(group, "list").says()
    assert key in call(group, "--json").data
