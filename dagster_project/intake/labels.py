"""Labels that writers print on the template and readers search for."""

from collections.abc import Mapping

COVER_SHEET = "Cover"
QUESTIONNAIRE_SHEET = "Questionnaire"

COMMITTEE = "Child Protection Committee"
DATE_COMPLETED = "Date completed"
ROUND = "Round"
TEMPLATE_VERSION = "Template version"

NUMBER = "No."
QUESTION = "Question"
RATING = "Rating"
COMMENT = "Comment"

RATING_PROMPT = "Choose a rating"
"""Text of a drop-down list without a chosen rating."""

PROMPTS = frozenset(
    {
        "choose a rating",
        "choose an item",
        "click here to enter text",
        "click or tap here to enter text",
        "click or tap to enter a date",
        "please choose",
        "please select",
        "select",
        "select an item",
    }
)
"""Keys of such texts: the template's, and those that Word and other forms show where nothing was chosen or typed."""

COVER_LABELS: Mapping[str, str] = {
    "child protection committee": COMMITTEE,
    "name of child protection committee": COMMITTEE,
    "committee": COMMITTEE,
    "name of committee": COMMITTEE,
    "committee name": COMMITTEE,
    "cpc": COMMITTEE,
    "date completed": DATE_COMPLETED,
    "date of completion": DATE_COMPLETED,
    "completed on": DATE_COMPLETED,
    "round": ROUND,
    "template version": TEMPLATE_VERSION,
}
"""Label of the cover by key of a typed label."""

SYNONYMS = frozenset(name for name, label in COVER_LABELS.items() if name != label.casefold())
"""Keys of labels that are not the template's own."""
