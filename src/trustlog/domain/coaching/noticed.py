"""The jar: good things seen, to be turned into praise later."""

from datetime import date
from typing import NamedTuple


class Noticed(NamedTuple):
    """Something that a manager did, as it was seen. `entry` is the praise that took it out of the jar."""

    id: int
    uid: str
    manager: str
    manager_name: str
    on: date
    seen: str
    entry: int | None
