"""Raw tables as assets, one partition per round, and the check that every round is loaded."""

from collections.abc import Iterator

import dagster as dg

from dagster_project.home.entries import list_entries
from dagster_project.home.fingerprints import hash_round, is_loaded, is_up_to_date, store_round
from dagster_project.intake.folder import is_ignored
from dagster_project.intake.template import load_template
from dagster_project.paths import Home
from dagster_project.raw.arrivals import hash_listing
from dagster_project.raw.database import open_build
from dagster_project.raw.landing import land_round
from dagster_project.raw.purged import land_purged, list_purged
from dagster_project.raw.tables import COMMENTS, OF_FILES
from dagster_project.resources import OWNERS, RESTRICTED, WriterLock, retry_while_locked
from dagster_project.seeds import load_rounds

PARTITIONS = "rounds"

ROUNDS = dg.DynamicPartitionsDefinition(name=PARTITIONS)
"""Rounds of the registry. `selfeval run` and the sensor add new ones."""

PUBLISHED_RETURN = dg.AssetKey(["raw", "published_return"])

ROW_COUNTS = {"return_file": "files", "answer": "answers", "problem": "problems"}


@dg.multi_asset(
    name="returned_files",
    group_name="raw",
    partitions_def=ROUNDS,
    # A backfill of several rounds is one run: the runs would wait for each other.
    backfill_policy=dg.BackfillPolicy.single_run(),
    specs=[
        dg.AssetSpec(
            ["raw", table],
            # Not read: a backfill of several rounds copies the baseline first, and builds the rest in one last run.
            deps=[PUBLISHED_RETURN],
            description=f"{COMMENTS[table]} The three tables of a round are loaded together.",
            kinds={"duckdb", "python"},
            owners=OWNERS,
            tags=RESTRICTED,
        )
        for table in OF_FILES
    ],
)
def returned_files(
    context: dg.AssetExecutionContext, writer_lock: WriterLock
) -> Iterator[dg.MaterializeResult[None]]:
    """Read every file in the folders of the rounds. Files that have not changed are not parsed again."""
    home = writer_lock.home
    question_sets = {one.round_id: one.question_set for one in load_rounds(home.seeds)}
    totals: dict[str, int] = {}
    for round_id in context.partition_keys:
        if round_id not in question_sets:
            raise dg.Failure(f"There is no round '{round_id}' in {home.seeds / 'rounds.csv'}.")
        inputs = hash_round(home, round_id)
        template = load_template(home.seeds, question_sets[round_id])
        with retry_while_locked(), open_build(home.build_database) as connection:
            if round_id in list_purged(home):
                _refuse_returns(home, round_id)
                landed = land_purged(connection, home.purged / round_id, round_id)
            else:
                landed = land_round(
                    connection, home.returns / round_id, round_id, template, spool_folder=home.spool
                )
        store_round(home, round_id, inputs)
        context.log.info("Round %s: %s", round_id, landed)
        for name in ("files", "read", "rejected", "ignored", "parsed", "answers", "problems"):
            totals[name] = totals.get(name, 0) + getattr(landed, name)
    for table, count in ROW_COUNTS.items():
        yield dg.MaterializeResult(["raw", table], metadata={"dagster/row_count": totals[count], **totals})


def _refuse_returns(home: Home, round_id: str) -> None:
    if any(not is_ignored(path) for path in list_entries(home.returns / round_id)):
        raise dg.Failure(
            f"The returns of round {round_id} were purged: no other return can be counted with them. "
            f"Move the files out of {home.returns / round_id}."
        )


@dg.asset_check(
    asset=["raw", "return_file"],
    blocking=True,
    description="The raw tables contain the returns of every round of the registry that are in its folder now.",
)
def rounds_loaded(writer_lock: WriterLock) -> dg.AssetCheckResult:
    """Fail if a round with returns was never loaded. Warn if files have changed since."""
    home = writer_lock.home
    rounds = [one.round_id for one in load_rounds(home.seeds)]
    loaded = [one for one in rounds if is_loaded(home, one)]
    missing = [one for one in rounds if one not in loaded and hash_listing(home.returns / one)]
    changed = [one for one in loaded if not is_up_to_date(home, one)]
    messages = [
        f"Round {one} is not loaded. Load its partition of the raw tables, or run the whole job: `selfeval run`."
        for one in missing
    ] + [
        f"Files of round {one} have changed since they were loaded. The next run reads them."
        for one in changed
    ]
    return dg.AssetCheckResult(
        passed=not messages,
        severity=dg.AssetCheckSeverity.ERROR if missing else dg.AssetCheckSeverity.WARN,
        description=" ".join(messages) or f"Rounds that are loaded: {', '.join(loaded)}.",
    )
