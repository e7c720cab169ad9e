"""Open findings in the words of the person who has to decide them."""

from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Finding:
    """One row of `mart_data_quality`, without any typed text."""

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

    def __str__(self) -> str:
        question = f", question {self.question_no}" if self.question_no is not None else ""
        about = f"{self.committee_name}{question}" if self.committee_name else self.subject
        file = f" ({self.source_file})" if self.source_file and self.source_file not in about else ""
        return f"Round {self.round_id}, {self.title.lower()}: {about}{file}. {self.detail}"


def findings(connection: duckdb.DuckDBPyConnection) -> tuple[Finding, ...]:
    """All findings of the build, gravest first."""
    rows = connection.execute(
        """
        select
            finding_id, coalesce(round_id, '?'), title, severity, finding_status, committee_name, question_no,
            source_file, subject, detail, decision, mended_by, how_to_mend
        from marts.mart_data_quality
        left join marts.dim_committee using (committee_id)
        order by finding_status = 'open' desc, array_position(['stop', 'warn', 'inform'], severity), finding_id
        """
    ).fetchall()
    return tuple(Finding(*row) for row in rows)
