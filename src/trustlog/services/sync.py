"""`sync`: a journal on several laptops, by a folder that some program replicates."""

import errno
import json
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from trustlog import files
from trustlog.domain.sync import About, Decided, Laptop, Membership, Problem, Synced, SyncStatus
from trustlog.errors import UserError
from trustlog.formats import sync_file
from trustlog.formats.sync_document import Name
from trustlog.formats.sync_file import SPACE, Space
from trustlog.services.sync_folder import MOST_SPACE, ROOT, Document, Folder, about, digest
from trustlog.services.sync_run import FORGETS, Run
from trustlog.store import sync
from trustlog.store.journal import Journal, new_uid
from trustlog.store.sync import State
from trustlog.store.sync_rows import Rows

_MOST_NAME = 60


class Joining(NamedTuple):
    """How a laptop joins: the folder, what the laptop is called, and whether its own drawer travels."""

    folder: Path
    name: str
    own_drawer: bool


def begins(folder: Path) -> bool:
    """Whether no laptop began a space there yet. Raises UserError `bad-file` where it should not be begun."""
    if not folder.is_dir():
        raise UserError(
            "bad-file", f"the folder {folder} is not there",
            "Make it and have it replicated; on the next laptop wait until it has arrived.",
        )  # fmt: skip
    first = not Folder(str(folder)).space.exists()
    for near in (folder.parent, folder / ROOT) if first else ():  # another laptop named the folder above, or that below
        if (near / ROOT / SPACE).exists() and folder in (near / ROOT, near.parent):
            raise UserError("bad-file", f"a space lies in {near} already", f"Join it: trustlog sync init {near}")
    return first


def opened(folder: Path, passphrase: str) -> Space:
    """The space that is there. Raises UserError `wrong-key`, `missing-extra`, OSError."""
    return sync_file.unseal_space(_content(Folder(str(folder))), passphrase)


def join(journal: Journal, how: Joining, space: Space | None, passphrase: str) -> Membership:
    """Join a space in a folder, or without one begin it; nothing is given or taken yet.

    Raises UserError `bad-file`, `conflict`, `wrong-key`, `missing-extra`, OSError.
    """
    folder = Folder(str(how.folder))
    there = sync.state(journal)
    if there is not None and Path(there.folder) != how.folder:
        raise UserError("conflict", f"this journal is synced in {there.folder}", "Stop that first: trustlog sync leave")
    if len(how.name) > _MOST_NAME or not how.name.isprintable() or not how.name.strip():
        raise UserError("bad-field", "a laptop's name has 1 to 60 printable characters", "Give another with --name.")
    first = there is None and not folder.space.exists()  # a file that is lost is made anew by rekey alone
    if not first:
        space = space or opened(how.folder, passphrase)
    else:
        space = Space(new_uid(), [sync_file.new_identity()])
        folder.put(folder.space, sync_file.seal_space(space, passphrase))
    with journal.draft():
        if there is None:
            state = State(
                os.urandom(4).hex(), how.name, str(how.folder), space.name, space.identities, _key(folder),
                how.own_drawer, fresh=True,
            )  # fmt: skip
            sync.set_up(journal, state)
            return _membership(state, first=first)
        _check_is_newest(there, space)
        state = there._replace(name=how.name, identities=space.identities, key=_key(folder), own_drawer=how.own_drawer)
        if how.own_drawer and not there.own_drawer:  # what others gave of theirs was left out until now
            state = state._replace(whole=True, fresh=True)
            sync.hear_again(journal)
        sync.keep_state(journal, state)
    return _membership(state, first=first)


def _membership(state: State, *, first: bool) -> Membership:
    return Membership(state.folder, state.replica, state.name, first, state.own_drawer)


def run(
    journal: Journal, now: datetime, *, passphrase: Callable[[], str], kept: Collection[str] = ()
) -> Synced:  # fmt: skip
    """Take in what is new and give what is new.

    Raises UserError `conflict`, `bad-file`, `wrong-key`, `too-new`, `not-writable`; ForgetsError for
    managers but those `kept`, by their uids: they stay here, and nothing more is given about them.
    """
    _learn_key(journal, passphrase)
    with journal.draft():
        state = sync.needed_state(journal)
        folder = Folder(state.folder)
        waited = len(sync.outbox(journal))
        done = Run(journal, state, folder, now, kept=kept).go()
    deliver(journal)
    waits = sum(one.waits for one in _others(journal, state, Folder(state.folder)))
    return done._replace(waits=waits, delivered=waited)


