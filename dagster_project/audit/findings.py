"""Findings, in the words of the person who has to decide them."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Finding:
    """One row of `mart_data_quality`, with its columns' names. `decisions` are those that its check allows."""

    finding_id: str
    round_id: str
    title: str
    severity: str
    status: str
    committee_name: str | None
    question_no: int | None
    source_file: str | None
    subject: str
    detail: str
    decision: str | None
    mended_by: str
    how_to_mend: str
    decisions: Sequence[str]

    @property
    def about(self) -> str:
        """The committee and the question, or another subject."""
        question = f", question {self.question_no}" if self.question_no is not None else ""
        return f"{self.committee_name}{question}" if self.committee_name else self.subject

    def __str__(self) -> str:
        file = f" ({self.source_file})" if self.source_file and self.source_file not in self.about else ""
        return f"Round {self.round_id}, {self.title.lower()}: {self.about}{file}. {self.detail}"


def load_findings(connection: duckdb.DuckDBPyConnection) -> tuple[Finding, ...]:
    """Load all findings of the build: open ones first, then by severity."""
    rows = connection.execute(
        """
        select
            finding_id, coalesce(round_id, '?'), findings.title, findings.severity, finding_status,
            committee_name, question_no, source_file, subject, detail, decision, findings.mended_by,
            findings.how_to_mend, coalesce(string_split(nullif(checks.decisions, ''), '|'), [])
        from marts.mart_data_quality as findings
        left join marts.dim_committee using (committee_id)
        left join reference.quality_checks as checks on findings."check" = checks.check_name
        order by
            finding_status = 'open' desc,
            array_position(['stop', 'warn', 'inform'], findings.severity),
            finding_id
        """
    ).fetchall()
    return tuple(Finding(*row) for row in rows)
