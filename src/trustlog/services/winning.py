"""What went well, gathered once."""

from trustlog.domain.coaching.wins import Span, Wins, good
from trustlog.domain.model import Manager
from trustlog.domain.standing.milestones import HALF_KNOWN, Milestone, half_known, in_order, of_firsts
from trustlog.domain.standing.trust import Parameters
from trustlog.store import evidence, wins
from trustlog.store.journal import Journal


def gather(journal: Journal, manager: Manager | None, span: Span, parameters: Parameters) -> Wins:
    """The good of some days with one manager or with all, the archived too: what was done stays done."""
    who = manager.id if manager else None
    counts = wins.counts(journal, span, who)
    return Wins(
        span=span,
        mine=good("mine", counts),
        theirs=good("theirs", counts),
        together=good("joint", counts),
        milestones=in_order(
            [*of_firsts(wins.firsts(journal, span, who)), *_half_known(journal, who, span, parameters)]
        ),
        steps=tuple(wins.small_steps(journal, span, who)),
    )


def _half_known(journal: Journal, who: int | None, span: Span, parameters: Parameters) -> list[Milestone]:
    """Only with those who were met in the span: without an entry nothing becomes known."""
    found = []
    for manager_id, handle, name in wins.managers(journal, span, who):
        day = half_known(evidence.facts(journal, manager_id, span.at), span.until, parameters)
        if day is not None and span.since <= day:
            found.append(Milestone(handle, name, HALF_KNOWN, day, None))
    return found