def deliver(journal: Journal) -> None:
    """Write what was decided into the folder; what cannot be written waits. Raises UserError `not-writable`."""
    with journal.draft():
        state = sync.needed_state(journal)
        for number, name, content in sync.outbox(journal):
            try:
                Folder(state.folder).write(state.replica, name, content)
            except OSError as error:
                if error.errno not in (None, errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST):
                    raise  # a full disk, above all
                raise UserError(
                    "not-writable", f"cannot write in {state.folder}",
                    "What was taken in stays, and what is to be given waits for the next sync.",
                ) from error  # fmt: skip
            sync.posted(journal, number)


def waits(journal: Journal) -> bool:
    """Whether others wrote what was not taken in yet; looks at names only, and is quick where nothing is synced."""
    state = sync.state(journal)
    try:
        return state is not None and any(one.waits for one in _others(journal, state, Folder(state.folder)))
    except (UserError, OSError):
        return False


def standing(journal: Journal, *, private: bool) -> SyncStatus:
    """Who writes here, what waits both ways, and what was decided."""
    state = sync.needed_state(journal)
    folder = Folder(state.folder)
    laptops = [Laptop(state.replica, state.name, True, None, 0), *_others(journal, state, folder)]
    decided = tuple(_told(journal, private=private))
    to_give = len(sync.touched(journal)) + len(sync.outbox(journal))
    problems = (*folder.harmed(state, sync.outbox(journal)), *_kept_out(journal, state, folder), *folder.strange)
    to_take = sum(one.waits for one in laptops)
    return SyncStatus(state.folder, state.own_drawer, tuple(laptops), to_give, to_take, decided, problems)


def let_go_of_decided(journal: Journal) -> None:
    """Once it was read."""
    with journal.draft():
        sync.seen(journal)


def leave(journal: Journal) -> None:
    """Stop on this laptop: the journal stays, and so do the files that it gave."""
    with journal.draft():
        sync.needed_state(journal)
        sync.leave(journal)


def forget_laptop(journal: Journal, who: str) -> tuple[str, int]:
    """Remove the files of a laptop that is lost; its name and how many they were. Raises UserError `conflict`."""
    with journal.draft():
        state = sync.needed_state(journal)
        folder, known = Folder(state.folder), sync.replicas(journal)
        named = {replica: known[replica].name if replica in known else replica for replica in folder.replicas()}
        fits = [one for one, name in named.items() if who in (one, name) and one != state.replica]
        if len(fits) != 1:
            others = ", ".join(f"{name} ({one})" for one, name in named.items() if one != state.replica)
            raise UserError(
                "conflict", f"{len(fits)} other laptops are called {who}", f"There are: {others or 'none'}."
            )
        removed = list((folder.root / fits[0]).glob("*"))
        for file in removed:
            file.unlink(missing_ok=True)
        with suppress(OSError):
            (folder.root / fits[0]).rmdir()
        sync.gone_for_good(journal, fits[0])
        sync.keep_state(journal, state._replace(whole=True))  # others may not have heard yet what it told this one
    return named[fits[0]], len(removed)


def rekey(journal: Journal, passphrase: str) -> None:
    """Give the space a new key under a new passphrase; every laptop writes itself anew with it."""
    with journal.draft():
        state = sync.needed_state(journal)
        folder = Folder(state.folder)
        identities = [sync_file.new_identity(), *state.identities]
        folder.put(folder.space, sync_file.seal_space(Space(state.space, identities), passphrase))
        sync.keep_state(journal, state._replace(identities=identities, key=_key(folder), whole=True))


