"""The browser of the site's tests: Debian's Chromium, and axe-core (`npm ci --prefix tests/site`) within it.

Without them the tests are skipped, unless REQUIRE_BROWSER is set.
"""

import os
import shutil

import pytest

from tests.site.axe import AXE

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

needs_browser = pytest.mark.skipif(
    not os.environ.get("REQUIRE_BROWSER") and (CHROMIUM is None or not AXE.is_file()),
    reason="needs chromium, and npm ci --prefix tests/site",
)
