"""The real way of a file: two Syncthing processes on loopback between the folders of two homes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.conftest import Figures, Warm

NUMBER = 11
SYNCTHING = shutil.which("syncthing") or ""
EDITS = 30
"""What a busy hour on each laptop comes to."""
PATIENCE = 300.0
"""Seconds that a file may take over loopback, on a machine that has other things to do."""

pytest.importorskip("pycrdt", reason="the extra sync is not installed")
pytestmark = pytest.mark.skipif(not SYNCTHING, reason="syncthing is not installed")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def configured(place: Path, folder: Path, port: int) -> str:
    """A Syncthing that talks on loopback only; its id."""
    subprocess.run(
        [SYNCTHING, "generate", f"--home={place}", "--no-default-folder"], check=True, capture_output=True, timeout=300
    )
    asked = [SYNCTHING, f"--home={place}", "--device-id"]
    own = subprocess.run(asked, check=True, capture_output=True, text=True, timeout=300).stdout.strip()
    tree = ET.parse(place / "config.xml")
    options = tree.getroot().find("options")
    assert options is not None
    for name, value in {
        "listenAddress": f"tcp://127.0.0.1:{port}", "globalAnnounceEnabled": "false", "localAnnounceEnabled": "false",
        "relaysEnabled": "false", "natEnabled": "false", "urAccepted": "-1", "crashReportingEnabled": "false",
        "autoUpgradeIntervalH": "0", "reconnectionIntervalS": "1", "stunKeepaliveStartS": "0",
    }.items():  # fmt: skip
        found = options.find(name)
        (found if found is not None else ET.SubElement(options, name)).text = value
    gui = tree.getroot().find("gui/address")
    assert gui is not None
    gui.text = f"127.0.0.1:{free_port()}"
    tree.write(place / "config.xml")
    folder.mkdir()
    return own


def share(place: Path, folder: Path, devices: dict[str, int]) -> None:
    """Replicate a folder between devices, each at its port."""
    tree = ET.parse(place / "config.xml")
    root = tree.getroot()
    for old in [*root.findall("device"), *root.findall("folder")]:
        root.remove(old)
    shared = ET.SubElement(
        root, "folder", id="trustlog", label="trustlog", path=str(folder), type="sendreceive", rescanIntervalS="2",
        fsWatcherEnabled="true", fsWatcherDelayS="1",
    )  # fmt: skip
    for device, port in devices.items():
        ET.SubElement(shared, "device", id=device)
        one = ET.SubElement(root, "device", id=device, name=str(port), compression="never")
        ET.SubElement(one, "address").text = f"tcp://127.0.0.1:{port}"
    tree.write(place / "config.xml")


@pytest.fixture
def replicated(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Two folders that Syncthing keeps the same."""
    places = {name: (tmp_path / f"syncthing-{name}", tmp_path / f"folder-{name}") for name in ("work", "home")}
    ports = {name: free_port() for name in places}
    ids = {name: configured(*places[name], ports[name]) for name in places}
    running = []
    for place, folder in places.values():
        share(place, folder, {ids[name]: ports[name] for name in places})
        running.append(subprocess.Popen(
            [SYNCTHING, "serve", f"--home={place}", "--no-browser", "--no-restart"],
            env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], "STNOUPGRADE": "1", "STNORESTART": "1"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ))  # fmt: skip
    yield places["work"][1], places["home"][1]
    for child in running:
        child.terminate()
    for child in running:
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()


def names(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in (folder / "trustlog").rglob("*.age")}


def arrived(one: Path, other: Path) -> None:
    """Wait until both folders hold the same files, whole."""
    until = time.monotonic() + PATIENCE
    while True:
        there = names(one)
        if there == names(other) and all((one / name).read_bytes() == (other / name).read_bytes() for name in there):
            return
        assert time.monotonic() < until, (there, names(other))
        time.sleep(0.2)


def test_an_hour_of_edits_on_two_laptops_arrives_by_syncthing(
    warm: Warm, lived_in: Path, replicated: tuple[Path, Path], tmp_path: Path, figures: Figures
) -> None:
    (work_folder, home_folder), work, home = replicated, tmp_path / "work", tmp_path / "home"
    shutil.copytree(lived_in, work)
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse")
    passphrase.chmod(0o600)
    for laptop, folder in ((work, work_folder), (home, home_folder)):
        joined = warm(laptop, "sync", "init", str(folder), "--passphrase-file", str(passphrase), "--name", laptop.name)
        assert joined.code == 0, joined
        assert warm(laptop, "sync").code == 0
        arrived(work_folder, home_folder)
    for number in range(EDITS):
        for laptop in (work, home):
            for words in (
                ("add", "dana", f"{laptop.name} {number}"),
                ("edit", "1", "--note", f"{laptop.name} {number}"),
            ):
                assert warm(laptop, *words).code == 0
            if number % 5 == 0:
                assert warm(laptop, "sync").code == 0
    for _ in range(3):
        for laptop in (work, home):
            assert warm(laptop, "sync").code == 0
            arrived(work_folder, home_folder)
    exports = {bytes(warm(laptop, "export").out) for laptop in (work, home)}
    assert len(exports) == 1
    assert all(f"home {number}".encode() in next(iter(exports)) for number in range(EDITS))
    figures.survived()
