"""Every setting in one table: it feeds reading, `config` and the docs. Flag beats environment beats file."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from trustlog import files
from trustlog.errors import UserError


class Setting(NamedTuple):
    """One setting; numbers lie between `low` and `high`, both allowed."""

    name: str
    type: type
    default: Any
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[int | str, ...] = ()
    pattern: str = ""
    """What a text must look like, and `like` an example of it."""
    like: str = ""

    @property
    def variable(self) -> str:
        """The environment variable that overrides the file."""
        return f"TRUSTLOG_{self.name.upper()}"

    def read(self, value: object, source: str) -> Any:
        """A value of the right type and range. Raises UserError `bad-field` naming the source."""
        try:
            found = _typed(self.type, value) if isinstance(value, str) else value
        except (ValueError, KeyError):
            found = None
        if self.type is float and isinstance(found, int) and not isinstance(found, bool):
            found = float(found)
        fits = type(found) is self.type
        if fits and self.choices:
            fits = found in self.choices
        if fits and self.pattern:
            fits = re.fullmatch(self.pattern, str(found)) is not None
        if fits and isinstance(found, int | float) and not isinstance(found, bool):
            # written so that NaN, which compares to nothing, does not fit
            fits = (self.low is None or found >= self.low) and (self.high is None or found <= self.high)
        if not fits:
            raise UserError("bad-field", f"{source}: {self.name} cannot be {value!r}", f"It takes {self.takes}.")
        return found

    @property
    def takes(self) -> str:
        if self.choices:
            return " or ".join(str(choice) for choice in self.choices)
        if self.like:
            return self.like
        if self.low is not None:
            return f"a number from {self.low:g} to {self.high:g}"
        return {str: "a text", bool: "yes or no", int: "a whole number", float: "a number"}[self.type]


def _typed(kind: type, value: str) -> Any:
    if kind is bool:
        return {"true": True, "yes": True, "false": False, "no": False}[value.lower()] if value else None
    return kind(value)


SETTINGS = {
    setting.name: setting
    for setting in (
        Setting("db", str, "", "The journal file; empty means trustlog.db in the home folder."),
        Setting("key_file", str, "", "The file that holds the key of an encrypted journal."),
        Setting("key_command", str, "", "The command that prints the key of an encrypted journal."),
        Setting(
            "inbox",
            str,
            "inbox.txt",
            "The file of lines from your phone; in the home folder unless named whole.",
            pattern=r"\s*\S(?s:.*)",
            like="the name of a file",
        ),
        Setting(
            "read_kind",
            str,
            "ask",
            "Whether the kind is read from the words: asked about, taken, or not at all.",
            choices=("ask", "take", "off"),
        ),
        Setting("minutes", int, 5, "How long a guided preparation takes.", choices=(2, 5, 15)),
        Setting(
            "due_time",
            str,
            "18:00",
            "When a due day without a time ends.",
            pattern=r"([01]\d|2[0-3]):[0-5]\d",
            like="a time like 18:00",
        ),
        Setting("working_week", bool, True, "Whether windows stop on Saturday and Sunday."),
        Setting("screen_reader", bool, False, "Words only: no bars, no boxes."),
        Setting("half_life_days", float, 90.0, "After how many days an entry counts for half.", 14, 730),
        Setting("base_rate", float, 0.5, "Where the estimate starts when nothing is known.", 0.01, 0.99),
        Setting("negativity", float, 1.0, "How much more a hard entry weighs than a good one.", 1, 3),
        Setting("burst_discount", float, 0.5, "What each further entry of one day and sign counts.", 0, 1),
    )
}


class Settings:
    """The settings of one run."""

    def __init__(self, file: Path, environment: Mapping[str, str]) -> None:
        self._file = file
        self._written = _load(file)
        self._environment = environment

    def __getitem__(self, name: str) -> Any:
        return self.source(name)[0]

    def source(self, name: str) -> tuple[Any, str]:
        """The value in force and where it comes from: `environment`, `file` or `default`."""
        setting = SETTINGS[name]
        if setting.variable in self._environment:
            return setting.read(self._environment[setting.variable], setting.variable), "environment"
        if name in self._written:
            return setting.read(self._written[name], str(self._file)), "file"
        return setting.default, "default"


class Options:
    """The options that every command understands, before its name and after it."""

    def __init__(self) -> None:
        self.json = False
        self.no_input = False
        self.no_color = False
        self.db: str | None = None
        self.key_file: str | None = None
        self.debug = False


def load() -> Settings:
    """Raises UserError `bad-file` or `bad-field` for a config.toml that cannot be followed."""
    return Settings(files.config(), os.environ)


def write(name: str, text: str) -> Any:
    """Set one value in config.toml, keeping its comments. Raises UserError `bad-field`, `bad-file`."""
    import tomlkit  # 30 ms, only when a setting is changed

    file = files.config()
    setting = known(name)
    value = setting.read(text, "config set")
    named = {"inbox": files.inbox, "db": files.expanded, "key_file": files.expanded}.get(setting.name)
    if value and named is not None and named(value).is_dir():
        raise UserError(
            "bad-field", f"{setting.name} cannot be {value!r}, which is a folder", "Name a file, in it for example."
        )
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with files.alone(file):
        _load(file)  # a broken file is refused, not rewritten
        document = tomlkit.parse(file.read_text("utf-8-sig")) if file.exists() else tomlkit.document()
        document[setting.name] = value
        files.write(file, tomlkit.dumps(document).encode())
    return value


def known(name: str) -> Setting:
    """The setting of that name, in either spelling. Raises UserError `bad-field`."""
    setting = SETTINGS.get(name.strip().lower().replace("-", "_"))
    if setting is None:
        raise UserError("bad-field", f"there is no setting {name!r}", f"There are: {', '.join(SETTINGS)}.")
    return setting


def _load(file: Path) -> dict[str, Any]:
    try:
        if file.is_fifo() or (file.is_char_device() and not file.samefile(os.devnull)):
            raise UserError("bad-file", f"{file} has no end, so it is not read", "Move it away.")
        text = file.read_bytes()
    except FileNotFoundError:
        return {}
    import tomllib  # 2 ms, only with a config.toml

    try:
        written = tomllib.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # what tomllib and the decoder raise
        raise UserError("bad-file", f"{file} cannot be read: {error}", "Mend the file or move it away.") from error
    for name in written:
        if name not in SETTINGS:
            raise UserError(
                "bad-field", f"{file} sets {name!r}, which is no setting", f"There are: {', '.join(SETTINGS)}."
            )
    return written


def words(command: str) -> list[str]:
    """A command line as its words. Raises ValueError for a quote that is left open."""
    import shlex  # 1 ms, only where another program is started

    if sys.platform == "win32":  # paths are written with backslashes there
        return [word.strip('"') for word in shlex.split(command, posix=False)]
    return shlex.split(command)
