"""Real journals in real files."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from trustlog.domain.people import Manager
from trustlog.store import people
from trustlog.store.journal import Journal


@pytest.fixture
def journal(blank: Path, tmp_path: Path) -> Iterator[Journal]:
    """A new journal, opened for writing; copied, because making one takes longer than most tests."""
    opened = Journal.open(Path(shutil.copy(blank, tmp_path)), tmp_path / "snapshots")
    yield opened
    opened.close()


@pytest.fixture
def dana(journal: Journal) -> Manager:
    """A manager of that journal; adding her is its first change."""
    with journal.change("manager add", "dana"):
        return people.add_manager(journal, "dana", "Dana Ortiz")


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed journal without a word in it, to be copied and never opened."""
    folder = tmp_path_factory.mktemp("blank")
    Journal.open(folder / "trustlog.db", folder / "snapshots").close()
    return folder / "trustlog.db"
