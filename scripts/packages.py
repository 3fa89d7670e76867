"""Compare the sdist and the wheel in a folder with what git tracks; CI runs it after a build.

    python -m build --outdir FOLDER && python scripts/packages.py FOLDER

The sdist holds every tracked file, the wheel the package and the manual page, both byte for byte, and neither holds
anything else. A new file at the top of the tree wants its place in `include` in pyproject.toml.
"""

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
MADE_BY_THE_BUILD = {
    "PKG-INFO",
    *(f"dist-info/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")),
}


def tracked() -> dict[str, bytes]:
    """Every tracked file of the work tree by its path."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {name: (ROOT / name).read_bytes() for name in listed.split("\0") if (ROOT / name).is_file()}


def in_sdist(file: Path) -> dict[str, bytes]:
    """Every file of an sdist by its path below the one folder."""
    with tarfile.open(file) as archive:
        members = [(member, archive.extractfile(member)) for member in archive]
        return {member.name.split("/", 1)[1]: found.read() for member, found in members if found}


def in_wheel(file: Path) -> dict[str, bytes]:
    """Every file of a wheel by its path; `dist-info/` and `data/` stand for the folders with the version."""
    with zipfile.ZipFile(file) as archive:
        found = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    versioned = "-".join(file.name.split("-")[:2]) + "."
    return {name.removeprefix(versioned): content for name, content in found.items()}


def differences(package: Path, found: Mapping[str, bytes], wanted: Mapping[str, bytes]) -> list[str]:
    """A line for each file that a package lacks, holds beyond what is wanted, or holds otherwise."""
    lacking = [f"{name} is missing" for name in wanted.keys() - found.keys()]
    extra = [f"{name} is extra" for name in found.keys() - wanted.keys() - MADE_BY_THE_BUILD]
    altered = [f"{name} differs" for name in found.keys() & wanted.keys() if found[name] != wanted[name]]
    return [f"{package.name}: {line}" for line in sorted([*lacking, *extra, *altered])]


def main(folder: Path) -> int:
    """Say every difference on stderr, one a line; 1 if there is one."""
    [sdist], [wheel] = folder.glob("*.tar.gz"), folder.glob("*.whl")
    tree = tracked()
    program = {name.removeprefix("src/"): content for name, content in tree.items() if name.startswith("src/")}
    program["data/data/share/man/man1/trustlog.1"] = tree["docs/trustlog.1"]
    found = differences(sdist, in_sdist(sdist), tree) + differences(wheel, in_wheel(wheel), program)
    sys.stderr.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
