"""`report`: what the log says on a day, every figure with its evidence."""

from __future__ import annotations

import re
from math import fsum
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len
from tests.helpers import page

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Program, Terminal

FACETS = ["ability", "benevolence", "integrity"]
MANAGER = [
    "manager", "name", "label", "gone_quiet", "entries", "last_contact", "facets", "overall", "trend",
    "steps_to_half_known",
]  # fmt: skip
LABELS = (
    "Mostly unknown", "Getting known", "Rough start", "Steady partnership", "Building", "Mixed signals", "Strained",
)  # fmt: skip
ENTRIES = """manager,when,kind,size,note
dana,2024-01-10 09:00,meeting-held,m,First coffee
dana,2024-01-20 09:00,expectation-confirmed,m,Five must-haves
dana,2024-02-10 09:00,slate-accepted,l,Four of five
dana,2024-02-10 10:00,slate-accepted,m,One more
dana,2024-02-29 09:00,promise-kept,m,On the leap day
dana,2024-03-01 09:00,promise-missed,l,A day late
dana,2024-03-10 09:00,help-received,m,A voice note
dana,2024-03-20 09:00,note,m,Only for me
dana,2024-04-01 09:00,praise-received,l,In front of all
marcus,2024-03-01 09:00,harsh-exchange,l,Loud
marcus,2024-03-02 09:00,doubt-voiced,m,Are you sure?
"""


@pytest.fixture
def year(call: Call, two: Path) -> Call:
    del two  # it has made the journal
    assert call("import", "-", stdin=ENTRIES).code == 0
    return call


@pytest.mark.usefixtures("year")
def test_a_report_key_by_key(run: Program) -> None:
    data = run("report", "--as-of", "2024-04-01", "--json").data
    assert list(data) == ["as_of", "parameters", "managers"]
    assert data["as_of"] == "2024-04-01"
    assert data["parameters"] == {
        "half_life_days": 90, "prior_weight": 2, "base_rate": 0.5, "negativity": 1.0, "burst_discount": 0.5,
    }  # fmt: skip
    for one in data["managers"]:
        assert [key for key in one if key in MANAGER] == MANAGER
        assert "evidence" not in one
        assert one["label"] in LABELS
        assert list(one["facets"]) == FACETS
        for facet in one["facets"].values():
            assert list(facet) == ["r", "s", "b", "d", "u", "e"]
            assert facet["b"] + facet["d"] + facet["u"] == pytest.approx(1, abs=1e-12)
        assert list(one["overall"]) == ["b", "d", "u", "e"]
        assert list(one["trend"]) == ["since", "u", "e", "words"]
        assert one["trend"]["since"] == "2024-03-04"
    dana, marcus = data["managers"]
    assert (dana["manager"], dana["name"], dana["entries"], dana["last_contact"], dana["gone_quiet"]) == (
        "dana", "Dana Ortiz", 9, "2024-04-01", False,
    )  # fmt: skip
    assert (marcus["entries"], marcus["last_contact"]) == (2, "2024-03-02")


@pytest.mark.usefixtures("two")
def test_the_figures_are_full_doubles(call: Call) -> None:
    call("add", "dana", "A voice note", "-k", "help", "-w", "2024-03-01")
    one = page(call, "dana", "--as-of", "2024-03-01")
    assert one["facets"]["benevolence"] == {"r": 1.0, "s": 0.0, "b": 1 / 3, "d": 0.0, "u": 2 / 3, "e": 2 / 3}
    assert one["facets"]["ability"] == {"r": 0.0, "s": 0.0, "b": 0.0, "d": 0.0, "u": 1.0, "e": 0.5}
    assert one["overall"]["u"] == pytest.approx(8 / 9, abs=1e-15)
    later = page(call, "dana", "--as-of", "2024-05-30")
    assert later["facets"]["benevolence"]["r"] == 0.5


@pytest.mark.usefixtures("two")
def test_nothing_logged_is_the_zero_opinion(call: Call) -> None:
    one = page(call, "dana", "--why")
    assert one["overall"] == {"b": 0.0, "d": 0.0, "u": 1.0, "e": 0.5}
    assert (one["label"], one["entries"], one["last_contact"], one["gone_quiet"], one["evidence"]) == (
        "Mostly unknown", 0, None, False, [],
    )  # fmt: skip
    assert one["trend"]["words"] == ["steady"]


