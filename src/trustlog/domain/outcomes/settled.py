"""What became of a change that a run left half done. Paths are texts."""

from typing import NamedTuple


class Settled(NamedTuple):
    """Whether the change was made or taken back, and the files that could not follow for now.

    `what` is `encrypt`, `rekey`, `decrypt`, `copies` (brought to the key of a journal that stays as it is), `forget`
    or `wipe`.
    """

    what: str
    made: bool
    left: tuple[str, ...] = ()
