"""The sentences of a report."""

from typing import get_args

from trustlog.domain.kinds import FACETS
from trustlog.domain.standing.reading import Label
from trustlog.domain.standing.report import ReportWords
from trustlog.playbook.checks import PlaybookError
from trustlog.playbook.files import Words


def report(words: Words) -> ReportWords:
    """A report.toml as its sentences. Raises PlaybookError."""
    tables = {"labels": get_args(Label), "questions": FACETS, "helps": FACETS}
    for key, value in words.items():
        if key in ("reminder", "limits") and isinstance(value, str):
            continue
        if key not in tables or not isinstance(value, dict):
            raise PlaybookError(f"{key!r} is not known here; there are {', '.join(tables)}, reminder and limits", key)
        for name, sentence in value.items():
            if name not in tables[key] or not isinstance(sentence, str):
                raise PlaybookError(f"{key}: {name!r} must be one of {', '.join(tables[key])}, with a text", name)
    return ReportWords(words["labels"], words["questions"], words["helps"], words["reminder"], words["limits"])
