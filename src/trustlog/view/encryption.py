"""What became of the files when the journal was encrypted or decrypted."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trustlog.domain.outcomes.sealed import Done
from trustlog.domain.text import visible
from trustlog.view.look import Look


def data(done: Done) -> dict[str, Any]:
    """As JSON."""
    return {
        "encrypted": done.encrypted,
        "changed": list(done.changed),
        "left": [one._asdict() for one in done.left],
        "removed": list(done.removed),
    }


def lines(done: Done, words: Mapping[str, str], look: Look) -> str:
    """How the journal is now, what was written, what was left or removed, and what was not looked at."""
    said = [words["encrypted" if done.encrypted else "plain"]]
    if not done.changed:
        said[0] += f" {words['already']}"
    else:
        said.append(words["changed"].format(files=visible(", ".join(Path(path).name for path in done.changed))))
    said += [look.paint(words["left"].format(file=visible(one.file), why=one.why), "due") for one in done.left]
    if done.removed:
        said.append(words["removed"].format(files=visible(", ".join(Path(path).name for path in done.removed))))
    said.append(words["elsewhere"] + (f" {words['remains']}" if done.encrypted and done.changed else ""))
    return "\n".join(said)
