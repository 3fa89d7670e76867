"""What one run knows; each part is made on first use. The place for imports inside functions."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from trustlog import files
from trustlog.errors import UserError
from trustlog.settings import Options, Settings, load
from trustlog.ui.screen import Screen
from trustlog.ui.text import Look

if TYPE_CHECKING:
    from trustlog.domain.snapshots import Thinned
    from trustlog.domain.trust import Parameters
    from trustlog.domain.when import Prefer
    from trustlog.playbook import Playbook
    from trustlog.services.encryption_keys import KeySource
    from trustlog.services.finding import KindWords
    from trustlog.store.journal import Journal
    from trustlog.store.snapshots import Snapshots
    from trustlog.ui.ask import Ask
    from trustlog.ui.clipboard import Copied
    from trustlog.ui.editor import Editor
T = TypeVar("T")
UPGRADED = (
    "The journal was brought up to date; a copy of it as it was is in the snapshots folder,"
    " and earlier changes can no longer be undone."
)


class Session:
    def __init__(self) -> None:
        self.options = Options()
        self.words: list[str] = []  # of the command line
        self.command = ""
        self.ended_well = False
        self.asks_nobody = False
        """Set while the shell completes: neither a person nor a program of theirs is asked for a key."""
        as_json, no_color = lambda: self.options.json, lambda: self.options.no_color
        self._opened: list[Journal] = []
        self.screen = Screen(
            as_json=as_json, no_color=no_color, only_words=self._only_words,
            wrote=lambda: any(journal.wrote for journal in self._opened),
        )  # fmt: skip
        self._notes: list[Path] = []
        self._recovered = False

    def show(
        self, value: T, data: Callable[[T], dict[str, Any]], view: Callable[[T, Look], object], *, leaf: bool = False
    ) -> None:
        """Answer with one value: `data` makes its JSON, `view` what people read; a long leaf opens in a pager."""
        self.screen.answer(self.command, lambda: data(value), lambda look: view(value, look), leaf=leaf)

    def _only_words(self) -> bool:
        try:
            return bool(self.settings["screen_reader"])
        except UserError as error:  # the support page is there whatever config.toml says
            self.screen.note(error.sentence)
            return False

    @cached_property
    def settings(self) -> Settings:
        return load()

    @cached_property
    def _named_file(self) -> Path:
        named = self.options.db or self.settings["db"]
        return files.expanded(named) if named else files.journal()

    @cached_property
    def file(self) -> Path:
        """The journal's file: `--db`, else the setting `db`, else trustlog.db at home."""
        from trustlog.store.failures import this_run

        this_run.tell(self.screen.note)
        found = self._named_file
        # who has a key at hand means the first journal to be encrypted too
        this_run.use_key(lambda: self.key, seals_new=not found.exists() and self.told_key().somewhere)
        return found

    @cached_property
    def snapshots(self) -> Path:
        """Where copies of the journal are kept."""
        return files.snapshots()

    @cached_property
    def store(self) -> "Journal":
        """The journal, opened for writing; made if there is none."""
        from trustlog.store.journal import Journal

        _ = self.now  # nothing is written by a clock that is refused
        return self._keep(Journal.open(self.file, self.snapshots))

    @cached_property
    def reading(self) -> "Journal":
        """The journal, opened for reading only; a home without one reads as empty."""
        from trustlog.store.journal import Journal

        return self._keep(Journal.read(self.file, self.snapshots))

    @cached_property
    def now(self) -> datetime:
        from trustlog import clock

        return clock.now()

    @property
    def literal(self) -> list[str]:
        """The words after --, which are text whatever they look like."""
        return self.words[self.words.index("--") + 1 :] if "--" in self.words else []

    def may_show_private(self, asked: bool = False) -> bool:
        """Whether stdout may show the second drawer: to the person at a terminal, elsewhere only when asked for."""
        return asked or (self.screen.look.terminal and not self.options.json)

    def copy(self, text: str) -> "Copied":
        """Put a text on the clipboard, before the answer that holds it; clipboard.Copied says what comes after."""
        from trustlog.ui import clipboard  # only where something is copied

        return clipboard.copy(text)

    def past(self, when: str | None, about: str) -> datetime:
        """A typed moment that is not in the future, now if nothing was typed. Raises UserError."""
        moment = self.moment(when) if when is not None else self.now
        if moment > self.now:
            raise UserError("future-date", "that has not come yet", about)
        return moment

    @property
    def kind_words(self) -> "KindWords":
        """Where words for kinds are looked up."""
        from trustlog.services import finding

        return finding.KindWords(lambda: self.playbook.aliases, lambda: self.playbook.synonyms, self.reads)

    def reads(self, words: str) -> tuple[str, ...]:
        """The kinds that free words may tell of, the likeliest first; none for a plain note."""
        from trustlog.domain import entries, entries_reading  # 3 ms with its phrases, only where words are read

        return () if entries.announced(words) else entries_reading.read_kind(words, self.playbook.readings)

    def moment(self, text: str, prefer: "Prefer" = "past") -> datetime:
        """A typed date as a moment. Raises UserError `bad-date`."""
        from trustlog import clock

        return clock.read(text, self.now, prefer)

    def problem(self, text: str, prefer: "Prefer" = "past") -> str | None:
        """Why a typed date cannot be used, for a question that is asked again; None if it can."""
        try:
            moment = self.moment(text, prefer)
        except UserError as error:
            return error.sentence
        return "That has not come yet." if prefer == "past" and moment > self.now else None

    @cached_property
    def parameters(self) -> "Parameters":
        """The trust model's parameters, as set."""
        from trustlog.domain.trust import Parameters

        chosen = ("half_life_days", "base_rate", "negativity", "burst_discount")
        return Parameters(**{name: self.settings[name] for name in chosen})

    @cached_property
    def ask(self) -> "Ask":
        from trustlog.ui.ask import Ask

        return Ask(no_input=self.options.no_input, wrote=lambda: sum(journal.wrote for journal in self._opened))

    @cached_property
    def editor(self) -> "Editor":
        from trustlog.ui.editor import Editor

        return Editor(self.ask)

    @cached_property
    def playbook(self) -> "Playbook":
        from trustlog.playbook import Playbook

        return Playbook(files.playbook(), self.screen.note)

    @cached_property
    def key(self) -> str:
        """The key of an encrypted journal: from its file, its command, or the person. Raises UserError."""
        from trustlog.services import encryption_keys  # only where a key is needed

        self.recover()  # before a question about a key that may be a surprise
        return encryption_keys.read_key(self.told_key(), None if self.asks_nobody else self.ask, self.screen.note)

    def told_key(self) -> "KeySource":
        """Where the key was said to be."""
        from trustlog.services import encryption_keys

        return encryption_keys.key_source(self.options.key_file, self.settings)

    @cached_property
    def shelf(self) -> "Snapshots":
        """The copies of the journal, once what a run left half done with them is settled."""
        from trustlog.store.snapshots import Snapshots

        self.recover()
        return Snapshots(self.file, self.snapshots)

    def recover(self) -> None:
        """Finish or take back what a run that was cut off left half done, and say so; once in a run is enough."""
        if self._recovered or self.asks_nobody:
            return
        self._recovered = True
        from trustlog.store import lock

        if not lock.beside(self._named_file).with_suffix(lock.UNFINISHED).exists():
            return
        from trustlog.store import changing  # only after a run that was cut off
        from trustlog.store.snapshots import Snapshots
        from trustlog.view import snapshots as snapshots_view

        try:
            if (found := changing.recover(Snapshots(self._named_file, self.snapshots))) is not None:
                self.screen.note(snapshots_view.line(found, self.playbook.cut_off))
        except OSError as error:
            self.screen.note(snapshots_view.blocked(str(error.strerror)))

    def look_for_unfinished(self) -> None:
        """The same for a command that opened no journal; what goes wrong there is its own command's to say."""
        if not self._opened:  # `_keep` has looked
            with suppress(UserError, OSError):
                self.recover()

    def keep_a_copy(self) -> None:
        """Take the day's copy of the journal if it is due, unless it was named for this run alone; what cannot be
        copied stops no command.
        """
        ours = not self.options.db and self.file.exists()
        if not ours or files.daily_is_there(self.file, self.snapshots, self.now):
            return
        from trustlog.services import snapshots  # 4 ms, once a day

        self.tell_thinned(snapshots.keep_a_copy(self.shelf, lambda: self.reading, self.now))

    def copy_before(self, why: str) -> None:
        """A copy of the journal before a large change, which goes on where none can be written."""
        if self.file.exists():
            from trustlog.services import snapshots

            self.tell_thinned(snapshots.copy_before(self.reading, self.shelf, self.now, why))

    def tell_thinned(self, done: "Thinned") -> None:
        """Say which older copies are kept because they hold more, and whether the clock looks wrong."""
        if done.fuller or done.doubt is not None or done.closed:
            from trustlog.view import snapshots as snapshots_view  # only then

            for line in snapshots_view.thinned(done):
                self.screen.note(line)

    def will_write(self, file: Path) -> None:
        """Note that this run writes a file elsewhere; the note goes when the run ends, however it fails."""
        from trustlog.store import own_files  # only where a file is named

        note = None if files.home() in file.absolute().parents else own_files.note_writing(files.home(), file)
        self._notes += [note] if note is not None else []

    def damage(self) -> UserError | None:
        """Why what looks like a fault of ours is none: an open journal is damaged."""
        if not self._opened:
            return None
        from trustlog.store import doctor  # with every reader, only where a command failed

        return next((found for journal in self._opened if (found := doctor.cause(journal.db)) is not None), None)

    def let_go(self) -> None:
        """Close the journal before a command takes it for itself; it is opened anew where it is wanted."""
        while self._opened:
            self._opened.pop().close()
        for name in ("store", "reading"):
            vars(self).pop(name, None)

    def close(self) -> None:
        self.let_go()
        if "editor" in vars(self):
            self.editor.close(taken=self.ended_well)
        for note in self._notes:
            with suppress(OSError):
                note.unlink()
        if "file" in vars(self):  # tests run many sessions in one process, and no key may go on to the next
            from trustlog.store.failures import this_run

            this_run.use_key(None)
            this_run.tell(None)

    def _keep(self, journal: "Journal") -> "Journal":
        self._opened.append(journal)
        if journal.unfinished:
            self.recover()
        if journal.upgraded:
            self.screen.note(UPGRADED)
        return journal