def test_the_evidence_sums_to_every_figure(year: Call) -> None:
    for one in year("report", "--why", "--as-of", "2024-04-15", "--json").data["managers"]:
        assert one["evidence"]
        for atom in one["evidence"]:
            assert list(atom) == ["entry", "kind", "facet", "sign", "weight", "age_days", "counts"]
        for facet, opinion in one["facets"].items():
            for sign, figure in (("+", "r"), ("-", "s")):
                own = [atom["counts"] for atom in one["evidence"] if (atom["facet"], atom["sign"]) == (facet, sign)]
                assert fsum(own) == pytest.approx(opinion[figure], abs=1e-12)
        for key in ("b", "d", "u", "e"):
            mean = fsum(opinion[key] for opinion in one["facets"].values()) / 3
            assert one["overall"][key] == pytest.approx(mean, abs=1e-12)


def test_why_names_every_entry_that_counts_on_screen(year: Call) -> None:
    text = year("report", "dana", "--why", "--as-of", "2024-04-15").says()
    for atom in page(year, "dana", "--why", "--as-of", "2024-04-15")["evidence"]:
        assert f"#{atom['entry']}" in text
    assert "#8" not in text, "a note is no evidence"


def test_entries_after_as_of_do_not_exist(year: Call) -> None:
    def journal_until(day: str) -> Any:
        return [page(year, who, "--why", "--as-of", day) for who in ("dana", "marcus")]

    early = journal_until("2024-03-01")
    year("delete", "7", "8", "9", "11")
    assert journal_until("2024-03-01") == early
    assert [one["entries"] for one in early] == [6, 1]
    before = page(year, "dana", "--as-of", "2024-01-09")
    assert (before["entries"], before["last_contact"], before["overall"]["u"]) == (0, None, 1.0)


def test_as_of_a_day_is_its_end_and_as_of_a_time_cuts_it(year: Call) -> None:
    assert page(year, "dana", "--as-of", "2024-02-10")["entries"] == 4
    assert page(year, "dana", "--as-of", "2024-02-10 09:30")["entries"] == 3
    assert page(year, "dana", "--as-of", "2024-02-10 08:00")["entries"] == 2


def test_a_repair_counts_from_its_own_day_on(year: Call) -> None:
    before = page(year, "dana", "--as-of", "2024-03-14")
    year("add", "dana", "mended", "-k", "kept", "-w", "2024-03-15 09:00", "--repairs", "6")
    assert page(year, "dana", "--as-of", "2024-03-14") == before
    after = page(year, "dana", "--as-of", "2024-03-15", "--why")
    weights = {atom["entry"]: atom["weight"] for atom in after["evidence"] if atom["sign"] == "-"}
    assert weights == {6: 1.0}


def test_since_narrows_counts_and_lists_and_never_the_figures(year: Call) -> None:
    whole = page(year, "dana", "--as-of", "2024-04-01", "--why")
    part = page(year, "dana", "--as-of", "2024-04-01", "--why", "--since", "2024-03-05")
    assert (whole.pop("entries"), part.pop("entries")) == (9, 3)
    assert (whole.pop("since"), part.pop("since")) == ("2024-01-02", "2024-03-05")
    assert (whole.pop("practice"), part.pop("practice")) == (
        {"used": {"promise-kept": 1}, "contact": {"mine": 2, "theirs": 4, "joint": 2, "asked_nothing": 8}},
        {"used": {}, "contact": {"mine": 0, "theirs": 2, "joint": 0, "asked_nothing": 2}},
    )
    assert part == whole
    assert "#3" in year("report", "dana", "--as-of", "2024-04-01", "--since", "2024-01-01").says()
    assert "#3" not in year("report", "dana", "--as-of", "2024-04-01", "--since", "2024-03-05").says()


def test_every_kind_but_note_is_a_contact_and_silence_is_gone_quiet(year: Call) -> None:
    assert page(year, "dana", "--as-of", "2024-03-25")["last_contact"] == "2024-03-10"
    assert [page(year, "dana", "--as-of", day)["gone_quiet"] for day in ("2024-05-15", "2024-05-16")] == [False, True]
    assert "45 days" in year("report", "dana", "--as-of", "2024-05-16").says()


