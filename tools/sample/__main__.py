"""Command line of the generator: `python -m tools.sample --help`."""

from pathlib import Path
from typing import Annotated

import typer

from tools.sample.round import make_round
from tools.sample.write import CODES_FILE, ESTIMATES, write_codes, write_estimates, write_returns


def main(
    seed: Annotated[
        int, typer.Option(help="Number that decides all choices; the same one gives the same files.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for the returns; earlier returns in it are replaced.")],
    seeds: Annotated[Path, typer.Option(help="Folder of the reference data.")] = Path("dbt/seeds"),
    round_id: Annotated[str, typer.Option(help="Round whose claims the ratings must meet.")] = "2016",
    estimates: Annotated[Path, typer.Option(help="File for the estimates of blank ratings.")] = ESTIMATES,
    codes: Annotated[
        Path | None,
        typer.Option(help=f"File for the codes of comments; by default {CODES_FILE} of the seeds."),
    ] = None,
) -> None:
    """Invent a round of returns that meets every published figure of the report, and write its files."""
    sample = make_round(seeds, round_id, seed)
    written = write_returns(sample, out)
    write_estimates(sample, estimates)
    target = codes or seeds / CODES_FILE
    coded = write_codes(sample, seeds, target)
    typer.echo(
        f"{len(written)} returns in {out}, {len(sample.ratings.blank)} estimates in {estimates}, "
        f"{coded} coded comments in {target}"
    )


if __name__ == "__main__":
    typer.run(main)
