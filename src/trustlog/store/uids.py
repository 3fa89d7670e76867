"""Names for rows that hold across files."""

import os


def new_uid() -> str:
    """128 random bits as 32 hex digits; `uuid` would cost 5 ms of imports for the same bits."""
    return os.urandom(16).hex()