def test_steps_to_half_known_follow_the_mean_of_the_three_questions(year: Call) -> None:
    for day, left in (("2024-01-05", 12), ("2024-02-11", 6), ("2024-04-01", 0)):
        one = page(year, "dana", "--as-of", day)
        assert one["steps_to_half_known"] == left
        assert (left == 0) is (one["overall"]["u"] <= 0.5)


@pytest.mark.usefixtures("year")
def test_the_overview_is_alphabetical_case_blind_and_leaves_out_the_archived(call: Call) -> None:
    for name in ("émile", "Ann", "bob"):
        call("manager", "add", name)
    call("manager", "archive", "bob")
    names = [one["name"] for one in call("report", "--json").data["managers"]]
    assert names == ["Ann", "Dana Ortiz", "émile", "Marcus Hughes"]
    text = call("report").says()
    assert re.findall("Ann|bob|Dana Ortiz|Marcus Hughes|émile", text) == names
    assert page(call, "bob")["manager"] == "bob"


def test_the_overview_has_no_estimate_and_no_label(year: Call) -> None:
    text = year("report", "--as-of", "2024-04-01").says()
    for word in (*LABELS, "anywhere", "benevolence", "integrity", "estimate", "score"):
        assert word.lower() not in text.lower()
    assert re.search(r"\d\.\d", text) is None
    for one in year("report", "--as-of", "2024-04-01", "--json").data["managers"]:
        assert f"unknown {percent(one['overall']['u'])}" in text
        assert f"seen {percent(one['overall']['b'])}" in text
    assert "last contact Mon 1 Apr 2024" in text


def percent(share: float) -> str:
    return f"{round(share * 100)} %"


def test_a_strained_manager_has_not_the_fullest_bar(year: Call) -> None:
    """Whoever shouts makes much known; what is seen for trust is the full part of a bar, doubt a part of its own."""
    text = year("report", "--as-of", "2024-04-01").says()
    bars = dict(re.findall(r"^  (\w+) \w+ +([█▌▓░]+)", text, re.M))
    assert bars["Marcus"].count("█") < bars["Dana"].count("█")
    assert bars["Marcus"].count("▓") > bars["Dana"].count("▓")
    assert bars["Marcus"].startswith("▓"), "nothing good was written of him"


def test_the_overview_tells_the_way_it_goes_and_since_when(year: Call) -> None:
    text = year("report", "--as-of", "2024-04-01").says()
    assert "clearer, warmer · notes since January" in text
    assert "notes since March" in text
    later = year("report", "--as-of", "2025-02-01").says()
    assert "notes since January 2024" in later


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("kind", ["harsh-exchange", "help-received"])
def test_one_entry_is_no_way_that_anything_goes(call: Call, kind: str) -> None:
    call("add", "dana", "one", "-k", kind, "-w", "yesterday")
    assert "one entry so far" in call("report").says()
    call("add", "dana", "two", "-k", kind)
    assert "clearer, " in call("report").says()


def test_a_page_opens_with_the_month_and_gives_its_label_a_sentence(year: Call) -> None:
    text = year("report", "dana", "--as-of", "2024-03-31").says()
    one = page(year, "dana", "--as-of", "2024-03-31")
    assert one["month"] == {
        "month": "2024-03", "mine": 0, "theirs": 1, "together": 0, "sentence": "Dana came back once in March.",
    }  # fmt: skip
    order = ["Dana came back once in March.", one["label"], "Can I do this?", "What moved it"]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    assert "not their mind" in text
    assert "score" not in text.lower()


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("form", ["terminal", "html", "markdown"])
def test_estimates_bounds_and_terms_of_the_field_stand_under_why_alone(call: Call, form: str) -> None:
    args = ("report", "dana", "--as-of", "2024-04-01", "--format", form)
    told, why = call(*args).says(), call(*args, "--why").says()
    estimate = f"so far {page(call, 'dana', '--as-of', '2024-04-01')['overall']['e']:.2f}"
    for words in (estimate, "could be anywhere from", "benevolence", "integrity"):
        assert words.casefold() not in told.casefold()
        assert words.casefold() in why.casefold()
    for question in ("Can I do this?", "Am I on their side?", "Do I do what I say?"):
        assert told.index(question) < told.index("What moved it")
    assert why.casefold().index("why these figures") < why.casefold().index(estimate)


SILAS = """manager,when,kind,note
silas,2026-08-13 09:00,meeting-held,First talk
silas,2026-10-03 09:00,reply-received,Yes
"""


