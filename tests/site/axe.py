"""Checks a page with axe in several settings, and repeats in each only the rules that can find something new.

If another scheme only changes colours, only the rules on colours are repeated, and only if text has a combination of
styles that has not passed in that scheme yet: contrast depends on a few style values alone.
"""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import CDPSession, Page

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
SCHEMES = ("default", "slate")
WIDE, NARROW = 1280, 320
# A page enlarged to 200% in a window of 1280 pixels has a viewport of 640 CSS pixels.
ZOOMED = 640
SETTINGS = [("default", WIDE), ("slate", WIDE), ("slate", NARROW), ("default", NARROW)]
ON_COLOURS = ["color-contrast", "link-in-text-block"]
RUN_AXE = """(options = {}) => axe.run(document, {resultTypes: ["violations"], preload: false, ...options}).then(
    found => found.violations.flatMap(rule => rule.nodes.map(node => [rule.id, node.html])))"""

READ_STYLES = """async (scheme) => {
    const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    // The theme changes its scheme when the media change.
    await drawn();
    document.body.dataset.mdColorScheme = scheme;
    await drawn();
    const behind = new WeakMap();
    const background = (e) => {
        if (!e) return "";
        if (!behind.has(e)) {
            const s = getComputedStyle(e);
            const own = [s.backgroundColor, s.backgroundImage, s.opacity, s.filter, s.mixBlendMode].join(" ");
            behind.set(e, background(e.parentElement) + (own === NOTHING ? "" : `${own} > `));
        }
        return behind.get(e);
    };
    const letters = (e) => {
        const s = getComputedStyle(e);
        // Large text needs less contrast.
        const isLarge = parseFloat(s.fontSize) >= (s.fontWeight >= 700 ? 18 : 24);
        const ofLink = [s.fontWeight, s.fontStyle, s.textDecorationLine, s.borderBottom];
        return [s.color, s.textShadow, isLarge, ...(e.closest("a") ? ofLink : [])].join(" ");
    };
    const NOTHING = "rgba(0, 0, 0, 0) none 1 none normal";
    const says = (e) => e.matches("input, select, textarea")
        || [...e.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
    const isSeen = (e) => e.checkVisibility({visibilityProperty: true, opacityProperty: true});
    const all = [...document.body.querySelectorAll("*")];
    const looks = all.filter((e) => says(e) && isSeen(e)).map((e) =>
        `${letters(e)} ${e.localName === "a" ? letters(e.parentElement) : ""} on ${background(e)}`);
    const boxes = all.map((e) => {
        const box = e.getBoundingClientRect();
        return [isSeen(e), box.x, box.y, box.width, box.height].join(" ");
    });
    const shown = [document.body.dataset.mdColorScheme, innerWidth, devicePixelRatio];
    return [shown, [...new Set(looks)], boxes.join(), document.documentElement.scrollWidth];
}"""
"""Returns the setting, each combination of text styles once, the boxes of all elements, and the page's width."""


@dataclass
class AxeChecker:
    """Checks pages in one browser. `known` are combinations of text styles that have passed, by scheme."""

    page: Page
    client: CDPSession
    known: dict[str, set[str]]
    _boxes: dict[int, str] = field(default_factory=dict)

    def open(self, address: str) -> None:
        """Load a page. Its first setting is checked with all rules."""
        self.page.goto(address)
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        self._boxes.clear()

    def check(self, scheme: str, width: int) -> list[tuple[str, str]]:
        """Return violations in a setting: rules, and the elements that break them."""
        scale = WIDE // width if width == ZOOMED else 1
        # Pages without the theme follow the system only.
        self.page.emulate_media(color_scheme="dark" if scheme == "slate" else "light")
        size = {"width": width, "height": 900 // scale, "deviceScaleFactor": scale, "mobile": False}
        self.client.send("Emulation.setDeviceMetricsOverride", size)
        shown, looks, boxes, scrolled = self.page.evaluate(READ_STYLES, scheme)
        assert shown == [scheme, width, scale]
        is_new = not self._boxes or not self.known[scheme].issuperset(looks)
        is_moved = self._boxes.get(width) != boxes
        self._boxes[width] = boxes
        found = []
        if is_moved:
            without = {} if is_new else {"rules": {rule: {"enabled": False} for rule in ON_COLOURS}}
            found = self.page.evaluate(RUN_AXE, without)
        elif is_new:
            found = self.page.evaluate(RUN_AXE, {"runOnly": {"type": "rule", "values": ON_COLOURS}})
        if not found:
            self.known[scheme].update(looks)
        return [*found, *([("scrolls sideways", "")] if scrolled > width else [])]
