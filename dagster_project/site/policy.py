"""The content security policy of every finished page: nothing from anywhere but the site itself.

A static host sends no headers of ours, so the policy is a `<meta>` in each page. The theme's few inline
scripts differ between folders (each knows its own base path): each page lists the hashes of its own.

The page with SQL may also run WebAssembly, in a worker made of a blob: such a worker is under this policy,
whereas one that is loaded from an address would be under none.
"""

import base64
import hashlib
import re
from pathlib import Path

from dagster_project.site.sql_page import PAGE

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
_CHARSET = re.compile(r'<meta charset="?utf-8"?>')
_FIXED = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "img-src 'self' data:; style-src 'self' 'unsafe-inline'; worker-src 'self'; script-src 'self'"
)
_WITH_ENGINE = _FIXED.replace("connect-src 'self'", "connect-src 'self' blob:").replace(
    "worker-src 'self'; script-src 'self'", "worker-src 'self' blob:; script-src 'self' 'wasm-unsafe-eval'"
)


def write_policies(site: Path) -> int:
    """Put the policy into every HTML page under `site`; returns how many there are."""
    pages = sorted(site.rglob("*.html"))
    for path in pages:
        text = path.read_text(encoding="utf-8")
        codes = [m["code"] for m in _SCRIPT.finditer(text) if "src=" not in m["attributes"]]
        hashes = sorted({base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in codes})
        fixed = _WITH_ENGINE if path == site / PAGE else _FIXED
        content = fixed + "".join(f" 'sha256-{value}'" for value in hashes)
        meta = f'<meta http-equiv="Content-Security-Policy" content="{content}">'
        path.write_text(_CHARSET.sub(lambda m: f"{m[0]}{meta}", text, count=1), encoding="utf-8")  # noqa: B023
    return len(pages)
