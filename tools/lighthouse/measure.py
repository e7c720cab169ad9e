"""Lighthouse on four pages of the published site, as a desktop and as a phone: `make lighthouse`.

Prints every score and what each page transfers, and ends with 1 where one is below what the site promises.
The site is served as a web host would serve it, on this machine. Performance depends on what else runs here:
a page that is too slow is measured again, up to three times in all, and its best run counts.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import typer

from dagster_project.paths import Home
from dagster_project.site import serve

PROGRAM = Path(__file__).with_name("node_modules") / "lighthouse" / "cli" / "index.js"
PAGES = ("index.html", "rankings.html", "questions/q04.html", "consortia/east.html")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PERFORMANCE = {"desktop": 98, "mobile": 95}
ELSEWHERE = 100
RUNS = 3
KILOBYTES = {"index.html": 150, "questions/q04.html": 100}
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"


def measure_page(address: str, device: str) -> dict[str, Any]:
    """Measure one page and return Lighthouse's report."""
    chromium = shutil.which("chromium")
    if chromium is None or not PROGRAM.is_file():
        sys.exit("Needs chromium, and npm ci --prefix tools/lighthouse.")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        subprocess.run(
            [
                *("node", str(PROGRAM), address, "--quiet", "--output=json", f"--output-path={report}"),
                *(f"--chrome-flags={FLAGS}", "--no-enable-error-reporting"),
                *(f"--only-categories={','.join(CATEGORIES)}",),
                *(("--preset=desktop",) if device == "desktop" else ()),
            ],
            check=True,
            env=os.environ | {"CHROME_PATH": chromium},
        )
        found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return found


def main() -> None:
    """Measure all pages and print. Exits with 1 where a figure misses its target."""
    folder = Home.from_environment().published / "site"
    if not folder.is_dir():
        sys.exit("Nothing has been published yet. Run `make run` first.")
    server = serve.create_server(folder, 0, serve.QuietHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    below = 0
    print(f"{'page':<22} {'device':<8} {'perf':>5} {'a11y':>5} {'best':>5} {'seo':>5} {'kB':>6}")
    for page in PAGES:
        for device, least in PERFORMANCE.items():
            for _ in range(RUNS):
                report = measure_page(f"http://127.0.0.1:{server.server_address[1]}/{page}", device)
                scores = [round(100 * report["categories"][one]["score"]) for one in CATEGORIES]
                if scores[0] >= least:
                    break
            kilobytes = report["audits"]["total-byte-weight"]["numericValue"] / 1000
            missed = [
                one for one, score in zip(CATEGORIES, scores, strict=True)
                if score < (least if one == "performance" else ELSEWHERE)
            ]  # fmt: skip
            if kilobytes > KILOBYTES.get(page, kilobytes):
                missed.append("weight")
            shown = " ".join(f"{score:>5}" for score in scores)
            print(f"{page:<22} {device:<8} {shown} {kilobytes:>6.1f}  {', '.join(missed)}", flush=True)
            for category in missed:
                for reference in report["categories"].get(category, {"auditRefs": []})["auditRefs"]:
                    audit = report["audits"][reference["id"]]
                    if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                        print(f"    {audit['id']}: {audit.get('displayValue') or audit['title']}")
            below += len(missed)
    server.shutdown()
    raise typer.Exit(below > 0)


if __name__ == "__main__":
    typer.run(main)
