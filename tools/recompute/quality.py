"""Findings and what was decided about them, and the figures about suppression.

Findings about ratings and returns follow from the answers. Others are about what senders typed, such as a comment that
contradicts its rating: that there is such a finding is taken from the published table. What is withheld is a choice
among several safe ones. It is taken from the published table too, and counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from tools.recompute.history import list_committees
from tools.recompute.marts import SMALL_BASE_BELOW, Row
from tools.recompute.round import Round
from tools.recompute.seeds import Seeds, find_round
from tools.recompute.statistics import COUNTED, count_ratings, sum_ratings

FROM_ANSWERS = ("blank_rating", "duplicate_return", "non_return", "small_base")
"""Checks whose findings are recomputed."""


def name_finding(row: Row) -> str:
    """Name a finding without the hash of its content, such as `non_return:2016:fife`."""
    return str(row["finding_id"]).rpartition(":")[0]


def find_findings(one: Round, seeds: Seeds) -> Iterator[Row]:
    """Find the findings that follow from the answers: check, committee, question and subject."""
    for name in one.consortium:
        if name not in one.answers:
            yield _build_finding("non_return", name, committee=name)
    for name, owner in one.duplicates.items():
        yield _build_finding("duplicate_return", f"{name} = {owner}", committee=name)
    for name, answers in one.answers.items():
        for question, rating in answers.items():
            if rating is None:
                yield _build_finding(
                    "blank_rating", f"{name} question {question:02}", committee=name, question=question
                )
    for row in seeds["consortia"]:
        members = [name for name in one.answers if one.consortium[name] == row["consortium_code"]]
        if row["consortium_code"] in one.consortium.values() and len(members) < SMALL_BASE_BELOW:
            yield _build_finding("small_base", row["consortium_name"])


def _build_finding(
    check: str, subject: str, *, committee: str | None = None, question: int | None = None
) -> Row:
    return {"check_name": check, "subject": subject, "committee_id": committee, "question_no": question}


def make_findings(one: Round, seeds: Seeds, published: Iterable[Row]) -> Iterator[Row]:
    """Make `mart_data_quality`, with the published findings of the checks that are not recomputed."""
    checks = {row["check_name"]: row for row in seeds["quality_checks"]}
    decisions = {name_finding(row): row for row in seeds["decisions"]}
    own = list(find_findings(one, seeds))
    own += [
        _build_finding(
            row["check_name"], row["subject"], committee=row["committee_id"], question=row["question_no"]
        )
        for row in published
        if row["check_name"] not in FROM_ANSWERS
    ]
    for row in own:
        check = checks[row["check_name"]]
        finding = f"{row['check_name']}:{one.round_id}:{row['subject'].replace(' ', '_')}"
        decided = decisions.get(finding, {})
        undecided = "open" if check["severity"] == "stop" else "noted"
        yield row | {
            "finding": finding,
            "round_id": one.round_id,
            "check": row["check_name"],
            **{name: check[name] for name in ("title", "severity", "mended_by", "how_to_mend")},
            "finding_status": "decided" if decided else undecided,
            **{name: decided.get(name) for name in ("decision", "reason", "decided_by_role")},
            "decided_on": date.fromisoformat(decided["decided_on"]) if decided else None,
        }


def summarise_findings(one: Round, seeds: Seeds, findings: Iterable[Row]) -> Iterator[Row]:
    """Make `mart_data_quality_summary`: findings of one kind with the same decision.

    They are named as the public may know them.
    """
    checks = {row["check_name"]: row for row in seeds["quality_checks"]}
    names = {name: row["committee_name"] for name, row in list_committees(seeds, one.round_id).items()}
    groups: dict[tuple[str | None, ...], list[tuple[int, str]]] = {}
    for row in findings:
        kind = checks[row["check_name"]]["public_subject"]
        subject = {
            "question": f"question {row['question_no']}" if row["question_no"] else "",
            "committee": names.get(row["committee_id"], ""),
            "subject": row["subject"],
        }.get(kind, "")
        reason = row["reason"] if kind in ("committee", "subject") else None
        key = (row["check_name"], row["finding_status"], row["decision"], row["decided_by_role"], reason)
        groups.setdefault(key, []).append((row["question_no"] or 999, subject))
    for (check, status, decision, role, reason), subjects in groups.items():
        times = Counter(subjects)
        texts = [
            f"{text} ({times[no, text]})" if text and times[no, text] > 1 else text
            for no, text in sorted(times)
        ]
        yield {
            "round_id": one.round_id,
            "check_name": check,
            "title": checks[str(check)]["title"],
            "severity": checks[str(check)]["severity"],
            "finding_status": status,
            "findings": len(subjects),
            "subjects": ", ".join(filter(None, texts)) or None,
            "decision": decision,
            "decided_by_role": role,
            "reason": reason,
            "explanation": checks[str(check)]["protects"],
        }


def make_suppression(one: Round, seeds: Seeds, public_ranking: list[Row]) -> Iterator[Row]:
    """Make `mart_suppression`: the policy of the round, and how many counts of consortia are withheld."""
    policies = {row["round_id"]: row for row in seeds["disclosure_policy"]}
    policy = policies.get(one.round_id, policies["all"])
    has_consent, early = policy["has_consent"] == "true", policy["publishes_before_closing"] == "true"
    reopened = any(row["round_id"] == one.round_id for row in seeds["round_reopenings"])
    is_first_open = not find_round(seeds, one.round_id)["closed_on"] and not reopened
    most_rated = max(sum_ratings(counts) for counts in count_ratings(one, set(one.answers)).values())
    withheld_because = None
    if not has_consent and is_first_open and not early:
        withheld_because = "round_open"
    elif not has_consent and most_rated < int(policy["minimum_base"]):
        withheld_because = "few_returns"
    counted = [row for row in public_ranking if row["rated"] or row["suppressed_because"]]
    yield {
        "round_id": one.round_id,
        "minimum_base": int(policy["minimum_base"]),
        "protects_from_insiders": policy["protects_from_insiders"] == "true",
        "publishes_before_closing": early,
        "has_consent": has_consent,
        "ratings_withheld_because": withheld_because,
        "consortium_counts": len(COUNTED) * len(counted),
        "suppressed_counts": sum(row[rating] is None for row in counted for rating in COUNTED),
    }
