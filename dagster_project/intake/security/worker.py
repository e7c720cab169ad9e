"""Functions that run inside a worker process: set its limits, then read files."""

import os
import resource
import signal
from pathlib import Path

from dagster_project.intake.problems import Problem
from dagster_project.intake.reading import read_return
from dagster_project.intake.returned import ReadReturn
from dagster_project.intake.security.limits import WorkerLimits
from dagster_project.intake.template import Template

NamedFile = tuple[str, Path]
"""The name that the raw tables give a file, and its path."""

_settings: tuple[Template, WorkerLimits]


def start_worker(template: Template, limits: WorkerLimits) -> None:
    """Limit this process for the rest of its life: memory, no file written, nothing printed."""
    global _settings
    _settings = template, limits
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Parsers print parts of a file when they fail, and comments must not reach a log.
    devnull = os.open(os.devnull, os.O_RDWR)
    os.dup2(devnull, 1)
    os.dup2(devnull, 2)


def read_batch(files: list[NamedFile]) -> list[bytes]:
    """Read files: a line of JSON for each, as `ReadReturn.to_line` writes it."""
    return [_read_file(path).to_line(name, path) for name, path in files]


def _read_file(path: Path) -> ReadReturn:
    template, limits = _settings
    # SIGPROF ends the process when the file has used its CPU time.
    signal.setitimer(signal.ITIMER_PROF, limits.cpu_seconds)
    try:
        return read_return(path, template)
    except MemoryError:
        message = f"The file needs more than {limits.memory_bytes:,} bytes of memory, the limit."
        return ReadReturn(problems=[Problem("reader_stopped", message)])
    except BaseException as error:  # a panic of calamine is not an Exception
        message = f"The file is broken ({type(error).__name__} while it was read)."
        return ReadReturn(problems=[Problem("unreadable_file", message)])
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
