"""Reference data in which every typed text is an attack of a different kind."""

import csv
from collections.abc import Iterable
from itertools import count
from pathlib import Path

from dagster_project.paths import Home

PRODUCT = str(101 * 849)
"""The text that a template among the attacks would print if it were run."""

MIN_WORDING_CHARACTERS = 60

_FORMS = (
    "<script>alert({n})</script>",
    "<img src=x onerror=alert({n})>",
    '"><svg onload=alert({n})>',
    "</title></textarea></style></script><script>alert({n})</script>",
    "<iframe srcdoc='<script>alert({n})</script>'></iframe>",
    "[{n}](javascript:alert({n}))",
    "![{n}](http://attack.example/{n}.png)",
    "<http://attack.example/{n}>",
    "{{{{ {n} and 101 * 849 }}}}",
    "{{% for x in y %}}{n}{{{{ 101 * 849 }}}}",
    "{{{{ cycler.__init__.__globals__.os.system('true') }}}} {n}",
    "'; drop table dim_question; -- {n}",
    '=HYPERLINK("http://attack.example/{n}")',
    "@SUM({n}+1)*cmd|' /C calc'!A0",
    "+{n}+101*849",
    "`{n}` *{n}* **{n}** | {n} | # {n}",
    "``` sql table\nselect {n} as x\n```",
    "&lt;b&gt;{n}&lt;/b&gt; &amp;amp; &#60;i&#62;",
    "\u202e{n} \u0000x".replace("\u0000", "\u200b"),
    "- {n}\n\n# Heading {n} {{#x onclick=alert({n})}}",
    "[[{n}]] :smile: ${n}$ ++{n}++ ==x==",
    "--8<-- '/etc/hostname' {n}",
)


# A file name can identify a committee; these names match none.
_FILES = (
    "<body onpageshow=alert(1)>",
    "{{ 101 * 849 }}{% set x = 1 %}",
    "=1+cmd",
    "$(touch pwned); `touch pwned`",
    "'; drop schema marts cascade; --",
    '"><marquee onstart=prompt(2)>',
)


class Attacks:
    """Generates unique texts and records them in `given` by the column that they replace."""

    def __init__(self) -> None:
        self._numbers = count(100)
        self.given: dict[str, list[str]] = {}

    def next_text(self, column: str) -> str:
        """Return the next text."""
        number = next(self._numbers)
        text = f"{_FORMS[number % len(_FORMS)].format(n=number)} {number}"
        self.given.setdefault(column, []).append(text)
        return text


def plant_texts(home: Home, attacks: Attacks) -> None:
    """Replace every typed text in the reference data and the register of decisions."""
    seeds = home.seeds
    names = {row["committee_id"]: row["committee_name"] for row in _rows(seeds / "committees.csv")}
    # Returns still have the earlier names of committees.
    _append(seeds / "committee_aliases.csv", [[name, one] for one, name in names.items()])
    for file, columns in TYPED.items():
        _rewrite(seeds / file, columns, attacks)


def rename_returns(home: Home, attacks: Attacks) -> None:
    """Replace the names of the first returned files."""
    returns = [p for p in sorted((home.returns / "2016").iterdir()) if p.suffix in {".docx", ".xlsx"}]
    for path, name in zip(returns, _FILES, strict=False):
        attacks.given.setdefault("file", []).append(name)
        path.rename(path.with_name(name + path.suffix))


TYPED = {
    "committees.csv": ("committee_name",),
    "consortia.csv": ("consortium_name",),
    "local_authorities.csv": ("local_authority_name",),
    "rounds.csv": ("title",),
    "questions.csv": ("short_reference", "public_label", "subheading", "question_text"),
    "question_sections.csv": ("section_title",),
    "sub_questions.csv": ("sub_question_text",),
    "decisions.csv": ("reason", "decided_by_role"),
    "claims.csv": ("paraphrase", "threshold_note", "contradiction", "not_checkable_reason"),
    "comment_topics.csv": ("definition",),
    "ranking_rules.csv": ("title", "definition", "method", "argument", "note"),
    "rating_scale.csv": ("meaning",),
}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _rewrite(path: Path, columns: Iterable[str], attacks: Attacks) -> None:
    rows = _rows(path)
    for row in rows:
        for column in columns:
            # Returns are recognised by their wordings, which must still contain the words of the returns. Short
            # wordings are recognised only if they are identical.
            kept = row[column] if column in {"question_text", "sub_question_text"} else ""
            if row[column] and not 0 < len(kept) < MIN_WORDING_CHARACTERS:
                row[column] = f"{kept} {attacks.next_text(column)}".strip()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _append(path: Path, rows: list[list[str]]) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
