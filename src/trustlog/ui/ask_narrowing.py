"""Lists that are narrowed by typing, and say so where nothing fits."""

from collections.abc import Sequence
from typing import Any

MORE = "\ufdd0more"
"""What stands for the choices that are not shown yet; a noncharacter, which no choice begins with."""
NOTHING_FITS = "  nothing fits; Backspace takes letters back"


def narrow_truly(question: Any, hidden: Sequence[Any]) -> None:
    """Let typing look in all choices: questionary shows them all where none fits, and Enter would take one."""
    from questionary import Separator
    from questionary.prompts.common import InquirerControl

    class Narrowing(InquirerControl):
        @property
        def filtered_choices(self) -> Any:
            if not self.search_filter:
                return self.choices
            wanted = self.search_filter.lower().replace(" ", "-")
            listed = [one for one in (*self.choices, *hidden) if not isinstance(one, Separator)]
            found = [one for one in listed if wanted in str(one.title).lower() and one.value != MORE]
            self.found_in_search = bool(found)
            return found or [Separator(NOTHING_FITS)]

        def is_selection_valid(self) -> bool:
            one = self.filtered_choices[self.pointed_at]
            return not isinstance(one, Separator) or one.title == NOTHING_FITS

    for window in question.application.layout.find_all_windows():
        if isinstance(window.content, InquirerControl):
            window.content.__class__ = Narrowing
