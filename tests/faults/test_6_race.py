"""Eight writers, readers, a snapshot and an upgrade at once: every acknowledged entry is there exactly once."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.helpers import SCHEMA_1

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.faults.conftest import Figures, Warm

NUMBER = 3
WRITERS, EACH = 8, 50
WRITER = f"""
import gc, sys
from trustlog.main import main
name = sys.argv[1]
for number in range({EACH}):
    if main(["add", sys.argv[2], f"writer {{name}} entry {{number}}", "--json"]) != 0:
        sys.exit(1)
    gc.enable()
"""
READER = """
import contextlib, io, sys
from trustlog.main import main
for number in range(12):
    for words in (["report"], ["log", "--json"], ["search", "entry"]):
        with contextlib.redirect_stdout(io.StringIO()):
            if main(words) != 0:
                sys.exit(1)
"""


def start(env: Mapping[str, str], *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, *command], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def acknowledged(raw: bytes) -> list[str]:
    return [json.loads(line)["data"]["entry"]["uid"] for line in raw.splitlines()]


def raced(home: Path, env: Mapping[str, str], warm: Warm, who: str) -> tuple[list[str], Counter[str], list[Any]]:
    """What was acknowledged, what is there, and what was said on the way."""
    writers = [start(env, "-c", WRITER, str(number), who) for number in range(WRITERS)]
    others = [start(env, "-c", READER), start(env, "-c", READER), start(env, "-m", "trustlog", "backup")]
    said = [child.communicate(timeout=200) for child in writers]
    rest = [child.communicate(timeout=200) for child in others]
    codes = [child.returncode for child in (*writers, *others)]
    assert codes == [0] * len(codes), (codes, {err for _, err in (*said, *rest)})
    acked = [uid for out, _ in said for uid in acknowledged(out)]
    there = Counter(one["uid"] for one in warm(home, "log", "--json").data["entries"])
    return acked, there, said


def test_eight_writers_while_others_read_and_copy(
    warm: Warm, home: Path, env: dict[str, str], figures: Figures
) -> None:
    old = {one["uid"] for one in warm(home, "log", "--json").data["entries"]}
    acked, there, _ = raced(home, env, warm, "dana")
    assert len(acked) == WRITERS * EACH
    assert there == Counter([*old, *acked])
    assert warm.findings(home) == []
    copies = warm(home, "backup", "--list", "--json").data["snapshots"]
    assert [one for one in copies if not one["readable"]] == []
    figures.survived(len(acked))


def test_eight_writers_meet_an_old_journal(warm: Warm, tmp_path: Path, env: dict[str, str], figures: Figures) -> None:
    """Whoever comes first brings it up to date, once; the others wait and go on."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    spare = tmp_path / "spare"
    spare.mkdir(mode=0o700)
    for place in (home, spare):
        shutil.copy(SCHEMA_1, place / "trustlog.db")
        (place / "trustlog.db").chmod(0o600)
    entries = warm(spare, "log", "--json").data["entries"]
    acked, there, _ = raced(home, env, warm, entries[0]["manager"])
    assert len(acked) == WRITERS * EACH
    assert there == Counter([*(one["uid"] for one in entries), *acked])
    copies = warm(home, "backup", "--list", "--json").data["snapshots"]
    # several may have found it old at the same moment: then each has made a copy
    assert any(one["why"] == "before-upgrade" for one in copies)
    assert [one for one in copies if not one["readable"]] == []
    assert warm.findings(home) == []
    figures.survived(len(acked))
