"""Reference data that changes from round to round: a row counts from its `from_round` until the next of its key."""

from tools.recompute.seeds import CsvRow, Seeds


def list_rounds(seeds: Seeds) -> list[str]:
    """List the rounds in the order of their fieldwork."""
    rows = sorted(seeds["rounds"], key=lambda row: (row["fieldwork_start"], row["round_id"]))
    return [row["round_id"] for row in rows]


def find_previous(seeds: Seeds, round_id: str) -> str | None:
    """Find the round before; None for the first one."""
    rounds = list_rounds(seeds)
    return rounds[rounds.index(round_id) - 1] if rounds[0] != round_id else None


def list_versions(seeds: Seeds, name: str, key: str, round_id: str) -> dict[str, CsvRow]:
    """List the rows of a file that count in a round, by key."""
    rounds = ["", *list_rounds(seeds)]
    past = rounds[: rounds.index(round_id) + 1]
    rows = [row for row in seeds[name] if row["from_round"] in past]
    return {row[key]: row for row in sorted(rows, key=lambda row: rounds.index(row["from_round"]))}


def list_committees(seeds: Seeds, round_id: str) -> dict[str, CsvRow]:
    """List the committees of a round by id, without those that others succeeded."""
    rounds = ["", *list_rounds(seeds)]
    found = {}
    for name, row in list_versions(seeds, "committees", "committee_id", round_id).items():
        since = rounds[rounds.index(row["from_round"]) + 1 : rounds.index(round_id) + 1]
        successors = [list_links(seeds, one, "from_committee_id", name) for one in since]
        if all(name in own for own in successors if own):
            found[name] = row
    return found


def list_predecessors(seeds: Seeds, round_id: str, previous: str) -> dict[str, list[str]]:
    """List the committees of the round before that each committee continues.

    It continues those that it succeeded, or itself.
    """
    before = list_committees(seeds, previous)
    return {
        name: list_links(seeds, round_id, "to_committee_id", name) or [name] * (name in before)
        for name in list_committees(seeds, round_id)
    }


def list_links(seeds: Seeds, round_id: str, side: str, name: str) -> list[str]:
    """List the committees on the other side of the successions of a round."""
    other = {"from_committee_id": "to_committee_id", "to_committee_id": "from_committee_id"}[side]
    return [
        row[other]
        for row in seeds["committee_successions"]
        if (row["round_id"], row[side]) == (round_id, name)
    ]


def list_authorities(seeds: Seeds, round_id: str) -> dict[str, str]:
    """List the committee of each local authority in a round."""
    found = list_versions(seeds, "local_authorities", "local_authority_name", round_id)
    return {name: row["committee_id"] for name, row in found.items()}
