"""What became of the files when the journal was encrypted or decrypted."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from trustlog.domain.filling import filled
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
        said.append(filled(words["changed"], {"files": _names(done.changed)}))
    said += [look.paint(filled(words["left"], {"file": visible(one.file), "why": one.why}), "due") for one in done.left]
    if done.removed:
        said.append(filled(words["removed"], {"files": _names(done.removed)}))
    said.append(words["elsewhere"] + (f" {words['remains']}" if done.encrypted and done.changed else ""))
    return "\n".join(said)


def _names(paths: Iterable[str]) -> str:
    return visible(", ".join(Path(path).name for path in paths))
