"""The register of decisions: one well-formed row for one finding, written so that all others stay as they are."""

import csv
import datetime
import difflib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dagster_project.audit.findings import Finding
from dagster_project.home.files import write_atomically
from dagster_project.home.lock import only_writer
from dagster_project.paths import Home

FIELDS = ("finding_id", "decision", "estimated_rating", "reason", "decided_by_role", "decided_on")
ESTIMATE = "estimate"
"""The one decision that needs a rating."""

PATIENCE_SECONDS = 10
"""So long one decision waits for another to be written."""


class RegisterError(Exception):
    """The decision was not written. The message says why, and what would be."""


@dataclass(frozen=True)
class Decision:
    """One row of the register. `estimated_rating` is empty unless the decision is an estimate."""

    finding_id: str
    decision: str
    estimated_rating: str
    reason: str
    decided_by_role: str
    decided_on: datetime.date

    def as_row(self) -> dict[str, str]:
        """The row's cells by column."""
        return {name: str(getattr(self, name)) for name in FIELDS}


def register_path(home: Home) -> Path:
    """The register of a home: a seed beside the others."""
    return home.seeds / "decisions.csv"


def find(findings: Sequence[Finding], given: str) -> Finding:
    """The finding whose id, or the hash at its end, begins as given.

    Raises `RegisterError` where none or several do, naming those that come near.
    """
    exact = [one for one in findings if one.finding_id == given]
    found = exact or [
        one
        for one in findings
        if given and (one.finding_id.startswith(given) or one.finding_id.rpartition(":")[2].startswith(given))
    ]
    if len(found) == 1:
        return found[0]
    ids = [one.finding_id for one in found] or difflib.get_close_matches(
        given, [one.finding_id for one in findings], n=3, cutoff=0.3
    )
    listed = "\n".join(f"  {one}" for one in ids[:10])
    if found:
        raise RegisterError(f"'{given}' begins {len(found)} findings. Which one?\n{listed}")
    nearest = f" Nearest:\n{listed}" if ids else ""
    raise RegisterError(f"There is no finding '{given}'. `selfeval decide` lists them.{nearest}")


def checked(finding: Finding, decision: Decision, ratings: Sequence[str]) -> Decision:
    """The decision with its texts on one line each. `ratings` are those that an estimate may give.

    Raises `RegisterError` for whatever the models would call an incomplete decision.
    """
    if not finding.decisions:
        raise RegisterError(f"This finding cannot be decided, only mended. {finding.how_to_mend}")
    if decision.decision not in finding.decisions:
        raise RegisterError(
            f"'{decision.decision}' is no decision on this finding. Allowed: {', '.join(finding.decisions)}."
        )
    if decision.decision == ESTIMATE and decision.estimated_rating not in ratings:
        raise RegisterError(f"An estimate needs --rating with one of {', '.join(ratings)}.")
    if decision.decision != ESTIMATE and decision.estimated_rating:
        raise RegisterError(f"Only `{ESTIMATE}` takes a rating; leave --rating out.")
    reason, role = (" ".join(text.split()) for text in (decision.reason, decision.decided_by_role))
    if not reason:
        raise RegisterError("A decision needs a reason that can be published: --reason.")
    if not role:
        raise RegisterError("A decision needs the role of who decides, not a name: --role.")
    if decision.decided_on > datetime.date.today():
        raise RegisterError(f"{decision.decided_on} lies in the future.")
    return Decision(
        decision.finding_id,
        decision.decision,
        decision.estimated_rating,
        reason,
        role,
        decision.decided_on,
    )


def decided(home: Home) -> dict[str, dict[str, str]]:
    """The register's rows by finding, as they stand in the file just now."""
    return {row["finding_id"]: row for row, _ in _rows(_read(register_path(home)))}


def record(home: Home, decision: Decision, *, replace: bool = False) -> None:
    """Add a row to the register, or put it in the place of the finding's own with `replace`.

    Every other line keeps its bytes. The file is replaced in one step. Raises `RegisterError`, and
    `RunInProgress` where a run is at work: it must not see two states of the register.
    """
    path = register_path(home).resolve()
    with only_writer(home, max_wait_seconds=PATIENCE_SECONDS):
        text = _read(path)
        end = "\r\n" if "\r\n" in text else "\n"
        line = _as_line(text, decision, end)
        rows = list(_rows(text))
        own = [place for row, place in rows if row["finding_id"] == decision.finding_id]
        if own and not replace:
            raise RegisterError("The register decides this finding already. Use --replace to decide it anew.")
        lines = _lines(text)
        if own:
            lines[own[0][0]] = line
            for spare in [number for first, last in own for number in range(first, last)][1:]:
                lines[spare] = ""
        elif lines[-1].endswith(("\n", "\r")):
            lines.append(line)
        else:
            lines += [end, line]
        write_atomically(path, "".join(lines).encode())


def _read(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise RegisterError(f"The register {path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise RegisterError(f"The register {path} is not UTF-8. Save it as CSV UTF-8.") from None
    missing = [name for name in FIELDS if name not in _header(text)]
    if missing:
        raise RegisterError(f"The register {path} has no column {', '.join(missing)}.")
    return text


def _lines(text: str) -> list[str]:
    """Lines with their ends. Only what ends a line of CSV does so here."""
    return list(io.StringIO(text, newline=""))


def _header(text: str) -> list[str]:
    return next(csv.reader(_lines(text.removeprefix("\ufeff"))), [])


def _rows(text: str) -> Iterator[tuple[dict[str, str], tuple[int, int]]]:
    """Each row with the lines that it takes: a quoted text may take several."""
    reader = csv.reader(_lines(text.removeprefix("\ufeff")))
    header = next(reader)
    start = reader.line_num
    for cells in reader:
        if cells:
            yield dict(zip(header, cells, strict=False)), (start, reader.line_num)
        start = reader.line_num


def _as_line(text: str, decision: Decision, end: str) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, _header(text), restval="", lineterminator=end)
    writer.writerow(decision.as_row())
    return out.getvalue()
