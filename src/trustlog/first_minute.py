"""What is said once to somebody new: where the journal lies, and what comes next."""

from trustlog.session import Session

WHERE = """Your new journal: {file}
Only you can read it; trustlog undo takes back a change.
Next: trustlog add MANAGER "What happened"; everything else: trustlog guide"""
NONE_YET = """There is no journal yet; it will be {file}
Next: trustlog manager add "Dana Ortiz"; everything else: trustlog guide"""
NOBODY_YET = 'No managers yet. Next: trustlog manager add "Dana Ortiz"'
SILENT = ("today", "support", "encrypt", "decrypt")
"""The morning page says how to begin itself, and the others have something more urgent to say."""


def say_where(session: Session) -> None:
    """After the answer: once in a journal's life where it lies; where there is none, how it begins."""
    used = vars(session)  # each part of a session is made on first use
    if session.command in SILENT:
        return
    if "store" in used:
        if session.store.begun:
            session.screen.hint(WHERE.format(file=session.file))
    elif "reading" in used and not session.file.exists():
        session.screen.hint(NONE_YET.format(file=session.file))


def say_how_to_begin(session: Session) -> None:
    """Where a journal knows nobody; where there is none, `say_where` has the word."""
    if session.file.exists():
        session.screen.hint(NOBODY_YET)
