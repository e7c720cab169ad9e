"""Read the returns of the sample and the reference data, as plainly as their layout allows.

Other layouts are the business of the warehouse's readers: here, each question is a row of four cells (number, question,
rating, comment), and the cover has the committee's name next to "Child Protection Committee".
"""

import re
import zipfile
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook

from tools.recompute.history import list_committees
from tools.recompute.round import Round
from tools.recompute.seeds import Seeds

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NOT_CHOSEN = "choose a rating"
ESTIMATE = re.compile(r"blank_rating:(?P<round>\w+):(?P<committee>[\w-]+)_question_(?P<question>\d+):")

Cells = list[str]
Answers = dict[int, tuple[str | None, str]]


def read_cells(path: Path) -> list[Cells]:
    """Read the rows of all sheets of a workbook, or of all tables of a document."""
    if path.suffix == ".xlsx":
        book = CalamineWorkbook.from_path(path)
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        return [[str(cell).strip() for cell in row] for sheet in sheets for row in sheet]
    with zipfile.ZipFile(path) as archive:
        document = ElementTree.fromstring(archive.read("word/document.xml"))  # noqa: S314 - the sample's own files
    return [
        ["".join(text.text or "" for text in cell.iter(f"{WORD}t")).strip() for cell in row.iter(f"{WORD}tc")]
        for row in document.iter(f"{WORD}tr")
    ]


def read_date(text: str) -> date | None:
    """Read the date on a cover, as workbooks store it or as the template of Word has it."""
    if not text:
        return None
    return date.fromisoformat(text[:10]) if text[:4].isdigit() else datetime.strptime(text, "%d %B %Y").date()


def read_return(path: Path, words: dict[str, str]) -> tuple[str, date | None, Answers]:
    """Read the committee's name, the date, and each question's rating (or None) and comment."""
    name, day, answers = "", None, {}
    for cells in read_cells(path):
        if cells[0] == "Child Protection Committee":
            name = cells[1]
        elif cells[0] == "Date completed":
            day = read_date(cells[1])
        elif len(cells) >= 4 and (number := re.fullmatch(r"(\d+)(\.0)?", cells[0])):
            typed = cells[2].lower().strip()
            rating = None if typed in ("", NOT_CHOSEN) else words[typed]
            answers[int(number[1])] = (rating, " ".join(cells[3].split()))
    return name, day, answers


def read_round(home: Path, round_id: str, seeds: Seeds) -> Round:
    """Read a round's returns, invitations and recorded estimates."""
    words = {row["word"]: row["rating"] for row in seeds["rating_words"]}
    names = {row["committee_name"]: row["committee_id"] for row in seeds["committees"]}
    names |= {row["alias"]: row["committee_id"] for row in seeds["committee_aliases"]}
    consortium = {name: row["consortium_code"] for name, row in list_committees(seeds, round_id).items()}
    invited = [row["committee_id"] for row in seeds["invitations"] if row["round_id"] == round_id]
    found: dict[str, Answers] = {}
    received: dict[str, date | None] = {}
    files = {}
    for path in sorted((home / "warehouse" / "returns" / round_id).iterdir()):
        if path.suffix in (".xlsx", ".docx"):
            name, day, answers = read_return(path, words)
            found[names[name]], received[names[name]] = answers, day
            files[names[name]] = (path.name, sha256(path.read_bytes()).hexdigest())
    estimates = {}
    for row in seeds["decisions"]:
        match = ESTIMATE.match(row["finding_id"])
        if match and match["round"] == round_id and row["decision"] == "estimate":
            estimates[match["committee"], int(match["question"])] = row["estimated_rating"]
    # In the sample, the return of the committee that comes first in the alphabet is the original.
    first: dict[tuple[tuple[int, tuple[str | None, str]], ...], str] = {}
    owners = {name: first.setdefault(tuple(sorted(found[name].items())), name) for name in sorted(found)}
    return Round(
        round_id,
        max(map(len, found.values())),
        {name: consortium[name] for name in invited},
        {name: {q: rating for q, (rating, _) in answers.items()} for name, answers in found.items()},
        duplicates={name: owner for name, owner in owners.items() if owner != name},
        estimates=estimates,
        has_claims=any(row["round_id"] == round_id for row in seeds["claims"]),
        comments=frozenset(
            (name, q) for name, answers in found.items() for q, (_, text) in answers.items() if text
        ),
        received=received,
        files=files,
    )
