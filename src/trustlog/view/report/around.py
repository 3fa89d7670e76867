"""What stands around the figures on one manager's page: between you, agreements, what was done."""

from collections.abc import Iterator

from rich.padding import Padding
from rich.text import Text

from trustlog.domain.agreements.commitment import Commitment
from trustlog.domain.standing.report import Asked, ManagerReport
from trustlog.domain.standing.responsiveness import Responsiveness
from trustlog.domain.text import one_line, visible
from trustlog.view import loops
from trustlog.view.look import Look
from trustlog.view.report import sentences
from trustlog.view.report.practice import praise
from trustlog.view.style import GREY, STRONG

Lines = list[Text | Padding]


def lines(page: ManagerReport, asked: Asked, look: Look) -> Lines:
    """Every part that has something to tell, each under its heading."""
    return [*_between(page, asked, look), *_agreements(page, asked), *_done(page, asked)]


def _between(page: ManagerReport, asked: Asked, look: Look) -> Lines:
    """What is open both ways and how answers come, always both directions."""
    if not (page.loops or any(side.answered or side.missed for side in (page.them, page.me))):
        return []
    told = [Text(f"{words}: {sentences.answers(side)}", style=GREY) for words, side in sides(page)]
    listed = [_loop(one, asked) for one in page.loops]
    if page.loops and not asked.share:
        listed = [Text.from_ansi(loops.loops(list(page.loops), asked.at, look, named=False))]
    return [*_head("Between you"), *_in(listed), *_in(told)]


def sides(page: ManagerReport) -> Iterator[tuple[str, Responsiveness]]:
    """Both directions, never one alone."""
    yield "their answers", page.them
    yield "your promises", page.me


def _loop(one: Commitment, asked: Asked) -> Text:
    return Text(f"{loops.OWED[one.owed_by]}  {visible(one.what)}, {sentences.loop_due(one, asked)}")


def _agreements(page: ManagerReport, asked: Asked) -> Lines:
    """Each agreement in a line; the roles that have none yet together in one."""
    if page.around is None or not page.around.roles:
        return []
    told = [
        Text.assemble(visible(one.req.title), (f"  {sentences.role(one, asked)}", GREY))
        for one in page.around.roles
        if one.agreement is not None
    ]
    without = [visible(one.req.title) for one in page.around.roles if one.agreement is None]
    if without:
        told.append(Text(f"no kick-off yet: {', '.join(without)}", style=GREY))
    return [*_head("Agreements"), *_in(told)]


def _done(page: ManagerReport, asked: Asked) -> Lines:
    """Practice, praise, the jar, the last step, conversations; nothing where there is nothing."""
    around = page.around
    if around is None:
        return []
    # praise has a line of its own, by channel
    mix = sentences.practice(around, but=("praise-given",) if around.praise else ())
    told = [mix] if mix else []
    if around.practice.mine or around.practice.theirs or around.practice.joint:
        told.append(sentences.begun(around))
    if around.praise:
        told.append(praise(around.praise))
    if around.unthanked:
        told.append(sentences.unthanked(around))
    if around.step is not None:
        told.append(sentences.step(around.step, asked))
    told += [f"conversation, {sentences.talk(one, asked)}" for one in around.talks]
    if not told:
        return []
    return [*_head(f"Since {sentences.day(around.since, asked)}"), *_in([Text(one_line(one)) for one in told])]


def _head(words: str) -> Lines:
    return [Text(), Padding(Text(words, style=STRONG), (0, 0, 0, 2))]


def _in(told: list[Text]) -> Lines:
    return [Padding(one, (0, 0, 0, 4)) for one in told]
