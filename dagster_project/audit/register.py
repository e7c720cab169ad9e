"""The register of decisions: add or replace one row of `decisions.csv`, and leave all other lines as they are."""

import csv
import datetime
import difflib
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from dagster_project.audit.findings import Finding
from dagster_project.home.files import write_atomically
from dagster_project.home.lock import only_writer
from dagster_project.paths import Home

ESTIMATE = "estimate"
"""The only decision with a rating."""

LOCK_TIMEOUT_SECONDS = 10


class RegisterError(Exception):
    """The decision was not recorded. The message says why, and what to do."""


@dataclass(frozen=True)
class Decision:
    """One row of the register. `estimated_rating` is empty unless the decision is an estimate."""

    finding_id: str
    decision: str
    estimated_rating: str
    reason: str
    decided_by_role: str
    decided_on: datetime.date

    def to_row(self) -> dict[str, str]:
        """Return the row's cells by column."""
        return {name: str(value) for name, value in asdict(self).items()}


COLUMNS = tuple(field.name for field in fields(Decision))


def get_register_path(home: Home) -> Path:
    """Return the path of a home's register, one of its seeds."""
    return home.seeds / "decisions.csv"


def find_finding(findings: Sequence[Finding], prefix: str) -> Finding:
    """Return the one finding whose id, or the hash at its end, starts with `prefix`.

    Raises `RegisterError` if there is none or more than one; the message lists similar ids.
    """
    matches = [one for one in findings if one.finding_id == prefix] or [
        one
        for one in findings
        if prefix
        and (one.finding_id.startswith(prefix) or one.finding_id.rpartition(":")[2].startswith(prefix))
    ]
    if len(matches) == 1:
        return matches[0]
    ids = [one.finding_id for one in matches] or difflib.get_close_matches(
        prefix, [one.finding_id for one in findings], n=3, cutoff=0.3
    )
    listed = "\n".join(f"  {one}" for one in ids[:10])
    if matches:
        raise RegisterError(f"'{prefix}' matches {len(matches)} findings. Which one?\n{listed}")
    similar = f" Similar ids:\n{listed}" if ids else ""
    raise RegisterError(f"There is no finding '{prefix}'. `selfeval decide` lists them.{similar}")


def validate_decision(finding: Finding, decision: Decision, ratings: Sequence[str]) -> Decision:
    """Return the decision with its texts on one line each. `ratings` are the ratings that an estimate may have.

    Raises `RegisterError` for a decision that the models would report as incomplete.
    """
    if not finding.decisions:
        raise RegisterError(f"This finding cannot be decided, only fixed. {finding.how_to_mend}")
    if decision.decision not in finding.decisions:
        raise RegisterError(
            f"'{decision.decision}' is not a decision on this finding. Allowed: {', '.join(finding.decisions)}."
        )
    if decision.decision == ESTIMATE and decision.estimated_rating not in ratings:
        raise RegisterError(f"An estimate needs --rating with one of {', '.join(ratings)}.")
    if decision.decision != ESTIMATE and decision.estimated_rating:
        raise RegisterError(f"Only `{ESTIMATE}` has a rating; leave --rating out.")
    reason, role = (" ".join(text.split()) for text in (decision.reason, decision.decided_by_role))
    if not reason:
        raise RegisterError("A decision needs a reason that can be published: --reason.")
    if not role:
        raise RegisterError("A decision needs the role of the person who decides, not a name: --role.")
    if decision.decided_on > datetime.date.today():
        raise RegisterError(f"{decision.decided_on} is in the future.")
    return replace(decision, reason=reason, decided_by_role=role)


def load_decisions(home: Home) -> dict[str, dict[str, str]]:
    """Load the register's rows by finding."""
    return {row["finding_id"]: row for row, _ in _read_rows(_read_text(get_register_path(home)))}


def record_decision(home: Home, decision: Decision, *, overwrite: bool = False) -> None:
    """Add a row to the register. With `overwrite`, it replaces the rows of the same finding.

    All other lines keep their bytes, and the file is replaced atomically. Raises `RegisterError`, and
    `RunInProgress` during a run, which must not read two states of the register.
    """
    path = get_register_path(home).resolve()
    with only_writer(home, max_wait_seconds=LOCK_TIMEOUT_SECONDS):
        text = _read_text(path)
        lines = _split_lines(text)
        line_end = "\r\n" if "\r\n" in text else "\n"
        line = _format_line(text, decision, line_end)
        old = [span for row, span in _read_rows(text) if row["finding_id"] == decision.finding_id]
        if old and not overwrite:
            raise RegisterError(
                "The register has a decision on this finding already. Use --replace to replace it."
            )
        for first, last in reversed(old):
            lines[first:last] = []
        if old:
            lines.insert(old[0][0], line)
        elif lines[-1].endswith(("\n", "\r")):
            lines.append(line)
        else:
            lines += [line_end, line]
        write_atomically(path, "".join(lines).encode())


def _read_text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise RegisterError(f"The register {path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise RegisterError(f"The register {path} is not UTF-8. Save it as CSV UTF-8.") from None
    if missing := [name for name in COLUMNS if name not in _read_header(text)]:
        raise RegisterError(f"The register {path} has no column {', '.join(missing)}.")
    return text


def _split_lines(text: str) -> list[str]:
    """Split into lines with their ends, at the line ends of CSV only: `str.splitlines` has more."""
    return list(io.StringIO(text, newline=""))


def _read_header(text: str) -> list[str]:
    return next(csv.reader(_split_lines(text.removeprefix("\ufeff"))), [])


def _read_rows(text: str) -> Iterator[tuple[dict[str, str], tuple[int, int]]]:
    """Read each row with its first line and the line after it: a quoted text may span several lines."""
    reader = csv.reader(_split_lines(text.removeprefix("\ufeff")))
    header = next(reader)
    first = reader.line_num
    for cells in reader:
        if cells:
            yield dict(zip(header, cells, strict=False)), (first, reader.line_num)
        first = reader.line_num


def _format_line(text: str, decision: Decision, line_end: str) -> str:
    out = io.StringIO()
    csv.DictWriter(out, _read_header(text), restval="", lineterminator=line_end).writerow(decision.to_row())
    return out.getvalue()
