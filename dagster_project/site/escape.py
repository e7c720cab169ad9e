"""Make text from data inert wherever a page puts it: in HTML, in an attribute, in Markdown.

Python-Markdown passes scripts, event handlers and `javascript:` links through, so typed text is never
left to it: every character that could mean something to HTML, Markdown or a template becomes a numeric
character reference, which all of them print and none of them obeys.
"""

import re

# Everything but letters, digits and a few signs; to a pattern, the underscore is a letter.
_ACTIVE = re.compile(r"[^\w ,;?%£]|_")
# Signs that turn the direction of writing would also turn what a page says around the text.
_SPACE = re.compile(r"[\s\u202a-\u202e\u2066-\u2069]+")


def inert(text: str) -> str:
    """`text` on one line, with everything but letters, digits and a few signs as character references."""
    one_line = _SPACE.sub(" ", text).strip()
    return _ACTIVE.sub(lambda found: f"&#{ord(found[0])};", one_line)
