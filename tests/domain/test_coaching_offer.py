"""A draft with what only the recruiter knows."""

from trustlog.domain.coaching import Offer
from trustlog.domain.coaching_history import Step

STEP = Step("PB05", "praise", (), (), "praise-given", 2, 0, "Say it.", "{name}, {thing} is live: {result}.")
BLANKS = {"thing": "what they helped with", "result": "what came of it"}


def offer(**places: str) -> Offer:
    return Offer(None, STEP, (), "", "", ("thing", "result"), places=places)


def test_what_is_said_of_one_blank_is_not_taken_for_another() -> None:
    said = {"thing": "[what came of it] and {name}", "result": "eleven"}
    made = offer(name="Dana [what they helped with]").with_answers(said, BLANKS)
    assert made.draft == "Dana [what they helped with], [what came of it] and {name} is live: eleven."


def test_what_is_not_said_stays_marked() -> None:
    made = offer(name="Dana").with_answers({"thing": "the ad", "result": ""}, BLANKS)
    assert made.draft == "Dana, the ad is live: [what came of it]."
