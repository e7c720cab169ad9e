"""Backup of a home in one file, and its restoration: everything that a run cannot make again.

The build is left out. It is made of returns and reference data, and a run makes it again.
"""

import hashlib
import io
import json
import os
import stat
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path, PurePosixPath
from shutil import rmtree
from typing import IO, Any

from dagster_project.home.create import HomeError, is_home
from dagster_project.home.entries import open_regular_file
from dagster_project.home.files import NEW, PRIVATE_FOLDER, open_replacement, prepare_home
from dagster_project.home.lock import RETIRED
from dagster_project.paths import REPOSITORY, Home

FORMAT = 1
"""Version of the layout. A program refuses backups with a higher one."""

LISTING = "backup.json"
"""Last member of a backup: every file with size and SHA-256."""

COMPRESSION_LEVEL = 1
"""Most bytes are in databases and pictures, which higher levels hardly make smaller."""


@dataclass(frozen=True)
class Listing:
    """What a backup contains. `published` is the release that readers saw, or empty."""

    made_at: str
    program_version: str
    published: str
    files: list[dict[str, Any]]
    format: int = FORMAT


def write_backup(home: Home, target: Path) -> Listing:
    """Write a home into a new file. Only for the holder of the writer lock: nothing changes meanwhile but returns.

    Raises `HomeError` if the file exists or is inside the home, and `OSError` if a file shrinks while it is copied.
    """
    if target.exists() or target.is_symlink():
        raise HomeError(f"{target} exists already. Choose a new file.")
    if home.root == REPOSITORY:
        raise HomeError("The program's own folder is a demonstration. Name your home with --home.")
    if home.root in target.resolve().parents:
        raise HomeError(f"{target} is inside the home. Choose a file outside of {home.root}.")
    with (
        open_replacement(target) as file,
        tarfile.open(fileobj=file, mode="w:gz", compresslevel=COMPRESSION_LEVEL) as archive,
    ):
        files = [_add_file(archive, home.root, path) for path in _list_files(home)]
        published = home.published.readlink().name if home.published.is_symlink() else ""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        version = metadata.version("cpc-self-evaluation-warehouse")
        listing = Listing(now, version, published, files)
        content = json.dumps(asdict(listing), indent=2).encode()
        about = tarfile.TarInfo(LISTING)
        about.size = len(content)
        archive.addfile(about, io.BytesIO(content))
    return listing


def restore_backup(source: Path, home: Home) -> Listing:
    """Restore a home from a backup into a new or an empty folder, after every file has been compared with its hash.

    Raises `HomeError` if the folder is not empty, or the backup is damaged or of a later version.
    """
    if is_home(home):
        raise HomeError(f"{home.root} is a home already. Choose a new folder with --home.")
    if home.root.exists() and any(home.root.iterdir()):
        raise HomeError(f"{home.root} is not an empty folder. Choose a new one with --home.")
    home.root.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    with ExitStack() as cleanup:
        # Inside of the home: its folder may be a volume.
        folder = Path(tempfile.mkdtemp(dir=home.root, prefix=NEW))
        cleanup.callback(rmtree, folder, ignore_errors=True)
        try:
            listing = _extract_files(source, folder)
        except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError) as error:
            raise HomeError(f"{source} is damaged or no backup ({error}). Nothing was restored.") from None
        # The registry of rounds is in `dbt`, which comes last: until then the folder is not a home.
        for path in sorted(folder.iterdir(), key=lambda one: one.name == home.dbt.name):
            path.rename(home.root / path.name)
    if listing.published:
        home.published.symlink_to(Path(home.releases.name) / listing.published)
    prepare_home(home)
    return listing


def _list_files(home: Home) -> Iterator[Path]:
    """List the regular files of a home, but not those of the build, of the program, or of writers at work."""
    for folder, folders, names in os.walk(home.root):
        folders[:] = sorted(
            name
            for name in folders
            if Path(folder, name) != home.build and not name.startswith((NEW, RETIRED))
        )
        for name in sorted(names):
            path = Path(folder, name)
            if stat.S_ISREG(path.lstat().st_mode) and not name.startswith(NEW):
                yield path


def _add_file(archive: tarfile.TarFile, root: Path, path: Path) -> dict[str, Any]:
    name = path.relative_to(root).as_posix()
    about = tarfile.TarInfo(name)
    with open_regular_file(path) as file:
        status = os.fstat(file.fileno())
        about.size, about.mode, about.mtime = status.st_size, stat.S_IMODE(status.st_mode), status.st_mtime
        reader = _HashingReader(file)
        archive.addfile(about, reader)
    return {"path": name, "bytes": about.size, "sha256": reader.digest.hexdigest()}


def _extract_files(source: Path, folder: Path) -> Listing:
    """Extract the regular files of a backup, and compare them with its listing."""
    found = {}
    content = b""
    with tarfile.open(source, "r:gz") as archive:
        for member in archive:
            file = archive.extractfile(member)
            path = PurePosixPath(member.name)
            if file is None or path.is_absolute() or ".." in path.parts:
                raise ValueError(f"{member.name} is no file of a home")
            if member.name == LISTING:
                content = file.read()
                break
            reader = _HashingReader(file)
            target = folder / path
            target.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            with target.open("xb") as copy:
                while part := reader.read(1 << 20):
                    copy.write(part)
            # Git's hooks are programs.
            target.chmod(stat.S_IRUSR | stat.S_IWUSR | member.mode & stat.S_IXUSR)
            found[member.name] = reader.digest.hexdigest()
    listing = Listing(**json.loads(content))
    if listing.format > FORMAT:
        raise HomeError(f"{source} was written by version {listing.program_version}. Install that version.")
    listed = {one["path"]: one["sha256"] for one in listing.files}
    if different := sorted({path for path, _ in listed.items() ^ found.items()}):
        raise ValueError(f"{different[0]} is not as it was written")
    return listing


class _HashingReader:
    """Read a file, and hash the bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self.digest = hashlib.sha256()
        self._file = file

    def read(self, size: int = -1, /) -> bytes:
        """Read at most `size` bytes."""
        content = self._file.read(size)
        self.digest.update(content)
        return content
