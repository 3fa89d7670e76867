"""The words as data: aliases, sentences and scripts, shipped here and added to by the user's own folder."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from trustlog.playbook.files import HERE, Files, Words, merge, shipped

if TYPE_CHECKING:
    from trustlog.domain.coaching import Coaching
    from trustlog.domain.entries_doer import Synonyms
    from trustlog.domain.entries_sentence import Rules
    from trustlog.domain.letters_update import UpdateWords
    from trustlog.domain.praise import WinsWords
    from trustlog.domain.report import ReportWords
    from trustlog.domain.scripts import Rehearsals, Script


class Playbook:
    """Every word of the playbook, each read and checked on first use: a command pays for no words but its own."""

    def __init__(self, own: Path, warn: Callable[[str], None]) -> None:
        self._files = Files(own, warn)

    def asked(self) -> set[str]:
        """The names of the files that were read so far."""
        return self._files.asked

    def read_all(self) -> None:
        """Read every file there is, so that each mistake in a user's own is told."""
        for name, part in vars(type(self)).items():
            if isinstance(part, property | cached_property):
                getattr(self, name)
        for file in (HERE / "scripts").glob("*.toml"):
            self.script(file.stem)

    @cached_property
    def _kinds(self) -> Words:
        from trustlog.playbook import sentences

        return self._files.load("kinds.toml", merge, sentences.kind_words)

    @property
    def aliases(self) -> dict[str, str]:
        """Short words for kinds."""
        return dict(self._kinds["aliases"])

    @cached_property
    def synonyms(self) -> "Synonyms":
        """What recruiters call the kinds."""
        from trustlog.playbook import readings

        return self._files.load("synonyms.toml", readings.joined_synonyms, readings.synonyms)

    @cached_property
    def readings(self) -> "Rules":
        """How the kind of an entry is read from free words."""
        from trustlog.domain import entries_reading
        from trustlog.playbook import readings

        return self._files.load("readings.toml", readings.joined, entries_reading.rules)

    @property
    def usual_kinds(self) -> list[str]:
        """The kinds that a new journal's picker shows first."""
        return list(self._kinds["usual"])

    @property
    def channels(self) -> list[str]:
        """The usual ways of being in touch."""
        return list(self._kinds["channels"])

    @cached_property
    def report(self) -> "ReportWords":
        """The sentences of a report."""
        from trustlog.playbook import sentences

        return self._files.load("report.toml", merge, sentences.report_words)

    @cached_property
    def praise(self) -> dict[str, str]:
        """A sentence of praise for each channel, with places to fill."""
        from trustlog.playbook import sentences

        return self._files.load("praise.toml", merge, sentences.check_praise)

    @cached_property
    def wins(self) -> "WinsWords":
        """What `week`, `year` and `report --me` say of good days."""
        from trustlog.playbook import sentences

        return self._files.load("wins.toml", merge, sentences.check_wins)

    @cached_property
    def openings(self) -> dict[str, str]:
        """Good ways to begin a meeting."""
        from trustlog.playbook import sentences

        return self._files.load("brief.toml", merge, sentences.openings)

    @cached_property
    def update(self) -> "UpdateWords":
        """The sentences of Friday's mail."""
        from trustlog.playbook import sentences

        return self._files.load("update.toml", merge, sentences.update_words)

    @property
    def demo(self) -> Words:
        """The story of `trustlog demo`; ours alone."""
        return shipped("demo.toml")

    @property
    def encryption(self) -> Words:
        """What is said around encrypting; ours alone, because the warnings must stay true."""
        return shipped("encryption.toml")

    @property
    def cut_off(self) -> Words:
        """What is said of a change of files that was cut off; ours alone, because it must stay true."""
        return shipped("cut_off.toml")

    @cached_property
    def boundary(self) -> Words:
        """The boundary questions and what is said at each level; ours alone, because the words must stay safe."""
        return shipped("boundary.toml")

    @property
    def remind(self) -> Words:
        """What reminders are called in a calendar; ours alone, because others may see them there."""
        return shipped("remind.toml")

    @cached_property
    def coaching(self) -> "Coaching":
        """The small steps, the situations that call for them, and their words."""
        from trustlog.playbook import coaching

        situations = self._files.load("situations.toml", coaching.joined, coaching.situations)
        return self._files.load("steps.toml", coaching.joined, lambda words: coaching.coaching(words, situations))

    @cached_property
    def kickoff(self) -> Words:
        """What the stages and lines of a kick-off agreement are called, and its email."""
        from trustlog.playbook import claims

        ours = shipped("kickoff.toml")
        return self._files.load("kickoff.toml", merge, lambda words: claims.letter(ours, words))

    @cached_property
    def handover(self) -> Words:
        """The letter for the colleague who takes over."""
        from trustlog.playbook import claims

        ours = shipped("handover.toml")
        return self._files.load("handover.toml", merge, lambda words: claims.letter(ours, words))

    @cached_property
    def rehearsals(self) -> "Rehearsals":
        """Talks to rehearse."""
        from trustlog.playbook import scripts

        return self._files.load("rehearsals.toml", scripts.joined_rehearsals, scripts.rehearsals)

    def script(self, name: str) -> "Script":
        """A guided conversation."""
        from trustlog.playbook import scripts

        return self._files.load(f"scripts/{name}.toml", scripts.joined, lambda words: scripts.script(name, words))