@pytest.mark.usefixtures("two")
def test_what_only_i_did_earns_no_label_and_says_when_they_were_last_heard_from(call: Call) -> None:
    mine = "".join(f"silas,2026-11-{day:02} 09:00,update-sent,Update\n" for day in range(1, 18))
    assert call("import", "-", stdin=SILAS + mine).code == 0
    call("manager", "edit", "silas", "--name", "Silas Voss")

    one = page(call, "silas", "--as-of", "2026-11-23")
    assert (one["label"], one["lead"], one["gone_quiet"]) == ("Mostly unknown", "own-steps", True)
    assert one["heard"] == {"last": "2026-10-03", "own_steps_since": 17, "messages_since": 17}
    assert "warmer" not in one["trend"]["words"]
    for form in ("terminal", "html", "markdown"):
        for args in (("report",), ("report", "silas")):
            text = call(*args, "--as-of", "2026-11-23", "--format", form).says()
            assert "You wrote 17 times; last heard from Silas on 3 Oct" in text, (form, args)
            assert "your own steps so far" in text.casefold(), (form, args)
            assert "Getting known" not in text
            assert "helps here" not in text
    call("add", "silas", "At last", "-k", "reply", "-w", "2026-11-22 09:00")
    assert page(call, "silas", "--as-of", "2026-11-23")["lead"] == "label"
    assert "last contact Sun 22 Nov 2026" in call("report", "silas", "--as-of", "2026-11-23").says()


@pytest.mark.usefixtures("two")
def test_of_whom_nothing_ever_came_nothing_is_claimed(call: Call) -> None:
    call("add", "dana", "Sent it", "-k", "kept", "-w", "2024-03-01")
    assert "One step of yours; nothing heard from Dana yet" in call("report", "dana", "--as-of", "2024-03-20").says()
    call("add", "dana", "Rang", "-k", "update", "-c", "call", "-w", "2024-03-02")
    call("ask", "dana", "the scorecard", "--when", "2024-03-03", "--due", "2024-03-05")
    text = call("report", "dana", "--as-of", "2024-03-20").says()
    assert "You got in touch twice; nothing heard from Dana yet" in text


@pytest.mark.usefixtures("two")
def test_a_talk_that_was_held_is_something_together(call: Call) -> None:
    for day in (1, 2, 3):
        call("add", "dana", "Update", "-k", "update", "-w", f"2024-03-0{day}")
    as_of = ("--as-of", "2024-03-20")
    assert page(call, "dana", *as_of)["lead"] == "own-steps"

    assert call("debrief", "dana", "--when", "2024-03-02", "--set", "headline=Fine so far").code == 0

    one = page(call, "dana", *as_of)
    assert (one["lead"], one["heard"]) == ("label", {"last": "2024-03-02", "own_steps_since": 1, "messages_since": 1})
    assert page(call, "dana", "--as-of", "2024-03-01")["heard"]["last"] is None
    assert "You wrote once; last heard from Dana on 2 Mar" in call("report", "dana", "--as-of", "2024-04-10").says()


@pytest.mark.usefixtures("year")
def test_an_old_acquaintance_is_no_new_one(call: Call) -> None:
    text = call("report", "marcus", "--as-of", "2025-03-01").says()
    assert "long ago, and says less by now" in " ".join(text.split())
    assert "little history" not in text
    assert "little history" in call("report", "marcus", "--as-of", "2024-02-01").says()


@pytest.mark.usefixtures("two")
def test_a_page_that_knows_little_prints_no_estimate(call: Call) -> None:
    text = call("report", "dana").says()
    assert "too early to say" in text
    assert "so far" not in text
    assert re.search(r"\d\.\d", text) is None


@pytest.mark.parametrize("columns", [60, 80, 160])
@pytest.mark.parametrize("args", [[], ["dana"], ["dana", "--why"], ["marcus", "--why"]])
@pytest.mark.usefixtures("year")
def test_a_report_fits_its_columns(call: Call, monkeypatch: pytest.MonkeyPatch, columns: int, args: list[str]) -> None:
    call("manager", "add", "李小龙 with a rather long name 👩‍🚀 and a half", "--handle", "long")
    monkeypatch.setenv("COLUMNS", str(columns))
    text = call("report", *args, "--as-of", "2024-04-01").says()
    assert [line for line in text.splitlines() if cell_len(line) > columns or line != line.rstrip()] == []
    assert "unknown" in text


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("args", [[], ["dana"], ["dana", "--why"]], ids=["overview", "page", "why"])
def test_a_dumb_terminal_gets_ascii(call: Call, args: list[str]) -> None:
    text = call("report", *args, "--as-of", "2024-04-01", env={"TERM": "dumb"}).says()
    assert re.findall(r"[^\x00-\x7f]", text) == []


