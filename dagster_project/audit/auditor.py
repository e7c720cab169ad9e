"""Great Expectations in a process of its own: `python -m dagster_project.audit.auditor`.

To import it takes longer than any audit. It is started while the run still has other things to do, and lives as
long as the process that audits, however that ends: it stops when nobody can ask it any more.
"""

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.audit.suites import Suite, load_suites
from dagster_project.audit.validate import Outcome, Result, name_demands, open_frames, validate
from dagster_project.home.tokens import SCHEMAS
from dagster_project.paths import REPOSITORY


class AuditError(Exception):
    """A suite could not be evaluated. The message is that of whatever was raised."""


class Auditor:
    """The process, as its parent sees it."""

    def __init__(self) -> None:
        # -P: a file called like a module in the current folder is not imported instead of it.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "dagster_project.audit.auditor"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        )

    @property
    def lives(self) -> bool:
        """Whether it can still be asked."""
        return self._process.poll() is None

    def validate(self, database: Path, suites: Iterable[Suite]) -> Iterator[Outcome]:
        """Run suites on a database that nobody writes, while the caller deals with the outcomes before.

        After the last outcome nobody has the database open. Raises `AuditError` in place of an outcome, also where
        the process has ended; no suite after it is run.
        """
        answered = False
        try:
            self._ask({"database": str(database), "suites": [asdict(suite) for suite in suites]})
            while told := self._answer():
                if "error" in told:
                    answered = True
                    raise AuditError(told["error"])
                results = tuple(Result(**one) for one in told["results"])
                yield Outcome(tuple(told["failures"]), tuple(told["warnings"]), results)
            answered = True
        finally:
            if not answered:
                # What nobody waits for any more would be taken for the answer to another question.
                self.end()

    def _ask(self, what: Mapping[str, Any]) -> None:
        assert self._process.stdin
        # Where it has ended, the missing answer says so.
        with suppress(OSError):
            self._process.stdin.write(json.dumps(what).encode() + b"\n")
            self._process.stdin.flush()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        answer = b""
        with suppress(OSError):
            answer = self._process.stdout.readline()
        if not answer:
            raise AuditError("The process that audits has ended. Run the whole job: `selfeval run`.")
        told: dict[str, Any] = json.loads(answer)
        return told

    def end(self) -> None:
        """Stop it at once."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            # What could not be told to it any more is lost with it.
            with suppress(OSError):
                if pipe:
                    pipe.close()


def auditor() -> Auditor:
    """The auditor of this process: started when it is first asked for, and again when it has ended."""
    if not _one().lives:
        _one().end()
        _one.cache_clear()
    return _one()


@cache
def _one() -> Auditor:
    started = Auditor()
    atexit.register(started.end)
    return started


def main() -> None:
    """Answer each question of a parent with its outcomes, a line each, until the parent closes the pipe."""
    # What libraries print goes nowhere: the parent reads answers alone.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        open_frames()
        for line in sys.stdin:
            for answer in _answers(**json.loads(line)):
                answers.write(json.dumps(answer).encode() + b"\n")
                answers.flush()
            # The parent is busy with the next thing now: a good time for what the next suites will ask for.
            name_demands(
                one for schema in SCHEMAS for suite in load_suites(schema) for one in suite.expectations
            )


def _answers(database: str, suites: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The outcomes, and at last an empty answer, or an error. By then the database is closed."""
    try:
        with duckdb.connect(str(Path(database)), read_only=True) as connection:
            for suite in suites:
                yield asdict(validate(connection, Suite(**suite)))
    except Exception as error:
        yield {"error": f"{type(error).__name__}: {error}"}
    else:
        yield {}


if __name__ == "__main__":
    main()
