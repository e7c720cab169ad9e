"""Which rules can be the report's? `python -m tools.sample.rules` asks the solver and writes a seed.

For each candidate it is decided whether any counts of green, amber and red can meet the printed figures and
give the printed order; then with the printed remarks; then with the printed groups at the two widest gaps.
"""

import csv
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from tools.sample.rules_candidates import OURS, Rule, list_candidates
from tools.sample.rules_model import CountModel, Counts, Figures, load_figures

SEED_FILE = "ranking_rules.csv"
# Deterministic units of the solver, so that the result does not depend on the machine.
_LIMIT = 120.0


@dataclass(frozen=True)
class Verdict:
    """What the solver says of one rule: None where it did not decide. `example` are counts that fit, if any do."""

    rule: Rule
    figures: bool | None
    comments: bool | None
    groups: bool | None
    example: Counts
    seconds: float

    def to_row(self, position: int) -> dict[str, str]:
        """Convert the verdict to a row of the seed; the time it took is not part of it."""
        return {
            "rule_id": self.rule.rule_id,
            "position": str(position),
            "title": self.rule.title,
            "definition": self.rule.definition,
            "is_ours": str(self.rule.rule_id == OURS).lower(),
            "feasible_with_figures": _to_text(self.figures),
            "feasible_with_comments": _to_text(self.comments),
            "feasible_with_groups": _to_text(self.groups),
            "method": self.method,
            "argument": self.rule.argument,
            "note": self.rule.note,
            "example_counts": "; ".join(f"Q{q} {g}/{a}/{r}" for q, (g, a, r) in self.example.items()),
        }

    @property
    def method(self) -> str:
        """How the first verdict was reached."""
        if self.figures is None:
            return "not decided within the solver's limit"
        if self.figures:
            return "counts found by the solver"
        return "excluded by the solver and by argument" if self.rule.argument else "excluded by the solver"


def decide_rule(
    rule: Rule, figures: Figures, hint: Counts, seed: int = 2016, limit: float = _LIMIT
) -> Verdict:
    """Try the strictest constraints first: counts that meet them meet the others too."""
    started = time.perf_counter()
    verdicts: dict[str, bool | None] = {}
    example: Counts = {}
    for level in _list_levels(rule):
        model = CountModel(figures)
        margin = rule.margin(model)
        model.add_order(margin)
        if level != "figures":
            model.add_remarks()
        if level == "groups":
            model.add_groups(margin)
        verdicts[level], example = model.solve(seed, limit, hint)
        if verdicts[level]:
            break
    met = False
    for level in _list_levels(rule):
        met = met or bool(verdicts.get(level))
        verdicts[level] = met or verdicts[level]
    # A rule that the fewest constraints exclude is excluded by more constraints as well.
    if verdicts["figures"] is False:
        verdicts = dict.fromkeys(verdicts, False)
    return Verdict(rule, verdicts["figures"], verdicts["comments"], verdicts.get("groups"), example,
                   time.perf_counter() - started)  # fmt: skip


def decide_rules(rules: Iterable[Rule], figures: Figures) -> Iterator[Verdict]:
    """Yield each rule's verdict; the search for the next rule starts from the counts of the one before."""
    hint: Counts = {}
    for rule in rules:
        verdict = decide_rule(rule, figures, hint)
        hint = verdict.example or hint
        yield verdict


def main(
    seeds: Annotated[Path, typer.Option(help="Folder of the reference data; claims are read there.")] = Path(
        "dbt/seeds"
    ),
    out: Annotated[Path | None, typer.Option(help=f"File to write; by default {SEED_FILE} there.")] = None,
    round_id: Annotated[str, typer.Option(help="Round whose claims the counts must meet.")] = "2016",
) -> None:
    """Decide for each candidate rule whether any counts can give the report's figures and order under it."""
    rows = []
    for position, verdict in enumerate(
        decide_rules(list_candidates(), load_figures(seeds, round_id)), start=1
    ):
        row = verdict.to_row(position)
        rows.append(row)
        typer.echo(
            f"{verdict.rule.rule_id:20} figures {row['feasible_with_figures'] or '?':5}  "
            f"comments {row['feasible_with_comments'] or '?':5}  groups {row['feasible_with_groups'] or '-':5}  "
            f"{verdict.seconds:6.1f} s"
        )
        if row["example_counts"]:
            typer.echo(f"    {row['example_counts']}")
    target = out or seeds / SEED_FILE
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    typer.echo(f"{len(rows)} rules in {target}")


def _list_levels(rule: Rule) -> list[str]:
    return [*(["groups"] if rule.has_scale else []), "comments", "figures"]


def _to_text(verdict: bool | None) -> str:
    return "" if verdict is None else str(verdict).lower()


if __name__ == "__main__":
    typer.run(main)
