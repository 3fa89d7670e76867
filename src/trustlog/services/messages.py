"""Messages that the recruiter may want to change and send, made from what was answered."""

from trustlog.domain.conversations.conversation import Conversation, Part
from trustlog.domain.conversations.script import Script
from trustlog.domain.filling import filled


def to_send(script: Script, found: Conversation, part: Part, *, private: bool) -> list[str]:
    """For a choice that was made, for points to ask about, for a thank-you, and for what became of an action."""
    sitting = found.sitting(part)
    answers = sitting.answers if sitting else {}
    made = []
    chosen = answers.get("readiness_choice") or ""
    if private and chosen in script.drafts:
        first_name = (found.manager_name.split() or [found.manager])[0]
        made.append(filled(script.drafts[chosen], {"first_name": first_name}))
    asked = [item["text"] for item in answers.get("items") or [] if item.get("decision") == "ask"]
    made += [filled(script.drafts["ask"], {"text": text}) for text in asked]
    if answers.get("thanks_draft"):
        made.append(answers["thanks_draft"])
    untold = [one["text"] for one in answers.get("followups") or [] if one.get("told") is False]
    return made + [filled(script.drafts["tell_them"], {"text": text}) for text in untold]
