"""Raw tables as assets, one partition a round."""

from collections.abc import Iterator

import dagster as dg

from dagster_project.home.inputs import READ, mark
from dagster_project.intake.template import load_template
from dagster_project.paths import Home
from dagster_project.raw.database import open_build
from dagster_project.raw.landing import Landed, land_round
from dagster_project.raw.tables import COMMENTS
from dagster_project.resources import OWNERS, WriterLock
from dagster_project.seeds import load_rounds

ROUNDS = dg.StaticPartitionsDefinition([round_.round_id for round_ in load_rounds(Home.current().seeds)])


@dg.multi_asset(
    name="returned_files",
    group_name="raw",
    partitions_def=ROUNDS,
    # Several rounds are read in one run: the rest of the graph holds all of them.
    backfill_policy=dg.BackfillPolicy.single_run(),
    specs=[
        dg.AssetSpec(["raw", table], description=description, kinds={"duckdb", "python"}, owners=OWNERS)
        for table, description in COMMENTS.items()
    ],
)
def returned_files(
    context: dg.AssetExecutionContext, writer_lock: WriterLock
) -> Iterator[dg.MaterializeResult[None]]:
    """Read every file of the rounds' folders; files that have not changed are not parsed again."""
    home = writer_lock.home
    mark(home, READ)
    questions = {round_.round_id: round_.question_set for round_ in load_rounds(home.seeds)}
    landed: list[Landed] = []
    with open_build(home.build_database) as connection:
        for round_id in context.partition_keys:
            template = load_template(home.seeds, questions[round_id])
            folder = home.returns / round_id
            landed.append(land_round(connection, folder, round_id, template, spool_folder=home.spool))
            context.log.info("Round %s: %s", round_id, landed[-1])
    shared = {
        name: sum(getattr(one, name) for one in landed)
        for name in ("files", "read", "rejected", "ignored", "parsed", "answers", "problems")
    }
    for table, rows in (("return_file", "files"), ("answer", "answers"), ("problem", "problems")):
        yield dg.MaterializeResult(["raw", table], metadata={"dagster/row_count": shared[rows], **shared})
