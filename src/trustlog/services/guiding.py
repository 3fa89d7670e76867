"""The pages of the guide, with their tables put in."""

import re

from trustlog.domain.guide import Page, Program
from trustlog.errors import UserError
from trustlog.playbook import Playbook, guides
from trustlog.services import guide_tables

TOPICS = guides.TOPICS
_PLACE = re.compile(r"^\{\{([a-z]+)\}\}$", re.MULTILINE)


def topics() -> tuple[Page, ...]:
    """Every topic, in the order in which they are listed."""
    return tuple(Page(topic, guides.title(topic)) for topic in TOPICS)


def page(word: str, playbook: Playbook, program: Program) -> Page:
    """The page of a topic, or of the only one that begins so. Raises UserError `bad-field`."""
    asked = word.strip().lower()
    begin_so = [topic for topic in TOPICS if asked and topic.startswith(asked)]
    found = [asked] if asked in TOPICS else begin_so
    if len(found) != 1:
        raise UserError("bad-field", f"the guide has no topic {word!r}", f"There are: {', '.join(TOPICS)}.")
    text = _PLACE.sub(lambda hit: guide_tables.TABLES[hit[1]](playbook, program), guides.text(found[0]))
    return Page(found[0], guides.title(found[0]), text)
