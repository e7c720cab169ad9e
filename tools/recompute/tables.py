"""All tables of a round, by name."""

from collections import Counter

from tools.recompute.claims import make_claims
from tools.recompute.decisions import make_effects
from tools.recompute.history import list_authorities, list_committees
from tools.recompute.marts import Row, make_coverage, make_marts, make_statuses
from tools.recompute.metrics import make_metrics, measure_metrics
from tools.recompute.public import RANKING
from tools.recompute.quality import make_findings, make_suppression, name_finding, summarise_findings
from tools.recompute.reference import make_details, make_questions, make_returns, make_versions
from tools.recompute.round import Round
from tools.recompute.seeds import Seeds, find_round

RESAMPLES = 5000
LABELS = ("question_key", "short_reference", "public_label")


def count_topics(one: Round, seeds: Seeds) -> list[Row]:
    """Count the returns that mention each topic: `mart_comment_topic`.

    The topics are the codes that people gave to comments.
    """
    codes = {
        (row["committee_id"], int(row["question_no"])): row["topics"].split("|")
        for row in seeds["comment_codes"]
        if row["round_id"] == one.round_id
    }
    question_set = find_round(seeds, one.round_id)["question_set"]
    rows = []
    for row in seeds["comment_topics"]:
        if row["question_set"] == question_set:
            question = int(row["question_no"])
            written = [name for name, number in one.comments if number == question]
            coded = [name for name in written if (name, question) in codes]
            rows.append(
                {
                    "round_id": one.round_id,
                    "question_no": question,
                    "topic": row["topic"],
                    "definition": row["definition"],
                    "comments": len(written),
                    "coded_comments": len(coded),
                    "returns": sum(row["topic"] in codes[name, question] for name in coded),
                }
            )
    return rows


def recompute_tables(one: Round, seeds: Seeds) -> dict[str, list[Row]]:
    """Recompute the rows of each table from the answers of a round."""
    authorities = Counter(list_authorities(seeds, one.round_id).values())
    names = {name: row["committee_name"] for name, row in list_committees(seeds, one.round_id).items()}
    tables = make_marts(one, [row["consortium_code"] for row in seeds["consortia"]], RESAMPLES)
    tables["fct_rating"] = [
        row | {"has_comment": (row["committee_id"], row["question_no"]) in one.comments}
        for row in tables["fct_rating"]
    ]
    values = measure_metrics(one, seeds, authorities)
    return tables | {
        "fct_return": list(make_returns(one)),
        "fct_return_version": list(make_versions(one)),
        "mart_claim_check": list(make_claims(one, seeds, values)),
        "mart_comment_topic": count_topics(one, seeds),
        "mart_coverage": list(make_coverage(one, authorities)),
        "mart_decision_effect": list(make_effects(one, seeds)),
        "mart_metric": list(make_metrics(one, values)),
        "mart_return_status": list(make_statuses(one, names)),
        "rating_detail": list(make_details(one, seeds)),
    }


def recompute_quality(one: Round, seeds: Seeds, published: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Recompute the tables about findings and suppression, which follow in part from published rows."""
    for row in published["mart_data_quality"]:
        row["finding"] = name_finding(row)
    findings = list(make_findings(one, seeds, published["mart_data_quality"]))
    ranking = [row for row in published[RANKING] if row["round_id"] == one.round_id]
    return {
        "mart_data_quality": findings,
        "mart_data_quality_summary": list(summarise_findings(one, seeds, findings)),
        "mart_suppression": list(make_suppression(one, seeds, ranking)),
    }


def add_names(one: Round, seeds: Seeds, rows: list[Row], columns: set[str]) -> list[Row]:
    """Add to rows the names of their question and consortium that the published table has."""
    questions = {int(row["question_no"]): row for row in make_questions(one, seeds)}
    consortia = {row["consortium_code"]: row["consortium_name"] for row in seeds["consortia"]}
    consortia["all"] = "All consortia"
    found = []
    for row in rows:
        names = {"consortium_name": consortia[row["consortium_code"]]} if row.get("consortium_code") else {}
        for prefix in ("", "other_"):
            if question := questions.get(row.get(f"{prefix}question_no") or 0):
                names |= {f"{prefix}{label}": question[label] for label in LABELS}
        found.append({name: value for name, value in names.items() if name in columns} | row)
    return found
