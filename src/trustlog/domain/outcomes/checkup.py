"""What `doctor` finds."""

from typing import NamedTuple


class Finding(NamedTuple):
    """Something that is not in order, and what helps. `mends` names what `--fix` can do about it, if it can."""

    check: str
    problem: str
    cure: str
    mends: str = ""


class Checkup(NamedTuple):
    """What is left to do, and what was mended."""

    findings: tuple[Finding, ...]
    mended: tuple[Finding, ...] = ()