@pytest.mark.usefixtures("year")
def test_a_place_without_our_characters_gets_escapes_and_no_traceback(run: Program) -> None:
    text = run("report", "--as-of", "2024-04-01", env={"PYTHONIOENCODING": "ascii"}).says()
    assert text.isascii()
    assert "Dana Ortiz" in text


@pytest.mark.usefixtures("year")
def test_a_terminal_and_a_pipe_get_the_same_lines(call: Call, tty: Terminal) -> None:
    args = ("report", "dana", "--as-of", "2024-04-01")
    code, shown = tty.ends(tty(*args))
    plain = re.sub("\x1b\\[[0-9;]*m", "", shown).replace("\r\n", "\n")
    assert code == 0
    assert [line.rstrip() for line in plain.splitlines()] == call(*args).says().splitlines()


@pytest.mark.parametrize("args", [["report", "--format", "json"], ["report", "--json"], ["--json", "report"]])
def test_json_and_format_json_are_the_same(call: Call, year: Call, args: list[str]) -> None:
    assert call(*args, "--as-of", "2024-04-01").data == year("report", "--as-of", "2024-04-01", "--json").data


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["nobody"], "unknown-manager"),
        (["--as-of", "nonsense"], "bad-date"),
        (["--as-of", "05/06/2024"], "bad-date"),
        (["--since", "nonsense"], "bad-date"),
        (["--format", "xml"], "bad-field"),
    ],
)
def test_a_refused_report(year: Call, args: list[str], code: str) -> None:
    year("report", *args, "--json").fails(1, code)
    year("report", *args).fails(1)


def test_an_error_of_format_json_is_json(year: Call) -> None:
    year("report", "nobody", "--format", "json").fails(1, "unknown-manager")


def test_settings_change_the_figures_and_are_named(run: Program, year: Call) -> None:
    plain = page(year, "marcus", "--as-of", "2024-04-01")
    hard = run(
        "report", "marcus", "--as-of", "2024-04-01", "--json",
        env={"TRUSTLOG_NEGATIVITY": "2", "TRUSTLOG_HALF_LIFE_DAYS": "30"},
    ).data  # fmt: skip
    assert (hard["parameters"]["negativity"], hard["parameters"]["half_life_days"]) == (2, 30)
    assert hard["managers"][0]["facets"]["benevolence"]["s"] != plain["facets"]["benevolence"]["s"]


@pytest.mark.usefixtures("year")
def test_looking_writes_nothing(call: Call, home: Path) -> None:
    before = (home / "trustlog.db").read_bytes()
    call("report").says()
    call("report", "dana", "--why").says()
    assert (home / "trustlog.db").read_bytes() == before
    assert not (home / "reports").exists()


@pytest.mark.usefixtures("two")
def test_a_steady_partner_stays_one_through_a_quiet_month(call: Call) -> None:
    for month in (1, 2, 3):
        for day in (4, 11, 18, 25):
            for kind in ("feedback-received", "expectation-confirmed", "slate-accepted", "promise-kept"):
                call("add", "dana", kind, "-k", kind, "-w", f"2024-0{month}-{day:02}")
    in_april, in_may, in_july = (
        page(call, "dana", "--as-of", day) for day in ("2024-04-02", "2024-05-02", "2024-07-15")
    )

    assert (in_april["lead"], in_april["label"]) == ("label", "Steady partnership")
    assert (in_may["lead"], in_may["label"]) == ("label", "Steady partnership")
    assert in_may["contact"] == "One step of yours; last heard from Dana on 25 Mar"
    assert "warmer" not in in_may["trend"]["words"]
    assert (in_july["lead"], in_july["label"]) == ("quiet", "Mostly unknown")
    said = call("report", "dana", "--as-of", "2024-05-02").says()
    assert "Steady partnership" in said
    assert "Nothing new in the last four weeks." in said
    call("add", "dana", "Shared a survey", "-k", "insight", "-w", "2024-04-30")
    assert page(call, "dana", "--as-of", "2024-05-02")["lead"] == "own-steps"
