"""A gut feeling beside the log. It never enters the log."""

from typing import NamedTuple

from trustlog.domain.standing.trust import Opinion

APART = 0.25
"""A gut and a log this far apart are worth a question."""


class Gut(NamedTuple):
    """A gut feeling from 0 to 1, and what the log says."""

    gut: float
    log: Opinion

    @property
    def apart(self) -> bool:
        return abs(self.gut - self.log.e) > APART


def gut(score: int, log: Opinion) -> Gut:
    """A feeling of 1 to 5 on the log's scale."""
    return Gut((score - 1) / 4, log)
