"""Which meetings of a calendar are entries already."""

import json
from collections.abc import Iterable

from trustlog.store.journal import Journal


def known(journal: Journal, uids: Iterable[str]) -> dict[str, int]:
    """The ids of the entries that have one of these uids, by uid."""
    wanted = json.dumps(sorted(uids))
    rows = journal.rows("SELECT uid, id FROM entries WHERE uid IN (SELECT value FROM json_each(?))", (wanted,))
    return {row[0]: row[1] for row in rows}
