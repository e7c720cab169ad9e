"""What can be wrong with a returned file, as values: a bad file is a row in a table, not an exception."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["reject_return", "reject_answer", "inform"]


@dataclass(frozen=True)
class Kind:
    """A kind of problem: how bad it is and what its reader can do about it."""

    code: str
    severity: Severity
    remedy: str


@dataclass(frozen=True)
class Problem:
    """One problem at one place. `sheet` and `cell` are empty where the whole file is meant."""

    kind: Kind
    message: str
    sheet: str = ""
    cell: str = ""


UNKNOWN_FORMAT = Kind(
    "unknown_format", "reject_return", "Save the return as .xlsx or .docx and send it again."
)
UNREADABLE_FILE = Kind(
    "unreadable_file", "reject_return", "Open the file, save it anew under the same name, and send it again."
)
UNSAFE_FILE = Kind("unsafe_file", "reject_return", "Copy the answers into a fresh template and send that.")
NO_QUESTIONS = Kind(
    "no_questions",
    "reject_return",
    "Copy the answers into a fresh template: its table has the columns No., Question, Rating and Comment.",
)
NO_COMMITTEE = Kind(
    "no_committee",
    "reject_return",
    "Write the committee's name beside 'Child Protection Committee' on the cover.",
)
UNKNOWN_QUESTION = Kind(
    "unknown_question", "reject_answer", "Correct the question's number to one of the template's."
)
REPEATED_QUESTION = Kind(
    "repeated_question", "reject_answer", "Leave one row for the question and delete the other."
)
MISSING_QUESTION = Kind(
    "missing_question", "inform", "Restore the question's row from the template and answer it."
)
