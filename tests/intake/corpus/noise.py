"""Returns with random answers in random layouts, in every format: what is written must be read back."""

from dataclasses import dataclass

from hypothesis import strategies as st

from dagster_project.intake import labels
from dagster_project.intake.text import is_prompt
from tests.intake.corpus import layouts
from tests.intake.corpus.base import questionnaire

WORDS = {
    "green": ["Green", "G", "in place", "GREEN (in place)", "green\u00a0"],
    "amber": ["Amber", "a", "getting there", "amber  (Getting there).", "\u200bAMBER"],
    "red": ["Red", "R", "Not in place", "RED (not in place)", " red"],
    "": ["", " "],
}
TEXTS = st.text(
    # In a CSV file, U+FFFD and letters with which garbled UTF-8 begins are problems, and marks are removed.
    st.characters(
        codec="utf-8",
        exclude_categories=("Cc", "Cs", "Cn", "Co"),
        exclude_characters="\ufeff\ufffd\xc2\xc3\xc5\xe2",
    )
    | st.just("\n"),
    max_size=60,
).map(lambda text: "\n".join(" ".join(line.split()) for line in text.split("\n")).strip())
# A prompt that was left as it is counts as blank.
TEXTS = TEXTS.filter(lambda text: not is_prompt(text))


@dataclass(frozen=True)
class Written:
    """A return as it was written: rating and comment by question, and their rows."""

    ratings: dict[int, str]
    comments: dict[int, str]
    sheets: list[tuple[str, list[list[str]]]]

    def as_file(self, suffix: str) -> bytes:
        """The return in a format."""
        if suffix == ".csv":
            return layouts.longform(_long(self)).encode()
        if suffix == ".docx":
            return layouts.docx(self.sheets)
        return layouts.ods(self.sheets) if suffix == ".ods" else layouts.xlsx(self.sheets)


@st.composite
def returns(draw: st.DrawFn) -> Written:
    """A return of Fife: any answers, any order of questions and columns, anything around them."""
    ratings, comments, rows = {}, {}, []
    for question in questionnaire().questions:
        rating = draw(st.sampled_from(list(WORDS)))
        comment = draw(TEXTS)
        ratings[question.number], comments[question.number] = rating, comment
        number = draw(st.sampled_from(["{}", "{}.", "Q{}", "Question {}", " {} "])).format(question.number)
        rows.append([number, question.text, draw(st.sampled_from(WORDS[rating])), comment])
    order = draw(st.permutations(range(4)))
    left = draw(st.integers(0, 3))
    table = [[labels.NUMBER, labels.QUESTION, labels.RATING, labels.COMMENT], *draw(st.permutations(rows))]
    table = [[""] * left + [row[column] for column in order] for row in table]
    for _ in range(draw(st.integers(0, 4))):
        table.insert(draw(st.integers(0, len(table))), [""] * (left + 4))
    above = draw(st.lists(st.sampled_from([["Notes"], [""], ["x", "y"]]), max_size=3))
    cover = [
        [labels.COMMITTEE, "Fife"],
        [labels.DATE_COMPLETED, "3 October 2016"],
        [labels.TEMPLATE_VERSION, "cse-2016"],
    ]
    sheets = [("Cover", [*above, *cover]), ("Table", [*above, *table])]
    return Written(ratings, comments, draw(st.permutations(sheets)))


def _long(written: Written) -> list[list[str]]:
    header = ["committee", "question", "rating", "comment", "date completed", "template version"]
    return [
        header,
        *(
            ["Fife", str(n), WORDS[rating][0], written.comments[n], "3 October 2016", "cse-2016"]
            for n, rating in written.ratings.items()
        ),
    ]
