"""Files of a release in the tree of plain pages, which the builder only reads."""

import os
import shutil
from pathlib import Path


def lend(source: str | Path, target: str | Path) -> None:
    """The same file under another name, where the disk can do that; elsewhere a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
