"""Two managers who turned out to be one person."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from trustlog.domain.model import Manager

DETAILS = ("team", "email", "likes", "on_their_plate", "public_praise_ok")


class Joined(NamedTuple):
    """What a merge did, or would do: `gone` became a part of `manager`, who is shown as afterwards.

    `moved` counts what came along. `differing` is what was noted of `gone` and said otherwise of `manager`, whose
    own words stay. `retitled` are kick-off drafts that go on under another title, as (old, new).
    """

    gone: Manager
    manager: Manager
    moved: Mapping[str, int]
    differing: Mapping[str, Any]
    retitled: tuple[tuple[str, str], ...] = ()
    dry_run: bool = True


def details(gone: Manager, kept: Manager) -> tuple[dict[str, Any], dict[str, Any]]:
    """The details that `kept` lacks and `gone` has, and those that both have and that differ, as `gone` has them."""
    taken: dict[str, Any] = {}
    differing: dict[str, Any] = {}
    for field in DETAILS:
        theirs, own = getattr(gone, field), getattr(kept, field)
        if theirs in (None, "") or theirs == own:
            continue
        (taken if own in (None, "") else differing)[field] = theirs
    return taken, differing