def scrub(journal: Journal, gone: str | None = None) -> None:
    """Within a transaction that must leave no trace: what went from the rows goes from the document too.

    `gone` is the uid of a manager who is forgotten, which the other laptops are told. Nothing where nothing is synced.
    """
    state = sync.state(journal)
    if state is None:
        return
    if gone is not None:
        state = state._replace(forgotten=sorted({*state.forgotten, gone}))
    state = state._replace(whole=True, anew=True)
    Document(journal, state, next_number=state.number + 1, early=False).scrub(gone)
    sync.clean(journal, state)


def _told(journal: Journal, *, private: bool) -> list[Decided]:
    rows, told = Rows(journal), []
    for conflict in sync.conflicts(journal):
        name = Name(conflict.table, conflict.uid)
        secret = rows.is_private(name, None) is not False and not private
        now, then = about(rows, name), About(*json.loads(conflict.about))
        where = About() if secret else then if now == About() else now
        text = None if secret else conflict.value
        told.append(Decided(*name, where, conflict.field, text, conflict.why, conflict.replica))
    return told


def _kept_out(journal: Journal, state: State, folder: Folder) -> Iterator[Problem]:
    """Why the next file of a laptop will not be taken in, where it can be seen from the file alone."""
    known, rows = sync.replicas(journal), Rows(journal)
    for replica in folder.replicas():
        file = folder.next(replica, known[replica].heard if replica in known else 0)
        if replica != state.replica and file is not None:
            label = f"{replica}/{file.path.name}"
            try:
                found = folder.open(replica, file, state)
            except sync_file.TooNewError:
                found = Problem(label, "it was written by a newer trustlog; update trustlog here first")
            if isinstance(found, Problem):
                yield found
            elif any(rows.records("managers", set(found[0].forgets) - set(state.forgotten))):
                yield Problem(label, FORGETS)


def _others(journal: Journal, state: State, folder: Folder) -> Iterator[Laptop]:
    """The other laptops, each with how many of its files were not taken in."""
    known = sync.replicas(journal)
    for replica in sorted({*known, *folder.replicas()} - {state.replica}):
        one = known.get(replica)
        waits = sum(number > (one.heard if one else 0) for number in folder.files(replica))
        yield Laptop(replica, one.name if one else replica, False, one.at if one else None, waits)


def _learn_key(journal: Journal, passphrase: Callable[[], str]) -> None:
    """Read the space's file again if another laptop gave it another key; one from before a rekey is refused."""
    state = sync.needed_state(journal)
    folder = Folder(state.folder)
    content = _content(folder)
    if (key := digest(content)) != state.key:
        space = sync_file.unseal_space(content, passphrase())
        _check_is_newest(state, space)
        with journal.draft():
            sync.keep_state(journal, state._replace(identities=space.identities, key=key, whole=True))


def _content(folder: Folder) -> bytes:
    """The space's file, still sealed. Raises UserError `bad-file`."""
    try:
        content, why = files.read_regular(folder.space, MOST_SPACE), "it is empty"
    except OSError as error:
        content, why = b"", error.strerror or "it is not there"
    if not content:
        hint = "Is the replicator done? If the file is lost, trustlog sync rekey makes it anew; nothing was changed."
        raise UserError("bad-file", f"{folder.space} cannot be read: {why[:1].lower()}{why[1:]}", hint)
    return content


def _key(folder: Folder) -> str:
    return digest(_content(folder))


def _check_is_newest(state: State, space: Space) -> None:
    """Raises UserError `conflict` for another space, and for one without the newest key that this journal knows:
    with an older key whoever has a lost laptop would read what is written now."""
    if space.name != state.space:
        why = "another space lies in this folder: two laptops began one each"
        cure = "On one of them: trustlog sync leave, then trustlog sync init FOLDER joins the other's."
    elif state.identities[0] in space.identities:
        return
    elif set(space.identities) <= set(state.identities):
        why = f"{SPACE} is older than the key of this journal, so nothing was given or taken"
        cure = "Is the replicator done? If it stays so: trustlog sync rekey"
    else:
        why = f"{SPACE} does not hold the newest key of this journal: two laptops made one each"
        cure = "If you trust the other's: trustlog sync leave here, then trustlog sync init FOLDER."
    raise UserError("conflict", why, cure)
