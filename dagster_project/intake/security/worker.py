"""The child process that parses: `python -m dagster_project.intake.security.worker`.

It is told a template once, then some files a line, and answers with one line of JSON for each. What a file
does to it stays here: its memory and its time are limited, and it can write no file.
"""

import gc
import json
import resource
import sys
import time
from functools import lru_cache
from pathlib import Path

from dagster_project.intake.problems import Problem
from dagster_project.intake.reading import read_return
from dagster_project.intake.returned import ReadReturn
from dagster_project.intake.security import limits
from dagster_project.intake.template import Template


def main() -> None:
    """Answer until the parent closes the pipe."""
    _limit()
    # What was imported stays; what a file leaves behind goes when the file does, but for a few circles.
    gc.freeze()
    gc.set_threshold(50_000)
    told = json.loads(sys.stdin.readline())
    template = Template(
        version=told["version"],
        questions=told["questions"],
        sub_questions=tuple(told["sub_questions"]),
        rating_words=tuple(told["rating_words"]),
        cover_fields=told["cover_fields"],
    )
    for line in sys.stdin:
        answers = []
        for name, path in ((name, Path(path)) for name, path in json.loads(line)):
            _allow_time()
            answers.append(_read(path, template).as_line(name, path))
        sys.stdout.buffer.write(b"".join(answers))
        sys.stdout.buffer.flush()


def _read(path: Path, template: Template) -> ReadReturn:
    try:
        return read_return(path, template)
    except MemoryError:
        message = f"The file needs more than {limits.CHILD_MEMORY_BYTES:,} bytes of memory, the limit."
        return ReadReturn(problems=[Problem("reader_stopped", message)])
    except BaseException as error:  # a panic of calamine is no Exception
        if isinstance(error, KeyboardInterrupt):
            raise
        name = type(error).__name__
        return ReadReturn(
            problems=[Problem("unreadable_file", f"The file is broken ({name} while it was read).")]
        )


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.CHILD_MEMORY_BYTES, limits.CHILD_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_time() -> None:
    """Each file has the same time: the limit of the process moves on by what it has used so far."""
    _allow_until(int(time.process_time()) + 1 + limits.CHILD_CPU_SECONDS)


@lru_cache(maxsize=1)
def _allow_until(seconds: int) -> None:
    # The limit knows whole seconds: most files find it as it has to be.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
