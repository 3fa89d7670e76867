"""What `forget` removed."""

from typing import Any

from trustlog.domain.forgotten import Forgotten
from trustlog.domain.text import visible
from trustlog.view.look import Look


def data(done: Forgotten) -> dict[str, Any]:
    return {
        "forgotten": done.manager, "rows": done.rows, "copies": done.copies, "searched": done.searched,
        "left_in": list(done.left_in), "mentioned_in": list(done.mentioned),
    }  # fmt: skip


def lines(done: Forgotten, look: Look) -> str:
    """How much went, and what the search found."""
    name = visible(done.name)
    copies = f" and {done.copies} {'copy' if done.copies == 1 else 'copies'} of the journal" if done.copies else ""
    said = [f"Removed {name}: {done.rows} {'row' if done.rows == 1 else 'rows'}{copies}; undo was emptied."]
    searched = f"{done.searched} {'file' if done.searched == 1 else 'files'}"
    if not done.left_in:
        return "\n".join([*said, f"Searched {searched} for the name, the address and the notes: nothing is left."])
    said.append(look.paint(f"Searched {searched}: words of theirs still stand in", "due"))
    said += [f"  {visible(path)}" for path in done.left_in]
    if done.mentioned:
        ids = ", ".join(f"#{one}" for one in done.mentioned[:10])
        more = f" and {len(done.mentioned) - 10} more" if len(done.mentioned) > 10 else ""
        said.append(f"Entries about others that mention them: {ids}{more}. Change one with: trustlog edit ID")
    return "\n".join(said)
