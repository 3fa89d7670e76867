"""What a run that was cut off left half done, in the line that the next command says."""

from pathlib import Path
from typing import NamedTuple

from trustlog.domain.outcomes.settled import Settled


class _Words(NamedTuple):
    doing: str
    made: str
    """How things are once it was made, and `not_made` if it was taken back."""
    not_made: str
    again: str


_COPY = "Take a fresh copy with: trustlog backup"
_OF = {
    "encrypt": _Words(
        "Encrypting", "the journal is encrypted, and so is each copy that could be.", "the journal is not encrypted.",
        "To encrypt it: trustlog encrypt",
    ),
    "rekey": _Words(
        "Changing the key", "the new key opens the journal and its copies.", "the key is the one that it was.",
        "To change it: trustlog encrypt --new-key-file FILE",
    ),
    "decrypt": _Words(
        "Decrypting", "the journal and its copies are plain files.", "the journal is encrypted.",
        "To decrypt it: trustlog decrypt",
    ),
    "copies": _Words(
        "Writing the copies anew", "they are encrypted if the journal is, and plain if it is.",
        "they are as they were.", "See how they stand: trustlog doctor",
    ),
    "forget": _Words(
        "Forgetting somebody", f"they are gone from the journal, and its older copies went. {_COPY}",
        "nobody was forgotten.", "To do it: trustlog forget MANAGER",
    ),
    "wipe": _Words(
        "Deleting what you said about yourself", f"it is gone from the journal, and its older copies went. {_COPY}",
        "nothing was deleted.", "To do it: trustlog me --wipe-reflections",
    ),
}  # fmt: skip
_OTHER = _Words("A change of the files", "it was made.", "nothing was changed.", "See: trustlog doctor")


def line(done: Settled) -> str:
    """What was found, what was done about it, and how things are now."""
    words = _OF.get(done.what, _OTHER)
    if done.left:
        names = ", ".join(Path(path).name for path in done.left)
        so_far = f"was made but for {names}" if done.made else f"was not made, and {names} is left of it"
        return f"{words.doing} was cut off; it {so_far}. Make the folder writable: the next command finishes it."
    if done.made:
        return f"{words.doing} was cut off and is finished now: {words.made}"
    return f"{words.doing} was cut off before anything had changed: {words.not_made} {words.again}"


def blocked(why: str) -> str:
    """That it cannot even be looked at."""
    return f"A change of the journal's files was cut off and cannot be finished here: {why}. See: trustlog doctor"
