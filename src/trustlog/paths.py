"""Where files live. Pure: computes, creates nothing."""

import os
from pathlib import Path

from trustlog.errors import UserError


def home() -> Path:
    """The one folder of trustlog: `TRUSTLOG_HOME`, else the platform's user data folder."""
    named = os.environ.get("TRUSTLOG_HOME")
    if named:
        return expanded(named).absolute()  # told and kept whole, whatever folder one is in
    from platformdirs import user_data_path  # 4 ms, only without TRUSTLOG_HOME

    return user_data_path("trustlog", appauthor=False)


def expanded(path: str) -> Path:
    """A path with its `~`. Raises UserError `bad-file` if that names nobody."""
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise UserError("bad-file", f"{path} names a home that does not exist", "Write the folder out.") from error


def journal() -> Path:
    """The database, unless `--db`, `TRUSTLOG_DB` or the setting `db` name another."""
    return home() / "trustlog.db"


def config() -> Path:
    return home() / "config.toml"


def playbook() -> Path:
    """The user's own words, which override ours."""
    return home() / "playbook"


def snapshots() -> Path:
    return home() / "snapshots"


def reports() -> Path:
    """Where a report lies that is shown in a browser and was not asked to be kept."""
    return home() / "reports"


def bug_log() -> Path:
    return home() / "bug.log"
