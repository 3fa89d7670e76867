"""Laptops with a folder each, what people do on them in any order, and a replicator that is late."""

from __future__ import annotations

import gc
import io
import json
import os
import random
import shutil
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

from tests.helpers import opened

from trustlog.formats import sync_document
from trustlog.main import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAMES = (("Dana Ortiz", "dana"), ("Marcus Hughes", "marcus"), ("Dana Oz", "dana"), ("Ana Li", "ana"))
KINDS = ("small-talk", "promise-kept", "declined", "insight")


class World:
    """Three laptops that know two managers; each command is done in this process, so that a thousand are quick."""

    def __init__(self, place: Path, seed: int, laptops: int = 3) -> None:
        self.homes: list[Path] = []
        self.folders: list[Path] = []
        self.done: list[tuple[int, tuple[str, ...], int]] = []
        self._chance, self._place, self._passphrase = random.Random(seed), place, place / "passphrase"
        self._passphrase.write_text("pass")
        self._passphrase.chmod(0o600)
        for number in range(laptops):
            self.join()
            if not number:
                self.run(0, "manager", "add", "Dana Ortiz")
                self.run(0, "manager", "add", "Marcus Hughes")
                self.run(0, "sync")

    def join(self) -> int:
        """One more laptop, which has all that the first gave."""
        number = len(self.homes)
        self.homes.append(self._place / f"home-{number}")
        self.folders.append(self._place / f"folder-{number}")
        self.folders[-1].mkdir()
        if number:
            self.carry(0, number, late=False)
        self.run(
            number, "sync", "init", str(self.folders[-1]), "--passphrase-file", str(self._passphrase), "--name",
            f"laptop {number}", "--own-drawer", "yes",
        )  # fmt: skip
        return number

    def run(self, laptop: int, *args: str) -> str:
        """One command, which may be refused and must not fail; its answer."""
        os.environ["TRUSTLOG_HOME"] = str(self.homes[laptop])
        streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2)]
        before = sys.stdout, sys.stderr, sys.stdin
        sys.stdout, sys.stderr, sys.stdin = *streams, io.TextIOWrapper(io.BytesIO(), "utf-8")
        try:
            code = main(list(args))
        finally:
            sys.stdout, sys.stderr, sys.stdin = before
            gc.enable()
        out, err = (stream.buffer.getvalue().decode() for stream in streams)
        self.done.append((laptop, args, code))
        assert code in (0, 1), (laptop, args, code, err, self.done[-8:])
        assert code == 0 or args[0] != "sync", (laptop, args, err, self.done[-8:])
        return out

    def sync(self, laptop: int) -> dict[str, Any]:
        done: dict[str, Any] = json.loads(self.run(laptop, "sync", "--yes", "--json"))["data"]
        return done

    def carry(self, source: int, target: int, *, late: bool = True) -> None:
        """Replicate files; if it is `late`, one in five is held back. What a writer removed goes too."""
        here, there = self.folders[source] / "trustlog", self.folders[target] / "trustlog"
        for file in sorted(one for one in here.rglob("*") if one.is_file()):
            copy = there / file.relative_to(here)
            if not copy.exists() and not (late and self._chance.random() < 0.2):
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, copy)
        for copy in [one for one in there.rglob("*.age") if one.parent != there]:
            wholes = [one.name for one in (here / copy.parent.name).glob("*-whole.age")]
            gone = wholes and copy.name[:6] < max(wholes)[:6] and not (here / copy.relative_to(there)).exists()
            if gone and (copy.parent / max(wholes)).exists():
                copy.unlink()

    def step(self) -> None:
        """Something that somebody does on one of the laptops, or the replicator."""
        laptop = self._chance.randrange(len(self.homes))
        word = f"word {len(self.done)}"
        acts = self._acts(laptop, word)
        chosen = self._chance.choices(list(acts), [weight for weight, _ in acts.values()])[0]
        if chosen == "sync":
            self.sync(laptop)
        elif chosen == "carry":
            self.carry(laptop, self._chance.choice([other for other in range(len(self.homes)) if other != laptop]))
        else:
            self.run(laptop, *acts[chosen][1]())

    def _acts(self, laptop: int, word: str) -> dict[str, tuple[float, Callable[[], tuple[str, ...]]]]:
        any_of = self._chance.choice

        def who() -> str:
            return str(any_of(self._known(laptop, "managers", "handle") or ["dana"]))

        def entry() -> str:
            return str(any_of(self._known(laptop, "entries", "id") or [1]))

        def role() -> str:
            return str(any_of(self._known(laptop, "reqs", "code") or ["A-1"]))

        def loop() -> str:
            return f"L{self._chance.randrange(1, 6)}"

        name, handle = any_of(NAMES)
        closed = any_of(("kept", "at-risk", "missed", "renegotiated"))
        return {
            "sync": (8, tuple), "carry": (6, tuple),
            "add": (8, lambda: ("add", who(), word, "-k", any_of(KINDS))),
            "mend": (1, lambda: ("add", who(), word, "-k", "kept", "--repairs", entry())),
            "edit note": (4, lambda: ("edit", entry(), "--note", word)),
            "edit channel": (2, lambda: ("edit", entry(), "--channel", word)),
            "delete": (2, lambda: ("delete", entry())),
            "undo": (5, lambda: ("undo",)), "redo": (2, lambda: ("redo",)),
            "promise": (3, lambda: ("promise", who(), word, "--due", "in 2 days")),
            "ask": (2, lambda: ("ask", who(), word, "--due", "in 3 days", "--sure", "70")),
            "settle": (3, lambda: ("settle", loop(), closed, *(["--due", "in 9 days"] * (closed == "renegotiated")))),
            "manager add": (2, lambda: ("manager", "add", name, "--handle", handle)),
            "manager edit": (2, lambda: ("manager", "edit", who(), any_of(("--likes", "--team")), word)),
            "manager rename": (1, lambda: ("manager", "rename", who(), any_of(("dana", "marcus", "ana", "zed")))),
            "manager merge": (1, lambda: ("manager", "merge", who(), who())),
            "manager archive": (0.5, lambda: ("manager", "archive", who())),
            "forget": (0.3, lambda: ("forget", who(), "--yes")),
            "req add": (2, lambda: ("req", "add", who(), any_of(("Analyst", "Dev")), "--code", any_of(("A-1", "D-1")))),
            "req close": (1, lambda: ("req", "close", role())),
            "kickoff start": (3, lambda: ("kickoff", "start", role(), "--set", f"success_90d={word}", "--no-input")),
            "kickoff agree": (1, lambda: ("kickoff", "agree", role(), "scope")),
            "prep-feedback": (2, lambda: ("prep-feedback", who(), "--about", word, "--set", "mood_before=-1")),
            "debrief": (2, lambda: ("debrief", who(), "--set", f"headline={word}")),
            "boundary": (1, lambda: ("boundary", who(), "--set", "BR1=true")),
            "notice": (2, lambda: ("notice", who(), word)),
            "next": (1, lambda: ("next", who(), "--done", "PB12")),
            "me": (1, lambda: ("me", "--care-after", word)),
        }  # fmt: skip

    def _known(self, laptop: int, table: str, column: str) -> list[Any]:
        with closing(opened(self.homes[laptop] / "trustlog.db")) as db:
            return [row[0] for row in db.execute(f"SELECT {column} FROM {table} ORDER BY id")]

    def settle(self) -> str:
        """One who has nothing yet joins, all sync and carry until nobody has anything new; everybody's export."""
        last = self.join()
        for other in range(1, last):
            self.carry(other, last)
        self.sync(last)
        for _ in range(12):
            news = 0
            for laptop in range(len(self.homes)):
                done = self.sync(laptop)
                news += done["taken"] + done["given"] + done["waits"]
                for other in range(len(self.homes)):
                    if other != laptop:
                        self.carry(laptop, other, late=False)
            exports = {self.run(laptop, "export", "--include-reflections") for laptop in range(len(self.homes))}
            if not news and len(exports) == 1:
                for laptop in range(len(self.homes)):
                    assert self.run(laptop, "doctor", "--json")
                    assert self.done[-1][2] == 0, "the doctor is content"
                gc.unfreeze()  # `main` freezes what a program would take down with it
                gc.collect()
                return exports.pop()
        raise AssertionError((len(exports), self.done[-30:]))


def without_a_slow_passphrase(patch: Any) -> None:
    """Deriving a key from a passphrase takes a second on purpose; worlds are made by the hundred."""
    _, age = sync_document.load()

    def decrypt(content: bytes, passphrase: str) -> bytes:
        told, _, inside = content.partition(b"\0")
        if told != passphrase.encode():
            raise age.DecryptError("another passphrase")
        return inside

    patch.setattr(age.passphrase, "encrypt", lambda content, passphrase: passphrase.encode() + b"\0" + content)
    patch.setattr(age.passphrase, "decrypt", decrypt)
