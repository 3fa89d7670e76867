"""Write docs/export.schema.json from the shapes of the program; with --check, only say whether it is current."""

import json
import sys
from typing import Any

import generated

from trustlog.formats.json_file import FORMAT, VERSION
from trustlog.formats.shapes import SECTIONS, Section, shown

TARGET = generated.DOCS / "export.schema.json"


def record(section: Section) -> dict[str, Any]:
    """One record of a section; what belongs to the second drawer may be missing."""
    fields: dict[str, Any] = {name: dict(kind.schema) for name, kind in section.fields.items()}
    for part in section.parts:
        fields[part.name] = {"type": "array", "items": record(part)}
    for drawer in section.answers:
        fields[drawer.name] = {"type": "object"}
    optional = {one.name for one in shown(section, private=True) if one.private}
    return {
        "type": "object", "properties": fields, "required": [name for name in fields if name not in optional],
        "additionalProperties": False,
    }  # fmt: skip


def schema() -> dict[str, Any]:
    """The whole document."""
    sections = {one.name: {"type": "array", "items": record(one)} for one in SECTIONS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{FORMAT}/{VERSION}",
        "description": "What `trustlog export` writes. Times keep the offset of their place.",
        "type": "object",
        "properties": {"format": {"const": f"{FORMAT}/{VERSION}"}, "reflections": {"type": "boolean"}, **sections},
        "required": ["format", "reflections", *(one.name for one in SECTIONS if not one.private)],
        "additionalProperties": False,
    }


if __name__ == "__main__":
    sys.exit(generated.write(TARGET, json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"))
