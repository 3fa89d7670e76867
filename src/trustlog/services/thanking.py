"""What a manager did that no praise came after, gathered from the journal."""

from collections.abc import Sequence
from datetime import datetime

from trustlog.domain.agreements.commitment import Commitment
from trustlog.domain.coaching import thanking
from trustlog.domain.coaching.thanking import Deed, Unthanked
from trustlog.domain.model import Manager
from trustlog.store import entries, jar
from trustlog.store.journal import Journal

_MOST = 500
"""No more deeds of a month are looked at than these."""


def unthanked(journal: Journal, manager: Manager, loops: Sequence[Commitment], at: datetime) -> tuple[Unthanked, ...]:
    """As it stood at a moment, newest first; `loops` are all of this manager at that moment."""
    told = entries.of_kinds(journal, manager.id, thanking.KINDS, at - thanking.FRESH, at, _MOST)
    deeds = (Deed(one.id, one.kind, one.happened_on, one.happened_at, one.note, one.req) for one in told)
    return thanking.unthanked(jar.unthanked(journal, manager.id, at.date()), deeds, loops, at)
