"""`main(argv) -> int`: the way into the program, and the one error boundary."""

import errno
import os
import sys

from trustlog import __version__

TYPE_CHECKING = False  # `typing` itself would cost --version 2 ms


if TYPE_CHECKING:
    from collections.abc import Sequence

    from trustlog.errors import UserError
    from trustlog.session import Session


def main(argv: "Sequence[str] | None" = None) -> int:
    """Run one command line and return its exit code (errors.ExitCode)."""
    args = list(sys.argv[1:] if argv is None else argv)
    _open_closed_streams()
    if "--version" in args and set(args) <= {
        "--version",
        "--no-color",
        "--no-input",
        "--debug",
        "--json",
    }:  # answered before Typer is imported, which costs 45 ms
        return _version()
    # every file of ours is for its owner alone, the ones that SQLite and editors make included
    os.umask(0o077)
    # a short run makes less garbage than looking for it costs (4 % of an `add`, in instructions)
    import gc

    gc.disable()
    from trustlog.session import Session

    session = Session()
    # known before the words are parsed, so that wrong words are answered in JSON too
    session.words = args
    session.options.json = "--json" in args[: args.index("--")] if "--" in args else "--json" in args
    try:
        return _run(args, session)
    finally:
        session.close()
        gc.freeze()  # nor does the interpreter look at its end (7 % of an `add`, in instructions)


def _version() -> int:
    try:
        print(f"trustlog {__version__}", flush=True)  # noqa: T201 - the one line that needs no screen
    except OSError as error:  # a full disk or a closed pipe
        _give_up_stdout()
        why = {errno.ENOSPC: "the disk is full", errno.EBADF: "stdout is closed"}.get(error.errno or 0, error.strerror)
        sys.stderr.write(f"trustlog: the answer could not be written, {why}. Send it elsewhere.\n")
        return 1
    return 0


def _give_up_stdout() -> None:
    """What nobody can take goes nowhere, or Python would try again at its end and fail there."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_closed_streams() -> None:
    """Streams that the caller closed lead nowhere, so that no file of ours gets their number.

    What is written to stdout fails there, and at once: an answer that nobody gets is not given, nor what goes with it.
    """
    for name, mode, way in (("stdin", "r", os.O_RDONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY)):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.open(os.devnull, way), mode, buffering=1, encoding="utf-8"))  # noqa: SIM115, PTH123 - open as long as we run


def _run(args: list[str], session: "Session") -> int:
    from trustlog.errors import ExitCode, UserError

    try:
        from trustlog.app import run

        for word in args:  # bytes that are not UTF-8 arrive as lone surrogates
            if not word.isascii() and any("\ud800" <= character <= "\udfff" for character in word):
                raise UserError("bad-text", "an argument is not UTF-8", "Type it again, or give the text with -.")

        code = run(args, session)
        session.screen.flush()
        session.ended_well = True
        return code
    except UserError as error:
        _tell_unwritten(session)
        session.screen.error(_kept(error, session))
        return ExitCode.FIXABLE
    except BrokenPipeError:
        # the reader has seen enough, as in `trustlog log | head`
        session.ended_well = True
        _give_up_stdout()
        return ExitCode.DONE
    except (KeyboardInterrupt, EOFError) as stop:
        # a command that was in the middle of something says how things are now
        now = str(stop) if isinstance(stop, KeyboardInterrupt) else ""
        _tell_unwritten(session)
        session.screen.note(" ".join(filter(None, ("Stopped.", now, _what_is_kept(session)))))
        return ExitCode.CTRL_C
    except Exception as error:
        return _failed(error, session)


def _failed(error: Exception, session: "Session") -> int:
    """Tell what failed: words and a cure if it is the machine's, a log without journal text if it is ours."""
    from trustlog import faults
    from trustlog.errors import ExitCode, UserError

    if isinstance(error, OSError):
        try:
            sys.stdout.flush()
        except OSError:
            _give_up_stdout()
    known = faults.explain(error) or session.damage()  # damaged rows surprise us in any place
    if known is not None:
        session.screen.error(_kept(known, session))
        return ExitCode.USAGE if known.code == "usage" else ExitCode.FIXABLE
    if session.options.debug:
        import traceback

        session.screen.note("".join(traceback.format_tb(error.__traceback__)) + type(error).__name__)
    log = faults.write_bug_log(error)
    where = f"Please send {log}; it holds no journal text." if log else "No log could be written."
    session.screen.error(_kept(UserError("bug", f"a fault of ours ({type(error).__name__})", where), session))
    return ExitCode.BUG


def _kept(error: "UserError", session: "Session") -> "UserError":
    """The error with the place of what a person wrote in an editor: a run that fails takes none of it away."""
    kept = _what_is_kept(session)
    return type(error)(error.code, error.message, f"{error.hint} {kept}".strip()) if kept else error


def _tell_unwritten(session: "Session") -> None:
    """Show once more what was typed at questions and is written nowhere."""
    if "ask" in vars(session) and (texts := session.ask.unwritten()):
        session.screen.note(f"Not written down: {'; '.join(texts)}")


def _what_is_kept(session: "Session") -> str:
    return session.editor.kept() if "editor" in vars(session) else ""  # made on first use
