"""Letters that symbol fonts draw as ticks, crosses and boxes."""

from collections.abc import Mapping

UNTICKED, TICKED, TICK, CROSS = "☐", "☒", "✓", "✗"

_SYMBOLS: Mapping[str, Mapping[int, str]] = {
    "wingdings": {
        **dict.fromkeys((0x6F, 0x71, 0xA8), UNTICKED),
        **dict.fromkeys((0x78, 0xFD, 0xFE), TICKED),
        0xFB: CROSS,
        0xFC: TICK,
    },
    "wingdings 2": {
        **dict.fromkeys((0x2A, 0xA3), UNTICKED),
        **dict.fromkeys((0x51, 0x52, 0x53, 0x54), TICKED),
        0x4F: CROSS,
        0x50: TICK,
    },
    "webdings": {0x63: UNTICKED, 0x61: TICK, 0x72: CROSS},
}
"""Character by code, by font. Office stores the codes also shifted by 0xF000."""


def is_symbol_font(font: str) -> bool:
    """Return whether a font draws symbols instead of letters."""
    return font.strip().casefold() in _SYMBOLS


def read_symbol(code: int, font: str) -> str:
    """Read the character that a font draws for a code; a replacement character for one that is not a mark."""
    return _SYMBOLS.get(font.strip().casefold(), {}).get(
        code - 0xF000 if code >= 0xF000 else code, "\N{REPLACEMENT CHARACTER}"
    )


def read_symbols(text: str, font: str) -> str:
    """Read a text as a symbol font draws it; text in any other font as it is."""
    if not is_symbol_font(font):
        return text
    return "".join(
        character if character.isspace() else read_symbol(ord(character), font) for character in text
    )
