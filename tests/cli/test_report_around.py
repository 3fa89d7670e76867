"""What a report tells beside trust: agreements, praise by channel, the jar, small steps, conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.helpers import page

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call

AS_OF = ("--as-of", "2024-04-01")


@pytest.mark.usefixtures("awkward")
def test_a_page_knows_what_stands_around_its_figures(call: Call) -> None:
    one = page(call, "zoe", *AS_OF)

    assert [(role["req"], role["agreement"] and role["agreement"]["status"]) for role in one["roles"]] == [
        ("zo-1", "partly-confirmed"),
        ("zo-2", None),
    ]
    stages = one["roles"][0]["agreement"]["stages"]
    assert (stages["discovery"], stages["scope"], stages["recap"]) == ("confirmed", "disputed", "open")
    assert one["praise"] == [
        {"channel": None, "count": 1}, {"channel": "=kanal()", "count": 1}, {"channel": "kudos-chat", "count": 1},
    ]  # fmt: skip
    assert one["practice"]["used"] == {"praise-given": 3, "promise-kept": 2}
    assert (one["unthanked"], one["last_step"]) == (1, None)
    assert one["conversations"] == [
        {
            "on": "2024-03-14", "state": "debriefed", "about": "the | last slate",
            "points": {"set-aside": 1, "use": 1},
        }
    ]  # fmt: skip
    assert [loop["owed_by"] for loop in one["open_loops"]] == ["me", "them"]


@pytest.mark.usefixtures("awkward")
def test_on_screen_the_agreement_of_each_open_role_is_told_in_words(call: Call) -> None:
    text = call("report", "zoe", *AS_OF).says()

    assert "Ingenieur:in | <Daten> *Köln*  1 of 5 stages confirmed; scope disputed" in text
    assert "no kick-off yet: Empty role" in text
    assert "Later role" not in text
    assert "praise given 3 times: no channel named 1, =kanal() 1, kudos-chat 1" in text
    assert "1 thing seen and not yet thanked" in text
    assert "conversation, Thu 14 Mar 2024: debriefed" in text


@pytest.mark.usefixtures("awkward")
def test_what_came_after_as_of_does_not_exist_beside_trust_either(call: Call) -> None:
    early = page(call, "zoe", "--as-of", "2024-02-06")

    assert [role["req"] for role in early["roles"]] == ["zo-1"]
    assert early["roles"][0]["agreement"]["stages"]["scope"] == "open"
    assert (early["praise"], early["unthanked"], early["conversations"], early["open_loops"]) == ([], 0, [], [])
    assert page(call, "zoe", "--as-of", "2024-02-04")["roles"] == [{
        "req": "zo-1", "title": "Ingenieur:in | <Daten> *Köln*", "opened_on": "2024-02-01", "hard": False,
        "agreement": None,
    }]  # fmt: skip
    assert [role["req"] for role in page(call, "zoe", "--as-of", "2024-04-02")["roles"]] == ["zo-1", "zo-2", "zo-3"]


@pytest.mark.usefixtures("awkward")
def test_what_was_thanked_later_was_still_unthanked_before(call: Call) -> None:
    said = call("praise", "zoe", "--from", "1", "--changed", "a hire", "--when", "2024-03-25 09:00")
    assert said.code == 0

    counts = [page(call, "zoe", "--as-of", day)["unthanked"] for day in ("2024-03-11", "2024-03-24", "2024-03-25")]
    assert counts == [0, 1, 0]


@pytest.mark.usefixtures("awkward")
def test_since_narrows_praise_and_conversations(call: Call) -> None:
    one = page(call, "zoe", *AS_OF, "--since", "2024-03-16")

    assert one["praise"] == [{"channel": "kudos-chat", "count": 1}]
    assert (one["since"], one["conversations"]) == ("2024-03-16", [])
    assert len(one["roles"]) == 2


@pytest.mark.usefixtures("two")
def test_the_last_small_step_is_told_with_its_advice(call: Call) -> None:
    assert page(call, "dana")["last_step"] is None
    step = call("next", "dana", "--for", "ask-help", "--json").data["step"]
    call("next", "dana", "--done", step["id"])

    told = page(call, "dana")["last_step"]
    assert (told["id"], told["category"], told["how"]) == (step["id"], "ask-help", "done")
    assert told["advice"] == step["advice"].rstrip(".")
    assert f"done {told['on'][:4]}" not in call("report", "dana").says()
    assert "last small step, done " in call("report", "dana").says()
    assert page(call, "dana", "--as-of", "2024-01-01")["last_step"] is None


@pytest.mark.usefixtures("two")
def test_a_step_of_the_second_drawer_is_no_matter_of_a_report(call: Call) -> None:
    step = call("next", "dana", "--for", "self-care", "--json").data["step"]
    assert call("next", "dana", "--done", step["id"]).code == 0

    assert page(call, "dana")["last_step"] is None
    assert step["id"] not in call("report", "dana").says()


@pytest.mark.usefixtures("awkward")
def test_ones_own_practice_counts_praise_by_channel_over_everybody(call: Call) -> None:
    call("add", "li", "", "-k", "praise", "--did", "a", "--changed", "b", "-c", "kudos-chat", "-w", "2024-03-29 09:00")
    own = call("report", "--me", *AS_OF, "--json").data["me"]

    assert own["praise"] == [
        {"channel": "kudos-chat", "count": 2}, {"channel": None, "count": 1}, {"channel": "=kanal()", "count": 1},
    ]  # fmt: skip
    assert "praise given 4 times: kudos-chat 2, no channel named 1" in call("report", "--me", *AS_OF).says()
    narrowed = call("report", "--me", *AS_OF, "--since", "2024-03-29", "--json").data["me"]["praise"]
    assert narrowed == [{"channel": "kudos-chat", "count": 1}]


@pytest.mark.usefixtures("two")
def test_an_answer_to_my_request_was_begun_by_me(call: Call) -> None:
    def contact() -> dict[str, int]:
        found: dict[str, int] = page(call, "dana", "--as-of", "2024-03-20")["practice"]["contact"]
        return found

    call("add", "dana", "Out of the blue", "-k", "reply", "-w", "2024-03-01 09:00")
    assert contact() == {"mine": 0, "theirs": 1, "joint": 0, "asked_nothing": 1}
    call("ask", "dana", "the scorecard", "--when", "2024-03-04 09:00", "--due", "2024-03-06 09:00")
    call("settle", "dana", "--when", "2024-03-05 09:00")
    assert contact() == {"mine": 1, "theirs": 1, "joint": 0, "asked_nothing": 2}
    call("add", "dana", "Could you look?", "-k", "ask-help", "-w", "2024-03-07 09:00")
    call("add", "dana", "She did", "-k", "help", "-w", "2024-03-08 09:00")
    assert contact() == {"mine": 3, "theirs": 1, "joint": 0, "asked_nothing": 3}
    assert "contacts: 3 begun by you, 1 by them, 0 together" in call("report", "dana", "--as-of", "2024-03-20").says()


@pytest.mark.usefixtures("two")
def test_one_reply_answers_one_of_my_messages(call: Call) -> None:
    for day in range(4, 9):
        call("add", "dana", "Sent", "-k", "update", "--approach", "push", "-w", f"2024-03-0{day} 09:00")
    call("add", "dana", "Yes", "-k", "reply", "-w", "2024-03-08 15:00")

    replies = call("report", "--me", "--as-of", "2024-03-20", "--json").data["me"]["replies"]
    assert replies == {"push": {"sent": 5, "replied": 1}, "pull": None}
    call("ask", "dana", "the scorecard", "--when", "2024-03-11 09:00", "--due", "2024-03-12 09:00")
    replies = call("report", "--me", "--as-of", "2024-03-20", "--json").data["me"]["replies"]
    assert replies["push"] == {"sent": 6, "replied": 1}, "an open loop is a push too"


def test_an_overview_pays_for_nothing_that_it_does_not_show(call: Call, two: Path) -> None:
    del two
    text = call("report").says()

    assert "Agreements" not in text
    assert "roles" in page(call, "dana")
