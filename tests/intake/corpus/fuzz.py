"""Real returns with bytes and XML flipped: `python -m tests.intake.corpus.fuzz --files 5000`, or `make fuzz`."""

import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from dagster_project.intake.template import load_template
from dagster_project.paths import REPOSITORY
from dagster_project.raw.landing import Landed, land_round
from tests.intake.corpus.base import SEEDS, base, packed, parts_of
from tests.intake.corpus.layouts import ods
from tests.intake.corpus.others import long_rows, sheets, text

BATCH = 250


def originals() -> list[tuple[str, bytes]]:
    """Real returns of the sample round, and one of each further format."""
    folder = REPOSITORY / "warehouse" / "returns" / "2016"
    found = [(path.suffix, path.read_bytes()) for path in sorted(folder.iterdir()) if path.suffix != ".md"]
    return [*found, (".xlsm", base(".xlsx")), (".ods", ods(sheets())), (".csv", text(long_rows()).encode())]


def mutated(content: bytes, suffix: str, chance: random.Random) -> bytes:
    """The file with something wrong in its bytes, or in the XML of one of its parts."""
    if suffix == ".csv" or chance.random() < 0.4:
        return _flipped(content, chance)
    parts = parts_of(content)
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    name = chance.choice(names)
    change = chance.choice([_flipped, _without_a_tag, _with_a_tag_twice, _with_another_number])
    return packed(parts | {name: change(parts[name], chance)})


def _flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 8, 64])):
        if changed:
            place = chance.randrange(len(changed))
            kind = chance.random()
            if kind < 0.6:
                changed[place] = chance.randrange(256)
            elif kind < 0.8:
                del changed[place : place + chance.randrange(1, 40)]
            else:
                changed[place:place] = changed[place : place + chance.randrange(1, 40)]
    return bytes(changed)


def _tag(content: bytes, chance: random.Random) -> re.Match[bytes] | None:
    tags = list(re.finditer(rb"<[^<>]+>", content))
    return chance.choice(tags) if tags else None


def _without_a_tag(content: bytes, chance: random.Random) -> bytes:
    tag = _tag(content, chance)
    return content[: tag.start()] + content[tag.end() :] if tag else content


def _with_a_tag_twice(content: bytes, chance: random.Random) -> bytes:
    tag = _tag(content, chance)
    return (
        content[: tag.end()] + tag[0] * chance.choice([1, 3, 1000]) + content[tag.end() :] if tag else content
    )


def _with_another_number(content: bytes, chance: random.Random) -> bytes:
    numbers = list(re.finditer(rb"\d+", content))
    if not numbers:
        return content
    number = chance.choice(numbers)
    other = chance.choice([b"0", b"-1", b"4294967296", b"99999999999999999999", b"1048576", b"NaN"])
    return content[: number.start()] + other + content[number.end() :]


def fuzz(files: int, seed: int) -> Iterator[tuple[Landed, Counter[str]]]:
    """Load folders of 250 mutated files. Yields the counts of each folder and of its problem codes.

    No mutated file may raise an exception.
    """
    chance = random.Random(seed)
    found = originals()
    template = load_template(SEEDS, "cse-2016")
    for start in range(0, files, BATCH):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "2016"
            folder.mkdir()
            for number in range(start, min(start + BATCH, files)):
                suffix, content = chance.choice(found)
                (folder / f"{number:06}{suffix}").write_bytes(mutated(content, suffix, chance))
            with duckdb.connect() as connection:
                landed = land_round(connection, folder, "2016", template, processes=2)
                codes = connection.execute("select code, count(*) from raw.problem group by code").fetchall()
        yield landed, Counter(dict(codes))


def main(
    files: Annotated[int, typer.Option(help="Number of files.")] = 5_000,
    seed: Annotated[int, typer.Option(help="Seed of the changes.")] = 1,
) -> None:
    """Count the files that are read and rejected, and their problems. Exits with 1 if a file is neither."""
    total: Counter[str] = Counter()
    seen = read = rejected = 0
    for landed, codes in fuzz(files, seed):
        seen, read, rejected = seen + landed.files, read + landed.read, rejected + landed.rejected
        total += codes
        typer.echo(f"{seen} of {files} files", err=True)
    unaccounted = files - read - rejected
    typer.echo(f"{files} files: {read} read, {rejected} rejected, {unaccounted} unaccounted")
    for code, count in total.most_common():
        typer.echo(f"{count:8} {code}")
    raise typer.Exit(unaccounted > 0)


if __name__ == "__main__":
    typer.run(main)
