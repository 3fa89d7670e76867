"""The document that `sync` keeps and merges: records by table and uid, as small documents of the engine.

The engine is Yrs by pycrdt. It and the seal of the files are imported by `load` alone, once they are needed.
"""

import json
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from trustlog.domain.sync import Record, read
from trustlog.errors import UserError

SHARDS = 256
"""The document is kept as so many small ones, so that one entry is given and taken without reading all of it."""
PRIVATE = SHARDS
"""The second drawer has as many of its own, numbered from here, so that it can be left out."""
_SIGN = "\x1f"
"""Stands between the table, the uid and the field in the name of a value; no uid holds it."""
LARGE = 1 << 14
"""Bytes from which packing well takes too long."""
BASE = ""
"""The field under which a record stands whole, as it was first written; one that was changed since stands beside it."""
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
Fields = dict[str, str]
"""Values of a record as JSON, by their fields."""


class Name(NamedTuple):
    """A record: its table and its uid, which for an answer is that of its sitting, a slash and the field."""

    table: str
    uid: str

    def shard(self, *, private: bool) -> int:
        """The small document that holds it; answers lie with their sitting."""
        return zlib.crc32(self.uid.partition("/")[0].encode()) % SHARDS + (PRIVATE if private else 0)


class Changed(NamedTuple):
    """A value that an update changed; None where there was or is none."""

    name: Name
    field: str
    old: str | None
    new: str | None


class BadFileError(ValueError):
    """A file that cannot be read; the message is what a person is told."""


class Shard:
    """One of the small documents."""

    def __init__(self, state: bytes | None = None) -> None:
        engine, _ = load()
        self._doc = engine.Doc()
        self._values = self._doc.get("records", type=engine.Map)
        if state is not None:
            self._doc.apply_update(zlib.decompress(state))
        self.records: dict[Name, Fields] = {}
        self._changed(json.loads(str(self._values)))
        self.changed = False
        self._given: list[bytes] = []
        self._pending: dict[str, str | None] = {}
        self._is_new = state is None
        self._only: bytes | None = None

    def take(self, update: bytes) -> list[Changed]:
        """Merge an update of another laptop; what it changed. Raises BadFileError."""
        self._merge(update)
        return self._changed(json.loads(str(self._values)))

    def take_new(self, updates: Iterable[bytes], table: str, but: str) -> tuple[Fields, list[Changed]]:
        """Merge updates into an empty document: whole records of a table that do not hold `but`, and other changes.

        The former are no part of `records`, so that the document must be read anew before they are asked for.
        """
        for update in updates:
            self._merge(update)
        own: dict[str, str] = {}
        others: dict[str, str] = {}
        start = table + _SIGN
        for key, text in json.loads(str(self._values)).items():
            if key.startswith(start) and _SIGN not in (uid := key[len(start) :]) and but not in text:
                own[uid] = text
            else:
                others[key] = text
        for uid in {key.split(_SIGN)[1] for key in others if key.startswith(start)} & own.keys():
            others[start + uid] = own.pop(uid)  # changed since, so that it does not stand whole
        return own, self._changed(others)

    def _merge(self, update: bytes) -> None:
        self._end()
        try:
            self._doc.apply_update(zlib.decompress(update))
        except (ValueError, zlib.error) as error:
            raise BadFileError("it is damaged") from error
        self._became(update)

    def write(self, name: Name, fields: Mapping[str, str | None]) -> None:
        """Set values of a record, or remove those that are None; all writes until the next reading are one update."""
        self.changed = True
        there = self.records.setdefault(name, {})
        for field, text in fields.items():
            key = _SIGN.join((*name, field) if field else name)
            if text is not None:
                self._pending[key] = there[field] = text
            elif there.pop(field, None) is not None:
                self._pending[key] = None
        if not there:
            del self.records[name]

    def state(self) -> bytes:
        """The whole of it; what was deleted or replaced is not in it any more."""
        self._end()
        return self._only or zlib.compress(self._doc.get_update(), 1)

    def given(self) -> list[bytes]:
        """What was written here, as packed updates for the others."""
        self._end()
        return self._given

    def _end(self) -> None:
        """Write what is pending, as one update."""
        if not self._pending:
            return
        sent = self._doc.observe(lambda event: self._given.append(_packed(event.update)))
        with self._doc.transaction():
            self._values.update({key: text for key, text in self._pending.items() if text is not None})
            for key in [key for key, text in self._pending.items() if text is None and key in self._values]:
                del self._values[key]
        self._doc.unobserve(sent)
        self._pending.clear()
        self._became(self._given[-1] if self._given else None)

    def _became(self, update: bytes | None) -> None:
        """Of a new document the first update is the whole, and needs no packing again."""
        self._only = update if self._is_new else None
        self._is_new, self.changed = False, True

    def _changed(self, texts: Mapping[str, str]) -> list[Changed]:
        """Make `records` what the document says; what changed. The engine's own events leave out some of what an
        update brought that had waited for another, and `to_py` asks for each key, which takes twice as long."""
        before, self.records = self.records, {}
        for key, text in texts.items():
            table, uid, *field = key.split(_SIGN)
            self.records.setdefault(Name(table, uid), {})[field[0] if field else BASE] = text
        if not before:
            return [
                Changed(name, field, None, text) for name, now in self.records.items() for field, text in now.items()
            ]
        found = []
        for name in {**before, **self.records}:
            was, now = before.get(name, {}), self.records.get(name, {})
            if was != now:
                fields = [field for field in {**was, **now} if was.get(field) != now.get(field)]
                found += [Changed(name, field, was.get(field), now.get(field)) for field in fields]
        return found


def text_of(value: Any) -> str:
    """A value as the document keeps it."""
    return _ENCODER.encode(value)


def record_of(fields: Fields) -> Record:
    """A record of the document by its values."""
    return records_of([fields])[0]


def whole_records(texts: Iterable[str]) -> list[Record]:
    """Records that stand whole; read at once, which is twice as quick as one by one."""
    records: list[Record] = json.loads(f"[{','.join(texts)}]")
    return records


def records_of(some: Sequence[Fields]) -> list[Record]:
    """Records of the document by their values."""
    bases = whole_records(fields[BASE] for fields in some)
    return [
        read(base, {field: json.loads(text) for field, text in fields.items() if field != BASE})
        if len(fields) > 1
        else base
        for base, fields in zip(bases, some, strict=True)
    ]


def _packed(update: bytes) -> bytes:
    """An update as it stands in a file and in the journal."""
    return zlib.compress(update, 6 if len(update) < LARGE else 1)


def load() -> tuple[Any, Any]:
    """The engine and the seal. Raises UserError `missing-extra`."""
    try:
        import pycrdt  # 70 ms, only where something is synced
        import pyrage
    except ImportError as error:
        raise UserError(
            "missing-extra", "sync needs two libraries that are not installed",
            f"Install them: {Path(sys.executable).name} -m pip install 'trustlog[sync]'",
        ) from error  # fmt: skip
    return pycrdt, pyrage
