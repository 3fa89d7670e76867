"""A script's TOML as the domain's Script; what is wrong is said in a sentence."""

from typing import Any

from trustlog.domain.asking import TYPES
from trustlog.domain.kickoffs import STAGES
from trustlog.domain.people import slug
from trustlog.domain.scripts import CONDITIONS, TONES, CardLine, Field, Prompt, Rehearsals, Scenario, Script
from trustlog.domain.text import places_of
from trustlog.playbook.claims import claimless
from trustlog.playbook.files import PlaybookError, blocks, is_texts, joined_blocks, known, once, texts

VERSIONS = (2, 5, 15)
GUIDES = ("", "settle")
_SUGGESTIONS = ("", "comfort_people", "care_before", "care_after")
_TUPLES = ("options", "words", "suggest", "parts", "ends_on")


def script(name: str, words: dict[str, Any]) -> Script:
    """Raises PlaybookError."""
    known(words, ("prompt", "card", "drafts", "notes"), f"the script {name}")
    prompts = tuple(_prompt(block) for block in blocks(words, "prompt"))
    fields = [field.name for prompt in prompts for field in prompt.fields]
    once([prompt.id for prompt in prompts], "id")
    once(fields, "field")
    for prompt in prompts:
        for field in prompt.fields:
            if field.needs and field.needs not in fields:
                raise PlaybookError(f"{field.name} needs {field.needs!r}, which is no field", field.needs)
    card = tuple(_card_line(block, fields) for block in blocks(words, "card"))
    drafts, notes = (texts(words.get(table, {}), table) for table in ("drafts", "notes"))
    for draft, text in drafts.items():
        claimless(text, f"drafts: {draft}", draft)
    return Script(name, prompts, card, drafts, notes)


