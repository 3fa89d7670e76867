"""What `sync` puts into the folder: sealed files of updates, and that of the space. The seal is age, by pyrage."""

import json
import re
import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from trustlog.errors import UserError
from trustlog.formats.sync_document import BadFileError, load

FORMAT = 1
SPACE = "space.age"
"""The file of the space itself."""
_HEAD = struct.Struct(">I")
_PART = struct.Struct(">HI")
WORK = 17
"""A work factor from which a passphrase of several words is not worth guessing at; age's own is 18."""
_TRIES = 8
_SCRYPT = re.compile(rb"age-encryption\.org/v1\n-> scrypt \S+ (\d+)\n")


class Header(NamedTuple):
    """What a file says of itself. `heard`: how far its laptop had heard each of the others when it wrote, `knew` when
    its person did; a `whole` one holds all that its laptop knew and stands on no other. `forgets`: uids of managers
    who are to be forgotten."""

    schema: int
    space: str
    replica: str
    name: str
    number: int
    whole: bool
    heard: dict[str, int]
    knew: dict[str, int]
    forgets: list[str]
    at: str
    wants: dict[str, int] = {}  # noqa: RUF012 - read only
    """The laptops of which a file is missing or damaged, and its number: they write themselves whole again. One that
    names itself is of a restored journal that cannot read its own later files: all others do, who may have heard."""
    format: int = FORMAT


class TooNewError(ValueError):
    """A file of a program that is newer than this one."""


def seal(header: Header, parts: Iterable[tuple[int, bytes]], identity: str) -> bytes:
    """A file for those who have the key. The parts are packed updates, each with the number of its small document."""
    _, age = load()
    head = json.dumps(header._asdict(), ensure_ascii=False).encode()
    body = [_HEAD.pack(len(head)), head]
    for shard, update in parts:
        body += [_PART.pack(shard, len(update)), update]
    return bytes(age.encrypt(b"".join(body), [age.x25519.Identity.from_str(identity).to_public()]))


def unseal(content: bytes, identities: Sequence[str], schema: int) -> tuple[Header, list[tuple[int, bytes]]]:
    """What a file holds. Raises BadFileError, and TooNewError for a newer format or schema."""
    _, age = load()
    try:
        raw = bytes(age.decrypt(content, [age.x25519.Identity.from_str(identity) for identity in identities]))
    except age.DecryptError as error:
        why = "it is damaged, or not all of it is here"
        if "No matching keys" in str(error):
            why = f"it is of another space, or of a new key that {SPACE} here does not hold yet"
        raise BadFileError(why) from error
    at = _HEAD.size + _HEAD.unpack_from(raw)[0]
    told = json.loads(raw[_HEAD.size : at])
    if told["format"] > FORMAT or told["schema"] > schema:
        raise TooNewError
    header = Header(**told)
    parts = []
    while at < len(raw):
        shard, size = _PART.unpack_from(raw, at)
        parts.append((shard, raw[at + _PART.size : at + _PART.size + size]))
        at += _PART.size + size
    return header, parts


class Space(NamedTuple):
    """What joins laptops: a name of the space, and its keys, the newest first; older ones still open older files."""

    name: str
    identities: list[str]


def new_identity() -> str:
    _, age = load()
    return str(age.x25519.Identity.generate())


def seal_space(space: Space, passphrase: str) -> bytes:
    """The space's file. age measures for a moment how much work takes this machine a second; one that was busy then
    would be guessed at too easily, so the first of a few that is slow enough is taken, or the slowest."""
    _, age = load()
    text, sealed = json.dumps(space._asdict()).encode(), [b""]
    while len(sealed) <= _TRIES and _work(sealed[-1]) < WORK:
        sealed.append(bytes(age.passphrase.encrypt(text, passphrase)))
    return max(sealed[1:], key=_work)


def _work(sealed: bytes) -> int:
    """The binary logarithm of how often whoever guesses must compute; age writes it in clear."""
    found = _SCRYPT.match(sealed)
    return int(found[1]) if found else 0


def unseal_space(content: bytes, passphrase: str) -> Space:
    """Raises UserError `wrong-key`."""
    _, age = load()
    why, hint = (
        "the passphrase does not open the space, or its file is not all here yet",
        "Type it as on the first laptop",
    )
    for _ in range(_TRIES):
        try:
            return Space(**json.loads(age.passphrase.decrypt(content, passphrase)))
        except age.DecryptError as error:
            if "Excessive work" not in str(error):
                break
            # measured anew each time, and too little if the machine was busy just then
    else:
        why, hint = "this laptop is too busy or too slow to open the space", "Try again when it has less to do"
    raise UserError("wrong-key", why, f"{hint}; nothing was changed.")
