"""The guard rails hold: no test can reach the journal, the settings or the home of whoever runs it."""

from __future__ import annotations

import gc
import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest
from tests.conftest import ThisTestHangs

from trustlog import files
from trustlog.main import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call, Program

FORGOT = "a home that is not its own"


@pytest.mark.parametrize("path", [files.journal, files.config, files.playbook, files.snapshots, files.bug_log])
def test_a_test_without_a_home_of_its_own_is_stopped(path: object) -> None:
    assert callable(path)
    with pytest.raises(BaseException, match=FORGOT):
        path()


def test_the_program_called_without_a_home_is_stopped_too() -> None:
    mask = os.umask(0o022)
    try:
        with pytest.raises(BaseException, match=FORGOT):
            main(["log"])
    finally:
        os.umask(mask)
        gc.enable()


def test_no_variable_of_the_developer_reaches_a_test() -> None:
    assert not [name for name in os.environ if name.startswith("TRUSTLOG_")]


def test_the_program_writes_into_the_home_of_the_test_only(run: Program, tmp_path: Path) -> None:
    run("manager", "add", "Dana Ortiz").says()
    assert sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*")) == [
        "home", "home/.trustlog.db.lock", "home/trustlog.db",
    ]  # fmt: skip


def test_a_test_that_waits_for_ever_is_ended() -> None:
    assert signal.getitimer(signal.ITIMER_REAL)[0] > 60
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    with pytest.raises(ThisTestHangs):
        threading.Event().wait(60)


def test_a_call_leaves_the_process_as_it_was(call: Call) -> None:
    mask = os.umask(0o022)
    call("log")
    assert (os.umask(mask), gc.isenabled()) == (0o022, True)


@pytest.mark.usefixtures("two")
def test_call_and_run_are_the_same_program(call: Call, run: Program) -> None:
    assert call("manager", "list") == run("manager", "list")
    assert call("log", "1") == run("log", "1")