def joined(shipped: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The user's script over ours: prompts, drafts and notes of the same name replace, others join."""
    both = shipped | own | {"prompt": joined_blocks(shipped.get("prompt", []), own, "prompt")}
    for table in ("drafts", "notes"):
        if isinstance(own.get(table), dict):
            both[table] = shipped.get(table, {}) | own[table]
    return both


def _prompt(block: dict[str, Any]) -> Prompt:
    name = block.get("id")
    if not isinstance(name, str) or not name:
        raise PlaybookError("a [[prompt]] has no id", "[[prompt]]")
    known(block, ("id", "minutes", "seconds", "say", "then_say", "guide", "stage", "fields"), name)
    minutes = block.get("minutes", list(VERSIONS))
    if not isinstance(minutes, list) or not minutes or not set(minutes) <= set(VERSIONS):
        raise PlaybookError(f"{name}: minutes must be a list of 2, 5 and 15", name)
    seconds = block.get("seconds", 0)
    each = (
        {int(key): value for key, value in seconds.items()}
        if isinstance(seconds, dict)
        else dict.fromkeys(minutes, seconds)
    )
    if set(each) != set(minutes) or not all(isinstance(value, int) and value >= 0 for value in each.values()):
        raise PlaybookError(f"{name}: seconds must be a whole number for each version", name)
    if not all(isinstance(block.get(key, ""), str) for key in ("say", "then_say")):
        raise PlaybookError(f"{name}: say and then_say must be texts", name)
    if block.get("guide", "") not in GUIDES:
        raise PlaybookError(f"{name}: guide must be settle", name)
    if block.get("stage", "") not in ("", *STAGES):
        raise PlaybookError(f"{name}: stage must be one of {', '.join(STAGES)}", name)
    fields = tuple(_field(one, name) for one in blocks(block, "fields"))
    if not fields:
        raise PlaybookError(f"{name} asks for no field", name)
    plain = {key: block.get(key, "") for key in ("say", "then_say", "guide", "stage")}
    return Prompt(name, tuple(minutes), each, fields, **plain)


def _field(block: dict[str, Any], prompt: str) -> Field:
    name = block.get("name")
    if not isinstance(name, str) or not name.isidentifier():
        raise PlaybookError(f"{prompt}: a field has no name", prompt)
    known(block, Field._fields, name)
    if block.get("type") not in TYPES:
        raise PlaybookError(f"{name}: type must be one of {', '.join(TYPES)}", name)
    if not isinstance(block.get("ask"), str):
        raise PlaybookError(f"{name}: ask must be a text", name)
    for key in _TUPLES:
        if not is_texts(block.get(key, [])):
            raise PlaybookError(f"{name}: {key} must be a list of texts", name)
    values: dict[str, Any] = {key: tuple(value) if key in _TUPLES else value for key, value in block.items()}
    field = Field(**values)
    if problem := _script_problem(field):
        raise PlaybookError(f"{name}: {problem}", name)
    claimless(field.template, f"{name}: the template", name)
    return field


def _script_problem(field: Field) -> str | None:
    """What does not fit together in a field."""
    checks = (
        (
            not all(isinstance(one, dict) for one in (field.then_say, field.blanks, field.again)),
            "then_say, blanks and again are tables",
        ),
        (type(field.step) is not int or field.step < 1, "step is a whole number above 0"),
        (
            any(option != slug(option) for option in field.options),
            "an option has small letters, digits and hyphens only",
        ),
        (field.type in ("choice", "multi", "per-item") and not field.options, f"a {field.type} needs options"),
        (
            field.options and field.words and len(field.options) != len(field.words),
            "options and words differ in number",
        ),
        (field.type == "scale" and not field.low < field.high, "a scale needs low and high"),
        (
            any(field.template and blank not in places_of(field.template) for blank in field.blanks),
            "a blank does not occur in the template",
        ),
        (field.only_if and field.only_if not in CONDITIONS, f"only_if must be one of {', '.join(CONDITIONS)}"),
        (type(field.required) is not bool or type(field.max) is not int, "required is true or false, max a number"),
        (field.suggest_from not in _SUGGESTIONS, f"suggest_from must be one of {', '.join(_SUGGESTIONS[1:])}"),
    )
    return next((problem for wrong, problem in checks if wrong), None)


def _card_line(block: dict[str, Any], fields: list[str]) -> CardLine:
    known(block, ("label", "fields"), "card")
    label, names = block.get("label"), block.get("fields")
    if not isinstance(label, str) or not isinstance(names, list) or not set(names) <= set(fields):
        raise PlaybookError(f"the card line {label!r} names a field that nothing asks for", str(label))
    return CardLine(label, tuple(names))


def rehearsals(words: dict[str, Any]) -> Rehearsals:
    """A rehearsals.toml. Raises PlaybookError."""
    known(words, ("tones", "scenario"))
    tones = texts(words.get("tones", {}), "tones")
    known(tones, TONES, "tones")
    scenarios = tuple(_scenario(block) for block in blocks(words, "scenario"))
    once([scenario.id for scenario in scenarios], "id")
    return Rehearsals(scenarios, tones)


def joined_rehearsals(shipped: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The user's scenarios over ours: one of the same id replaces, others join; tones word by word."""
    known(own, ("tones", "scenario"))
    tones = shipped["tones"] | texts(own.get("tones", {}), "tones")
    return {"tones": tones, "scenario": joined_blocks(shipped["scenario"], own, "scenario")}


def _scenario(block: dict[str, Any]) -> Scenario:
    name = block.get("id")
    if not isinstance(name, str) or not name or name != slug(name):
        raise PlaybookError("a [[scenario]] needs an id of small letters, digits and hyphens", "[[scenario]]")
    known(block, Scenario._fields, name)
    for field in Scenario._fields:
        value = block.get(field)
        lines = [value] if field != "lines" else value
        if not lines or not is_texts(lines) or not all(map(str.strip, lines)):
            raise PlaybookError(f"{name}: {field} must be {'a list of texts' if field == 'lines' else 'a text'}", name)
    values: dict[str, Any] = block | {"lines": tuple(block["lines"])}
    return Scenario(**values)
