"""A round of real returns: no public file says that its returns are made up."""

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from dagster_project.paths import Home
from dagster_project.release.candidate import get_candidate_folder
from dagster_project.site.build import build_site
from tests.rounds.situations import REAL, SITUATIONS, decide_blanks
from tools.rounds.trial import try_round

WORDS = re.compile(r"\b(invented|illustrative)\b", re.IGNORECASE)
TEXTS = {".html", ".md", ".json", ".csv", ".txt", ".xml", ".yml"}


def _read_texts(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix in TEXTS:
            yield name, path.read_text(encoding="utf-8")
        elif path.suffix in (".xlsx", ".zip"):
            with zipfile.ZipFile(path) as archive:
                for part in archive.namelist():
                    if Path(part).suffix in TEXTS:
                        yield f"{name}/{part}", archive.read(part).decode()


def test_no_public_file_of_a_real_round_says_that_its_returns_are_invented(tmp_path: Path) -> None:
    outcome = try_round(SITUATIONS[REAL], tmp_path / "home", decide=decide_blanks)
    assert outcome.published, outcome
    candidate = get_candidate_folder(Home(tmp_path / "home"))
    build_site(release=candidate, output=tmp_path / "site", releases=tmp_path / "releases")
    texts = {
        f"{folder.name}/{name}": text
        for folder in (candidate, tmp_path / "site")
        for name, text in _read_texts(folder)
    }
    assert len(texts) > 100
    found = [name for name, text in texts.items() if WORDS.search(html.unescape(text.replace("<wbr>", "")))]
    assert found == []
    # Pages about the report of 2017 need its round.
    assert (tmp_path / "site" / "rankings.html").exists()
    assert not (tmp_path / "site" / "report.html").exists()
    # Sentences about consortia without a return, and about estimates where nothing was blank, would be untrue.
    method, robustness = (" ".join(texts[f"site/{page}.html"].split()) for page in ("method", "robustness"))
    assert "has only 3 returns" in method and "only no returns" not in method
    assert "No rating was left blank, so that" in robustness and "matter too" not in robustness
