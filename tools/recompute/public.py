"""The public form of tables. Which figures are withheld is a choice: it is read from the published rows."""

from collections.abc import Iterable

from tools.recompute.changes import Comparison, make_consortium_changes
from tools.recompute.marts import Row, make_consortium_ranking
from tools.recompute.round import Round
from tools.recompute.seeds import Seeds

Tables = dict[str, list[Row]]
RANKING = "mart_consortium_ranking_public"


def make_public(one: Round, seeds: Seeds, own: Tables, published: Tables, two: Comparison | None) -> Tables:
    """Make the public form of each table that has one; `published` are the rows of both rounds."""
    withheld = frozenset(
        (row["round_id"], row["consortium_code"], row["question_no"])
        for row in published[RANKING]
        if row["suppressed_because"]
    )
    of_round = frozenset((code, question) for name, code, question in withheld if name == one.round_id)
    codes = [row["consortium_code"] for row in seeds["consortia"]]
    suppressed = {
        row["question_no"] for row in published["mart_round_change_public"] if row["suppressed_because"]
    }
    changes = [
        row | {"is_withheld": row["is_withheld"] or row["question_no"] in suppressed}
        for row in own["mart_round_change"]
    ]
    shown = {row["question_no"] for row in changes if not row["is_withheld"]}
    special: dict[str, Iterable[Row]] = {
        RANKING: make_consortium_ranking(one, codes, of_round),
        "mart_round_change_public": changes,
        "mart_rating_flow_public": [row for row in own["mart_rating_flow"] if row["question_no"] in shown],
        "mart_consortium_change_public": make_consortium_changes(two, withheld) if two else [],
    }
    found = {}
    for table, rows in published.items():
        columns = set(rows[0]) if rows else set()
        recomputed = special.get(table, own.get(table.removesuffix("_public"), []))
        found[table] = [
            {name: value for name, value in row.items() if not columns or name in columns}
            for row in recomputed
        ]
    return found
