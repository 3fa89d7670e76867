"""`config`: settings; a flag beats the environment, which beats config.toml."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import pytest
import tomlkit

from trustlog.settings import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Call, Program

NAMES = ["db", "minutes", "half_life_days", "base_rate", "negativity", "burst_discount"]

REFUSED = [
    (["config", "get", "nope"], "bad-field"),
    (["config", "set", "nope", "1"], "bad-field"),
    (["config", "set", "minutes", "7"], "bad-field"),
    (["config", "set", "minutes", "five"], "bad-field"),
    (["config", "set", "half-life-days", "13"], "bad-field"),
    (["config", "set", "half-life-days", "731"], "bad-field"),
    (["config", "set", "half-life-days", "nan"], "bad-field"),
    (["config", "set", "base-rate", "0"], "bad-field"),
    (["config", "set", "base-rate", "1"], "bad-field"),
    (["config", "set", "negativity", "0.5"], "bad-field"),
    (["config", "set", "burst-discount", "2"], "bad-field"),
]

# config.toml -> a command that cannot go on with it, and a word of the line that says why
BROKEN = [
    ("minutes = = 2", ["log"], "config.toml"),
    ("minutes = = 2", ["add", "dana", "x"], "line 1"),
    ("nope = 1", ["log"], "nope"),
    ("half_life_days = 1", ["report"], "half_life_days"),
    ("half_life_days = 1", ["add", "dana", "x"], "half_life_days"),
    ('half_life_days = "90 days"', ["report"], "half_life_days"),
    ("negativity = true", ["report"], "negativity"),
    ("minutes = 7", ["config", "list"], "minutes"),
    ("db = 5", ["log"], "db"),
    ("minutes = 2\n\xff", ["log"], "config.toml"),
]


def settings(call: Call, *args: str) -> dict[str, Any]:
    found: dict[str, Any] = call("config", *args, "--json").data["settings"]
    return found


@pytest.fixture
def config(two: Path) -> Path:
    return two / "config.toml"


@pytest.mark.plain_only
@pytest.mark.usefixtures("two")
def test_list_names_every_setting_its_value_and_where_it_comes_from(run: Program, call: Call) -> None:
    found = settings(call, "list")
    assert [name for name in found if name in NAMES] == NAMES
    assert all(set(one) == {"value", "source"} for one in found.values())
    assert {one["source"] for one in found.values()} == {"default"}
    text = run("config", "list").says()
    assert [line.split()[0] for line in text.splitlines()] == list(found)


def test_the_environment_beats_the_file_which_beats_the_default(run: Program, call: Call, config: Path) -> None:
    assert settings(call, "get", "minutes") == {"minutes": {"value": 5, "source": "default"}}
    config.write_text("minutes = 15\n")
    assert settings(call, "get", "minutes") == {"minutes": {"value": 15, "source": "file"}}
    by_environment = run("config", "get", "minutes", "--json", env={"TRUSTLOG_MINUTES": "2"}).data
    assert by_environment == {"settings": {"minutes": {"value": 2, "source": "environment"}}}
    run("config", "get", "minutes", "--json", env={"TRUSTLOG_MINUTES": "7"}).fails(1, "bad-field")


@pytest.mark.plain_only
def test_set_writes_the_file_keeps_its_comments_and_takes_both_spellings(call: Call, config: Path) -> None:
    config.write_text("# my own\nminutes = 15  # long\n")
    config.chmod(0o600)
    assert settings(call, "set", "half-life-days", "120") == {"half_life_days": {"value": 120.0, "source": "file"}}
    assert settings(call, "set", "burst_discount", "1")["burst_discount"]["value"] == 1.0
    assert config.read_text().startswith("# my own\nminutes = 15  # long\n")
    assert settings(call, "get", "half_life_days")["half_life_days"]["value"] == 120.0
    assert call("report", "--json").data["parameters"]["half_life_days"] == 120.0
    assert config.stat().st_mode & 0o777 == 0o600
    assert sorted(file.name for file in config.parent.glob("*config*")) == [".config.toml.lock", "config.toml"]


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_a_config_that_has_no_end_is_refused_and_not_waited_for(
    call: Call, config: Path, make: Callable[[Path], None]
) -> None:
    config.unlink(missing_ok=True)
    make(config)
    call("log", "--json").fails(1, "bad-file")


def test_of_two_that_set_at_once_none_is_lost(call: Call, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del call  # its environment is that of the writes below
    others = [threading.Thread(target=write, args=("due_time", "17:00"), daemon=True)]
    parse = tomlkit.parse

    def slowly(text: str) -> tomlkit.TOMLDocument:
        read = parse(text)
        if others:  # whoever has read first lets another one begin, and waits for it a little
            other = others.pop()
            other.start()
            other.join(0.2)
            begun.append(other)
        return read

    begun: list[threading.Thread] = []
    config.write_text("# mine\n")
    monkeypatch.setattr(tomlkit, "parse", slowly)
    write("minutes", "2")
    begun[0].join(60)
    assert config.read_text() == '# mine\nminutes = 2\ndue_time = "17:00"\n'


def test_a_config_behind_a_link_is_written_where_it_lies(call: Call, config: Path, tmp_path: Path) -> None:
    (tmp_path / "dotfile").write_text("# mine\n")
    config.symlink_to(tmp_path / "dotfile")
    settings(call, "set", "minutes", "2")
    assert (config.is_symlink(), (tmp_path / "dotfile").read_text()) == (True, "# mine\nminutes = 2\n")


@pytest.mark.usefixtures("config")
def test_config_is_not_undoable(call: Call) -> None:
    before = call("undo", "--list", "--json").data
    call("config", "set", "minutes", "2").says()
    assert call("undo", "--list", "--json").data == before


@pytest.mark.parametrize(("args", "code"), REFUSED)
def test_a_refused_setting_changes_nothing(call: Call, config: Path, args: list[str], code: str) -> None:
    call(*args, "--json").fails(1, code)
    said = call(*args).fails(1)
    assert args[2].replace("-", "_") in said
    assert not config.exists()


@pytest.mark.parametrize(("text", "args", "word"), BROKEN)
def test_a_broken_config_is_told_in_one_line(call: Call, config: Path, text: str, args: list[str], word: str) -> None:
    config.write_bytes(text.encode("latin-1"))
    assert word in call(*args).fails(1)
    config.unlink()
    assert call("log", "--json").data == {"entries": []}


def test_a_broken_config_is_json_too_and_is_never_rewritten(call: Call, config: Path) -> None:
    config.write_text("minutes = = 2")
    call("log", "--json").fails(1, "bad-file")
    call("config", "set", "minutes", "2", "--json").fails(1, "bad-file")
    assert config.read_text() == "minutes = = 2"


def test_a_value_out_of_range_can_be_mended_by_set(call: Call, config: Path) -> None:
    config.write_text("half_life_days = 1\n")
    call("report", "--json").fails(1, "bad-field")
    call("config", "set", "half-life-days", "90").says()
    assert call("report", "--json").data["parameters"]["half_life_days"] == 90.0


# --- which journal --------------------------------------------------------------------------------------------------


def test_the_flag_beats_the_environment_beats_the_file_beats_the_home(call: Call, tmp_path: Path) -> None:
    places = {name: tmp_path / f"{name}.db" for name in ("flag", "environment", "file")}
    (tmp_path / "home").mkdir(mode=0o700)
    call("manager", "add", "Home").says()
    (tmp_path / "home/config.toml").write_text(f"db = '{places['file']}'\n")
    environment = {"TRUSTLOG_DB": str(places["environment"])}
    call("manager", "add", "File").says()
    call("manager", "add", "Environment", env=environment).says()
    call("--db", str(places["flag"]), "manager", "add", "Flag", env=environment).says()

    def who(*args: str, env: dict[str, str] | None = None) -> list[str]:
        return [one["name"] for one in call("manager", "list", "--json", *args, env=env).data["managers"]]

    assert who() == ["File"]
    assert who(env=environment) == ["Environment"]
    assert who("--db", str(places["flag"]), env=environment) == ["Flag"]
    assert who("--db", str(tmp_path / "home/trustlog.db")) == ["Home"]
    assert call("--db", str(places["flag"]), "manager", "list").says() == "flag  Flag\n"
    assert [oct(file.stat().st_mode & 0o777) for file in places.values()] == ["0o600"] * 3


# --- the user's own words -------------------------------------------------------------------------------------------


def test_own_aliases_join_the_shipped_ones(call: Call, two: Path) -> None:
    (two / "playbook").mkdir()
    (two / "playbook/kinds.toml").write_text('[aliases]\ncoffee = "small-talk"\n')
    for word, kind in (("coffee", "small-talk"), ("praise", "praise-given")):
        assert call("add", "dana", "x", "-k", word, "--json").data["entry"]["kind"] == kind


@pytest.mark.parametrize(
    "text",
    [
        "aliases = = 1",
        '[aliases]\ncoffee = "nonsense"\n',
        'usual = "note"\n',
        "usual = ['nope']\n",
        "aliases = 3",
        "\xff",
    ],
)
def test_a_broken_kinds_toml_is_told_while_the_command_works(call: Call, two: Path, text: str) -> None:
    (two / "playbook").mkdir()
    (two / "playbook/kinds.toml").write_bytes(text.encode("latin-1"))
    answer = call("add", "dana", "x", "-k", "praise", "--json")
    assert answer.data["entry"]["kind"] == "praise-given"
    assert answer.err.count("\n") == 1
    assert "kinds.toml" in answer.err


def test_a_broken_report_toml_is_told_while_the_report_is_printed(call: Call, two: Path) -> None:
    whole = call("report", "dana").says()
    (two / "playbook").mkdir()
    own = two / "playbook/report.toml"
    own.write_text("labels = 3")
    broken = call("report", "dana")
    assert (broken.code, broken.out) == (0, whole)
    assert "report.toml" in broken.err
    own.write_text('reminder = "Only my notes."\n')
    assert "Only my notes." in call("report", "dana").says()


@pytest.mark.parametrize("value", ["banana", "25:00", "9:30", "18:00:00", ""])
def test_a_time_that_is_none_is_refused_when_it_is_set(call: Call, value: str) -> None:
    assert "It takes a time like 18:00." in call("config", "set", "due_time", value, "--json").fails(1, "bad-field")


def test_a_file_of_settings_with_a_byte_order_mark_is_read_and_written(call: Call, home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_bytes(b"\xef\xbb\xbf# mine\r\nminutes = 2\r\n")
    assert call("config", "get", "minutes").says() == "2\n"
    call("config", "set", "working_week", "no").says()
    assert call("config", "get", "minutes").says() == "2\n"
    assert call("config", "get", "working_week").says() == "no\n"
    assert "# mine" in (home / "config.toml").read_text("utf-8-sig")


@pytest.mark.parametrize("name", ["db", "key-file", "inbox"])
def test_a_folder_is_no_file_that_a_setting_names(call: Call, home: Path, name: str, tmp_path: Path) -> None:
    done = call("config", "set", name, str(tmp_path), "--json").fails(1, "bad-field")
    assert f"{name.replace('-', '_')} cannot be '{tmp_path}', which is a folder" in done
    assert not (home / "config.toml").exists()


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_inbox_without_a_name_is_refused(call: Call, empty: str) -> None:
    assert "inbox cannot be" in call("config", "set", "inbox", empty).fails(1)
    assert call("config", "get", "inbox").says() == "inbox.txt\n"
