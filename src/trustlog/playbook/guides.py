"""The pages of the guide: Markdown, with `{{places}}` that the program's own tables fill."""

from trustlog.playbook.files import HERE

TOPICS = (
    "start", "commands", "names", "kinds", "dates", "conversations", "agreements", "steps", "model", "privacy", "data",
    "scripting", "settings", "playbook",
)  # fmt: skip
"""In the order in which they are listed; each is a file of the folder `guide`."""


def text(topic: str) -> str:
    """The page of a topic as it is written."""
    return (HERE / "guide" / f"{topic}.md").read_text("utf-8")


def title(topic: str) -> str:
    """The first line of its page."""
    return text(topic).splitlines()[0].removeprefix("# ")
