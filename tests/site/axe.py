"""Looks at a page with axe in one setting after another, and asks in each only what can be new there.

Another scheme shows other colours in the same places: where that is so, only rules on colours can find more. And
they can only where letters look as none have that passed in this scheme: contrast comes of a few values alone.
"""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import CDPSession, Page

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
SCHEMES = ("default", "slate")
WIDE, NARROW = 1280, 320
# A window of 1280 pixels whose page is enlarged to 200 % has room for 640, each drawn with two.
ZOOMED = 640
SETTINGS = [("default", WIDE), ("slate", WIDE), ("slate", NARROW), ("default", NARROW)]
ON_COLOURS = ["color-contrast", "link-in-text-block"]
RUN_AXE = """(options = {}) => axe.run(document, {resultTypes: ["violations"], preload: false, ...options}).then(
    found => found.violations.flatMap(rule => rule.nodes.map(node => [rule.id, node.html])))"""

LOOK = """async (scheme) => {
    const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    // The theme answers the new media with a scheme of its own choice.
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
        // From this size on less contrast is enough.
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
"""What is shown; how letters look and on what, each way once; where everything is; and how wide the page is."""


@dataclass
class Looker:
    """Looks at pages in one browser. `known` are the looks of letters that have passed, by scheme."""

    page: Page
    client: CDPSession
    known: dict[str, set[str]]
    _boxes: dict[int, str] = field(default_factory=dict)

    def open(self, address: str) -> None:
        """Load a page. In its first setting it is looked at with all rules."""
        self.page.goto(address)
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        self._boxes.clear()

    def found(self, scheme: str, width: int) -> list[tuple[str, str]]:
        """What is wrong in a setting: rules, and the elements that break them."""
        scale = WIDE // width if width == ZOOMED else 1
        # Pages beside the theme's follow the reader's system alone.
        self.page.emulate_media(color_scheme="dark" if scheme == "slate" else "light")
        size = {"width": width, "height": 900 // scale, "deviceScaleFactor": scale, "mobile": False}
        self.client.send("Emulation.setDeviceMetricsOverride", size)
        shown, looks, boxes, scrolled = self.page.evaluate(LOOK, scheme)
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
