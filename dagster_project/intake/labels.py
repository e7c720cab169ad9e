"""Words printed on the template, by which the readers find their way. Writers and readers share them."""

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
"""What a drop-down list of ratings shows before one is chosen."""

PROMPTS = frozenset({"choose a rating", "choose an item"})
"""Keys of what such lists show: ours, and the one that Word puts there when a choice is taken back."""

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
"""Labels of the cover by the keys under which people leave them."""

SYNONYMS = frozenset(name for name, label in COVER_LABELS.items() if name != label.casefold())
"""Labels of the cover that are not the template's own."""
