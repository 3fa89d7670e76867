"""What `forget` removed, and how that was proved."""

from collections import Counter
from typing import Any

from trustlog.domain.outcomes.forgotten import Forgotten, Mention, Proof
from trustlog.domain.text import visible
from trustlog.view.look import Look

_WHERE = {
    "entries": "entry", "commitments": "loop", "commitment_events": "loop", "noticed": "jar", "reqs": "role",
    "agreements": "agreement", "agreement_events": "agreement", "managers": "manager", "drafts": "draft",
    "conversations": "conversation", "answers": "conversation", "step_events": "step",
}  # fmt: skip
"""Where a row lies, for people; any other is one of the recruiter's own drawer."""
_OWN = "your own page"


def data(done: Forgotten) -> dict[str, Any]:
    proof = done.proof
    return {
        "forgotten": done.manager, "rows": done.rows, "copies": done.copies, "pages": done.pages,
        "searched": proof.read + proof.opened, "opened": proof.opened, "pieces": proof.pieces,
        "not_opened": list(proof.unread), "left_in": list(proof.left_in),
        "mentioned_in": [one.id for one in proof.mentioned if one.table == "entries"],
        "mentioned": [{"in": _WHERE.get(one.table, _OWN), "id": one.id} for one in proof.mentioned],
    }  # fmt: skip


def lines(done: Forgotten, look: Look) -> str:
    """How much went, what was searched and how, what the search found, and who else mentions them."""
    went = [_count(done.rows, "row")]
    went += [f"{_count(done.copies, 'copy', 'copies')} of the journal"] * bool(done.copies)
    went += [_count(done.pages, "report page")] * bool(done.pages)
    said = [f"Removed {visible(done.name)}: {_listed(went)}; undo was emptied."]
    proof = done.proof
    if proof.left_in:
        said.append(look.paint(f"{_search(proof)}: words of theirs still stand in", "due"))
        said += [f"  {visible(path)}" for path in proof.left_in]
    else:
        said.append(f"{_search(proof)}: nothing is left.")
    said += [look.paint(f"It opens with no key of this run: {visible(path)}", "due") for path in proof.unread]
    return "\n".join(said + _mentions(proof.mentioned))


def _search(proof: Proof) -> str:
    for_what = "for the name, the address"
    for_what += f" and {_count(proof.pieces, 'piece')} of what was written" if proof.pieces else ""
    if not proof.opened:
        return f"Searched {_count(proof.read, 'file')} byte by byte {for_what}"
    return (
        f"Searched every text of {_count(proof.opened, 'encrypted file')} with the key, because bytes of theirs prove"
        f" nothing, and {_count(proof.read, 'other file')} byte by byte {for_what}"
    )


def _mentions(found: tuple[Mention, ...]) -> list[str]:
    said = []
    entries = [one.id for one in found if one.table == "entries"]
    if entries:
        ids = ", ".join(f"#{one}" for one in entries[:10])
        more = f" and {len(entries) - 10} more" if len(entries) > 10 else ""
        said.append(f"Entries about others that mention them: {ids}{more}. Change one with: trustlog edit ID")
    elsewhere = Counter(_WHERE.get(one.table, _OWN) for one in found if one.table != "entries")
    if elsewhere:
        said.append(f"Mentioned also in: {', '.join(_place(*one) for one in sorted(elsewhere.items()))}.")
    return said


def _place(where: str, number: int) -> str:
    return where if where in (_OWN, "jar") else _count(number, where)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
