"""What all laptops decide alike, whatever each of them heard first."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustlog.domain.sync import Record, Settled, circles, differences, read, settle
from trustlog.formats.sync_document import BASE, Name, Shard, record_of, text_of

UIDS = st.sampled_from("abcdefgh")
WORDS = st.sampled_from(["dana", "dana-2", "ana", "zed"])
RECORD = st.fixed_dictionaries(
    {"handle": WORDS, "name": st.sampled_from(["Dana", "dana", "Ana"]), "created_at": st.sampled_from(["1", "2"])},
    optional={"team": WORDS, "email": WORDS},
)
RECORDS = st.dictionaries(UIDS, RECORD)
VALUES = st.dictionaries(WORDS, st.none() | st.integers() | st.text())
ACTS = st.lists(st.tuples(st.integers(0, 2), UIDS, st.sampled_from([BASE, "handle", "team"]), st.none() | WORDS))


def after(records: dict[str, Record], done: Settled) -> dict[str, Record]:
    """The records as they are once what was settled is done."""
    renamed = {uid: {"handle": handle} for uid, handle in done.renamed.items()}
    return {
        uid: {**record, **done.filled.get(uid, {}), **renamed.get(uid, {})}
        for uid, record in records.items()
        if uid not in done.joined
    }


@given(RECORDS, st.randoms(use_true_random=False))
def test_names_are_settled_the_same_in_whatever_order_they_were_heard(
    records: dict[str, Record], chance: Random
) -> None:
    order = list(records)
    chance.shuffle(order)
    assert settle("managers", {uid: records[uid] for uid in order}) == settle("managers", records)


@given(RECORDS)
def test_then_each_name_is_of_one_record_no_name_is_gone_and_nothing_is_left_to_settle(
    records: dict[str, Record],
) -> None:
    done = settle("managers", records)
    left = after(records, done)
    handles = [record["handle"] for record in left.values()]
    assert len(set(handles)) == len(handles)
    assert {record["handle"] for record in records.values()} <= set(handles)
    assert set(done.joined.values()) <= set(left)
    assert settle("managers", left) == Settled({}, {}, {})


@given(VALUES, VALUES)
def test_the_differences_of_two_records_make_the_one_the_other(here: dict[str, Any], there: dict[str, Any]) -> None:
    assert read(there, differences(here, there)) == read(here, {})


@given(st.dictionaries(st.tuples(st.just("managers"), UIDS), UIDS), st.randoms(use_true_random=False))
def test_who_leads_to_each_other_is_found_once_in_whatever_order(
    joined: dict[tuple[str, str], str], chance: Random
) -> None:
    order = list(joined)
    chance.shuffle(order)
    found = circles(joined)
    assert circles({one: joined[one] for one in order}) == found
    without = {one: kept for one, kept in joined.items() if one not in found}
    assert circles(without) == []


class Heard:
    """Three laptops of the engine; each hears the others' updates in any order in which one comes after all that its
    writer had heard, as `sync` takes files in."""

    def __init__(self) -> None:
        self.shards = [Shard() for _ in range(3)]
        self.heard = [[0, 0, 0] for _ in self.shards]
        self.written: list[list[tuple[bytes, list[int]]]] = [[] for _ in self.shards]

    def write(self, writer: int, name: Name, field: str, text: str | None) -> None:
        self.shards[writer].write(name, {field: text})
        for update in self.shards[writer].given()[len(self.written[writer]) :]:
            self.written[writer].append((update, list(self.heard[writer])))
            self.heard[writer][writer] += 1

    def turns(self, reader: int) -> list[int]:
        """The writers whose next update may be heard."""
        heard = self.heard[reader]
        return [
            writer
            for writer, written in enumerate(self.written)
            if heard[writer] < len(written)
            and all(there <= here for there, here in zip(written[heard[writer]][1], heard, strict=True))
        ]

    def hear(self, reader: int, writer: int) -> None:
        self.shards[reader].take(self.written[writer][self.heard[reader][writer]][0])
        self.heard[reader][writer] += 1


@settings(deadline=None, max_examples=40)
@given(ACTS, st.integers())
def test_whatever_is_heard_first_the_journal_is_the_same(
    acts: list[tuple[int, str, str, str | None]], seed: int
) -> None:
    pytest.importorskip("pycrdt", reason="the extra sync is not installed")
    chance = Random(seed)  # not of hypothesis: which of two texts stays is decided by numbers that the engine draws
    laptops = Heard()
    for writer, uid, field, value in acts:
        whole = {"handle": value or "dana", "name": "Dana", "created_at": "1"}
        text = None if value is None else text_of(whole if field == BASE else value)
        laptops.write(writer, Name("managers", uid), field, text)
        reader = chance.randrange(3)
        if turns := laptops.turns(reader):
            laptops.hear(reader, chance.choice(turns))
    while late := [reader for reader in range(3) if laptops.turns(reader)]:
        reader = chance.choice(late)
        laptops.hear(reader, chance.choice(laptops.turns(reader)))
    kept = [Shard(shard.state()) for shard in laptops.shards]
    journals = []
    for shard in (*laptops.shards, *kept):
        assert shard.records == laptops.shards[0].records
        found = {name.uid: record_of(told) for name, told in shard.records.items() if BASE in told}
        journals.append(after(found, settle("managers", found)))
    assert all(journal == journals[0] for journal in journals)
