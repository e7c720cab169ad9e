"""All limits on a returned file. The message about a file names the limit that it exceeds."""

from dataclasses import dataclass

from dagster_project.home.entries import MAX_HASHED_BYTES

MIB = 1024 * 1024

MAX_FILE_BYTES = MAX_HASHED_BYTES
"""Photographs count here only: they are never unpacked."""
MAX_MEMBERS = 2_000
MAX_MEMBER_BYTES = 8 * MIB
MAX_TOTAL_BYTES = 32 * MIB
MAX_RATIO = 200
"""Ratio of unpacked to packed size of a part, where it unpacks to more than `RATIO_APPLIES_ABOVE` bytes."""
RATIO_APPLIES_ABOVE = 100_000
MAX_ROWS = 5_000
MAX_COLUMNS = 702
"""Up to column ZZ."""

MAX_TEXT = 32_767
"""Characters of one answer: the maximum of a cell in Excel."""
MAX_SHOWN = 80
"""Characters of typed text that a message repeats."""
MAX_PROBLEMS = 200
"""Problems stored for one file."""


@dataclass(frozen=True)
class WorkerLimits:
    """What a worker process may use before the file it reads is rejected."""

    memory_bytes: int = 1024 * MIB
    """Address space of the process."""
    cpu_seconds: float = 10
    """CPU time for one file."""
    wall_seconds: float = 30
    """Time for one task: a batch of files, or one file alone after its batch was stopped."""
