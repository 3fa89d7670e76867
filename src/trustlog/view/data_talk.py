"""A conversation as JSON; reflections only when asked for."""

from typing import Any

from trustlog.domain.conversations.conversation import Conversation, visible_answers


def conversation(
    one: Conversation, lines: list[tuple[str, str]], drafts: list[str], *, private: bool
) -> dict[str, Any]:
    """The conversation, its card, and the messages it drafts."""
    return {
        "conversation": {
            "id": one.id, "uid": one.uid, "manager": one.manager, "state": one.state, "minutes": one.minutes,
            "planned_for": one.planned_for.isoformat() if one.planned_for else None, "about": one.about,
            "answers": visible_answers(one, private=private),
        },
        "card": [f"{label}: {said}" for label, said in lines],
        "drafts": drafts,
    }  # fmt: skip
