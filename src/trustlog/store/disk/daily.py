"""Whether the copy of the day is there: asked after every report, so it looks at names only and loads nothing."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

_STAMP = "%Y%m%dT%H%M%SZ"
_LENGTH = len("20261123T150203Z")


def name_of(file: Path, snapshots: Path) -> str:
    """What the copies of a journal are called; journals elsewhere may have the same name as the one at home."""
    real = os.path.realpath(file)
    name = Path(real).stem
    if os.path.dirname(real) == os.path.realpath(snapshots.parent):  # noqa: PTH120 - a Path costs more
        return name
    from zlib import crc32  # only for a journal elsewhere

    return f"{name}-{crc32(os.fsencode(real)):08x}"


def is_there(file: Path, snapshots: Path, now: datetime) -> bool:
    """Whether a copy was made within the last day; one from the future, where a clock was wrong, does not count."""
    try:
        names = os.listdir(snapshots)  # noqa: PTH208 - names are all that is needed
    except OSError:
        return False
    begins = f"{name_of(file, snapshots)}-"
    utc = now.astimezone(UTC)
    oldest, newest = ((utc - age).strftime(_STAMP) for age in (timedelta(days=1), timedelta(0)))
    return any(
        oldest < name[len(begins) :][:_LENGTH] <= newest
        for name in names
        if name.startswith(begins) and name.endswith(".db")
    )
