"""One `sync` within its transaction: what changed here into the document, what others wrote into the journal."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from trustlog.domain.sync import Problem, Received, Record, Synced
from trustlog.errors import UserError
from trustlog.formats import sync_file
from trustlog.formats.sync_document import PRIVATE, Name
from trustlog.formats.sync_file import Header
from trustlog.services.sync_folder import PARTS, SECTION_OF, Folder, SyncFile, about, digest
from trustlog.services.sync_merge import Merge
from trustlog.store import sync, sync_fill
from trustlog.store.driver import SCHEMA_VERSION
from trustlog.store.journal import Journal, utc_text
from trustlog.store.sync import Replica, State
from trustlog.store.sync_fill import Filling

MANY_FILES = 500
"""So many files of one laptop are too many for a folder, whatever their size."""
LEAST = 1 << 16
"""Bytes below which no files are worth writing anew."""


FORGETS = "it forgets somebody whom this journal knows; agree with: trustlog sync --yes"


class ForgetsError(Exception):
    """A file forgets managers whom this journal knows; nothing was changed. `handles` names them, by their uids."""

    def __init__(self, handles: dict[str, str]) -> None:
        super().__init__()
        self.handles = handles


class Run:
    """One run of `sync`; everything inside the transaction that its caller holds."""

    def __init__(self, journal: Journal, state: State, folder: Folder, now: datetime, *, kept: Collection[str]) -> None:
        self.journal, self.state, self.folder, self.now = journal, state, folder, now
        self.replicas = sync.replicas(journal)
        self._knew = {replica.replica: replica.heard for replica in self.replicas.values()}
        self.problems: list[Problem] = []
        self.wants: dict[str, int] = {}
        self._kept = set(kept)
        own = self.folder.files(state.replica)
        last_own = max(own, default=0)
        self.number = max(state.number, last_own)
        # a journal that was restored, or joins with records of its own, hears first what it may know already
        self._early = (state.fresh and sync.holds_records(journal)) or last_own > state.number
        self._own_heard = state.number
        self._forgot = set(state.forgotten)
        self._merging = Merge(journal, state, next_number=self.number + 1, early=self._early)
        self.problems += folder.harmed(state, sync.outbox(journal))
        self._whole = state.whole or state.deferred or bool(self.problems)
        self._parts: defaultdict[int, list[tuple[bytes, str, int]]] = defaultdict(list)

    def go(self) -> Synced:
        """All but what waits is told. Raises UserError `too-new`, ForgetsError."""
        merging, before = self._merging, sync.touched(self.journal)
        withheld = merging.withheld = self._withheld(before)
        if self._early:
            for name in before:
                merging.part(name)
        else:
            sync.clear_touched(self.journal)
            merging.fold(name for name in before if name not in withheld)
        self._take_all()
        self._take_foreign()
        self._hear()
        merging.settle(self.state.forgotten, anew=self._reads_anew(before))
        merging.apply(set(before), self.state.forgotten, self._stay)
        # of a journal that joins with records everything, but for what was just written as the document has it
        joins = self.state.fresh and self._early
        mine = merging.unlike_the_document() if joins else sync.touched(self.journal)
        withheld |= self._withheld(mine)
        sync.clear_touched(self.journal)
        if merging.filling is not None and mine:
            merging.documents.keep()  # what is read of them from here on must hold the entries that went aside
        given = Counter(merging.given)
        merging.fold(name for name in mine if name not in withheld)
        sync.touch(self.journal, withheld)
        sync.tell(self.journal, merging.conflicts)
        counted = self._counted()
        self._write()
        # what follows from others is not what was done here
        mine_given = merging.given if self._early else given
        return Synced(counted, dict(mine_given), 0, tuple(self.problems), len(merging.conflicts))

    def _withheld(self, names: Iterable[Name]) -> set[Name]:
        """Records of those who were forgotten elsewhere and stay here: they are not given again."""
        if not self._kept:
            return set()
        rows = self._merging.rows
        handles = {record["handle"] for _, record in rows.records("managers", self._kept)}
        return {name for name in names if name.table in rows.tables and about(rows, name).manager in handles}

    def _reads_anew(self, before: list[Name]) -> bool:
        """Whether somebody, or a role, went since the last run, here or elsewhere."""
        merging = self._merging
        went = any(
            name.table in ("managers", "reqs") and merging.there(name) is None for name in (*before, *merging.changes)
        )
        return self.state.anew or went or self._forgot != set(self.state.forgotten)

    # --- from the folder into the document

    def _take_all(self) -> None:
        """Every file whose turn it is; a file comes after all that its laptop had heard when it wrote it."""
        stopped: dict[str, Problem] = {}
        went_on = True
        while went_on:
            went_on = False
            for replica in self.folder.replicas():
                while replica not in stopped and (file := self._next(replica)) is not None:
                    found = self._taken(replica, file)
                    if isinstance(found, Problem):
                        stopped[replica] = found
                    if found is not True:
                        break
                    went_on = True
        stopped.pop(self.state.replica, None)  # told already
        missing = [self._missing(replica) for replica in self.folder.replicas()]
        self.problems += [*stopped.values(), *self.folder.strange, *(one for one in missing if one is not None)]
        self._whole = self._whole or self.state.replica in self.wants

    def _heard(self, replica: str) -> int:
        if replica == self.state.replica:
            return self.number if not self._early else self._own_heard
        return self.replicas[replica].heard if replica in self.replicas else 0

    def _next(self, replica: str) -> SyncFile | None:
        return self.folder.next(replica, self._heard(replica))

    def _missing(self, replica: str) -> Problem | None:
        """A gap in a row of numbers."""
        there, heard = self.folder.files(replica), self._heard(replica)
        later = sorted(number for number in there if number > heard)
        if not later or heard + 1 in there or any(there[number].whole for number in later):
            return None
        self.wants[replica] = heard + 1
        return Problem(f"{replica}/{heard + 1:06}.age", f"it is missing, and {len(later)} after it wait for it")

    def _taken(self, replica: str, file: SyncFile) -> "bool | Problem":
        """Take a file in; False if its turn has not come, a Problem if it cannot be read."""
        label = f"{replica}/{file.path.name}"
        try:
            found = self.folder.open(replica, file, self.state)
        except sync_file.TooNewError as error:
            raise UserError(
                "too-new",
                f"{label} was written by a newer trustlog",
                "Update trustlog here first; nothing was changed.",
            ) from error
        if isinstance(found, Problem):
            self.wants[replica] = file.number
            return found
        header, parts = found
        if not header.whole and any(
            self._heard(other) < number
            for other, number in header.heard.items()
            if other not in (replica, self.state.replica)
        ):
            return False
        if self._refused(header):
            return Problem(label, FORGETS)
        self._merge(header, parts)
        return True

    def _take_foreign(self) -> None:
        """What a copy of this home wrote under a number of ours, before the files are written anew without it."""
        for header, parts in self.folder.foreign:
            if not self._refused(header):
                self._merge(header, parts)

    def _refused(self, header: Header) -> bool:
        """Whether it forgets somebody, and nobody agreed. Raises ForgetsError to have that asked."""
        uids = set(header.forgets) - set(self.state.forgotten)
        stay = self._stay(uids)
        if uids and not stay:
            sync.let_go_of_undo(self.journal, uids)  # somebody merged away or taken back here would come again by undo
            self.state = self.state._replace(forgotten=sorted({*self.state.forgotten, *uids}))
            self._whole = True
        return stay

    def _stay(self, uids: Collection[str]) -> bool:
        """Whether some who are to be forgotten stay here, as nobody agreed. Raises ForgetsError to have that asked."""
        known = {uid: one["handle"] for uid, one in self._merging.rows.records("managers", uids)} if uids else {}
        if known.keys() - self._kept:
            raise ForgetsError(known)
        return bool(known)

    def _merge(self, header: Header, parts: list[tuple[int, bytes]]) -> None:
        hears, knew = (told.get(self.state.replica, 0) for told in (header.heard, header.knew))
        for number, update in parts:
            if number < PRIVATE or self.state.own_drawer:
                self._parts[number].append((update, header.name, knew))
        wanted = header.wants.get(self.state.replica, 0) > self.folder.last_whole(self.state.replica)
        self._whole = self._whole or wanted or header.replica in header.wants
        if header.replica == self.state.replica:
            self._own_heard = max(self._own_heard, header.number)
            self.state = self.state._replace(forgotten=sorted({*self.state.forgotten, *header.forgets}))
            return
        if hears > self.number:  # a journal that was restored, and whose own files are gone: the others know them
            self.number, self._whole = hears, True
            self.wants[header.replica] = header.number
        known = Replica(header.replica, header.name, header.number, hears, header.at)
        self.replicas[header.replica] = known
        for other, number in header.heard.items() if header.whole else ():
            if other != self.state.replica and self._heard(other) < number:
                there = self.replicas.get(other, Replica(other, other, 0, 0, header.at))
                self.replicas[other] = there._replace(heard=number)

    def _hear(self) -> None:
        """Merge what the files hold, one small document after the other."""
        merging = self._merging
        if not self._early and not self.state.forgotten and sync.is_empty(self.journal):
            merging.filling = Filling(self.journal, merging.rows)
        for number, parts in sorted(self._parts.items()):
            document, laptops = merging.documents[number], {laptop for _, laptop, _ in parts}
            if merging.filling is not None and len(laptops) == 1:
                for change in merging.filling.take(document, [update for update, _, _ in parts], parts[0][1]):
                    merging.note(change, parts[0][1], parts[0][2])
                continue
            for update, laptop, knew in parts:
                for change in document.take(update):
                    merging.note(change, laptop, knew)

    # --- what is given

    def _write(self) -> None:
        """Keep the document, and the next file until it lies in the folder."""
        given = self._merging.documents.keep()
        for one in self.replicas.values():
            sync.keep_replica(self.journal, one)
        sync.let_go_of_heard(self.journal, self.state.replica)
        size = self.state.size + sum(len(update) for _, update in given)
        large = size > max(LEAST, 2 * sync.whole_size(self.journal)) or self.state.files >= MANY_FILES
        # the whole holds what was given of those who stay; it waits, unless somebody here asked for it
        whole = (self._whole or (bool(given) and large)) and not (self._kept and not self.state.whole)
        wants = {replica: number for replica, number in self.wants.items() if self.state.wants.get(replica) != number}
        state = self.state._replace(
            number=self.number,
            fresh=False,
            anew=self._early and bool(self._merging.changes),
            wants=self.wants,
            deferred=self._whole and not whole,
        )
        if given or whole or wants:
            private = self.state.own_drawer
            parts = list(sync.whole(self.journal, private=private)) if whole else given
            state = state._replace(
                number=self.number + 1, whole=False, size=0 if whole else size, files=0 if whole else state.files + 1
            )
            header = Header(
                SCHEMA_VERSION, state.space, state.replica, state.name, state.number, whole,
                {one.replica: one.heard for one in self.replicas.values()}, self._knew, state.forgotten,
                utc_text(self.now), self.wants,
            )  # fmt: skip
            content = sync_file.seal(header, parts, state.identities[0])
            own = {} if whole else state.digests
            state = state._replace(digests={**own, str(state.number): digest(content)})
            sync.post(self.journal, state.number, f"{state.number:06}{'-whole' if whole else ''}.age", content)
        sync.keep_state(self.journal, state)

    def _counted(self) -> tuple[Received, ...]:
        """What came and what was removed, by laptop and section; of what came and went meanwhile nothing is told."""
        merging = self._merging
        came, gone, parts = (defaultdict[tuple[str, str], set[str]](set) for _ in range(3))  # by laptop and section
        for name, laptop in merging.sources.items():
            removed, part = name in merging.removed, name.table in PARTS
            if name.table in merging.rows.tables and (removed or name not in merging.absent):
                kind = came if not removed else parts if part else gone
                uid = self._root(name, merging.there(name) or {}) if part else name.uid
                kind[laptop, SECTION_OF[name.table].name].add(uid)
        for where, uids in parts.items():
            if where not in gone:  # else its record may have gone with it: of a part that went it is not known where
                came.setdefault(where, uids)
        counts = [Counter({where: len(uids) for where, uids in kind.items()}) for kind in (came, gone)]
        if merging.filling is not None:
            section = SECTION_OF[sync_fill.TABLE].name
            counts[0] += Counter({(laptop, section): many for laptop, many in merging.filling.counts.items()})
        return tuple(
            Received(who, *({of: many for (by, of), many in kind.items() if by == who} for kind in counts))
            for who in dict.fromkeys(by for kind in counts for by, _ in kind)
        )

    def _root(self, name: Name, record: Record) -> str:
        """The uid of the record in which a part stands, as far as it says so."""
        merging = self._merging
        if name.table in ("answers", "reflections"):
            return name.uid.partition("/")[0]
        parents = [one for one, told in merging.rows.tables[name.table].references.items() if told.cascades]
        return str(record.get(parents[0], name.uid)) if parents and name.table in PARTS else name.uid
