"""What `doctor` found."""

from typing import Any

from trustlog.domain.outcomes.checkup import Checkup, Finding
from trustlog.domain.text import visible
from trustlog.view.look import Look


def data(done: Checkup) -> dict[str, Any]:
    return {name: [_finding(one) for one in getattr(done, name)] for name in ("findings", "mended")}


def lines(done: Checkup, look: Look) -> str:
    """A finding in two lines: what is not in order, and what helps."""
    said = [f"Mended {look.paint(one.check, 'accent')}: {visible(one.problem)}" for one in done.mended]
    for one in done.findings:
        said += [f"{look.paint(one.check, 'due')}: {visible(one.problem)}", f"  {visible(one.cure)}"]
    if not done.findings:
        said.append("Everything is in order.")
    return "\n".join(said)


def _finding(one: Finding) -> dict[str, str]:
    return {"check": one.check, "problem": one.problem, "cure": one.cure}
