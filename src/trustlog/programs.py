"""The programs a person names for us: an editor, a pager, a command that prints a key. None is run in a shell."""

import shlex
import sys


def words(command: str) -> list[str]:
    """A command line as its words. Raises ValueError for a quote that is left open."""
    if sys.platform == "win32":  # paths are written with backslashes there
        return [word.strip('"') for word in shlex.split(command, posix=False)]
    return shlex.split(command)
