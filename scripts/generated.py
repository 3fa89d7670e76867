"""Write a page that is made from the program; with --check, only say whether it is current."""

import sys
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"


def write(file: Path, made: str) -> int:
    """Write a page, or compare it where --check was given; the exit code, 1 for a stale one."""
    if "--check" not in sys.argv[1:]:
        file.write_text(made, "utf-8")
    elif not file.exists() or file.read_text("utf-8") != made:
        print(f"{file.name} is stale; run: python {sys.argv[0]}", file=sys.stderr)
        return 1
    return 0
