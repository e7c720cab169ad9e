"""A case for each kind of finding: the smallest returns that have it, returns just short of it, and similar ones."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.audit.small_rounds import Return, SmallRounds

Plant = Callable[[SmallRounds], None]
GREEN = "g" * 19
MIXED = "gar" * 6 + "g"
STORY = (
    "Our committee learned in spring from three young people about their journey through hostels and wrote a protocol "
    "with the harbour police that names who rings whom at night and where a child can sleep safely"
)
OTHER_STORY = (
    "Health visitors asked for shorter forms last winter so the subgroup redrew them over four meetings and trialled "
    "each draft with two practices before anybody else was asked to use it in earnest"
)
COMMENTS = {3: STORY, 5: OTHER_STORY}
EDITED_COMMENTS = {3: STORY.replace("spring", "summer"), 5: OTHER_STORY.replace("four", "five")}
FIFE = Return("Fife", comments={1: "A comment of its own."})


def returns(*landed: Return) -> Plant:
    return lambda rounds: rounds.land(*landed)


def sql(statement: str, *landed: Return) -> Plant:
    def plant(rounds: SmallRounds) -> None:
        rounds.land(*landed)
        rounds.connection.execute(statement)

    return plant


def problem(
    message: str, severity: str = "reject_answer", one: Return = FIFE, code: str = "repeated_question"
) -> Plant:
    def plant(rounds: SmallRounds) -> None:
        rounds.land(one)
        rounds.problem(one, code, severity, message)

    return plant


def changed(text: str, rating: str) -> Return:
    letters = list(MIXED)
    letters[3] = rating
    return Return("Fife", "".join(letters), {4: text})


def opposite(fife: str, angus: str, text: str = STORY) -> Plant:
    return returns(
        Return("Fife", fife + MIXED[1:], {1: text}),
        Return(
            "Angus",
            angus + MIXED[1:-1] + "r",
            {1: text.replace("spring", "summer"), 2: "And more of its own."},
        ),
    )


def west(number: int) -> Plant:
    """A number of returns of the consortium West."""
    names = ("Glasgow City", "Inverclyde", "North Ayrshire", "South Ayrshire", "East Ayrshire")[:number]
    return returns(*(Return(name, comments={1: f"Written in {name}."}) for name in names))


NAMES = ("Fife", "Angus", "Moray", "Borders", "Dundee", "Shetland", "Inverclyde", "Highland")
NEAR = Return("Angus", MIXED[:-1] + "a", EDITED_COMMENTS, dated="2016-10-09")
AUTHORITY = "insert into reference.local_authorities values ('Fife', '2016', 'angus')"


@dataclass(frozen=True)
class Case:
    """A finding: `plant` has it, `short` is just short of it, `otherwise` has it with other content."""

    subject: str
    plant: Plant
    short: Plant
    otherwise: Plant


CASES = {
    "blank_rating": Case(
        "fife question 04",
        returns(changed("Why it is blank.", ".")),
        returns(changed("Why it is blank.", "a")),
        returns(changed("Another reason.", ".")),
    ),
    "blank_return": Case(
        "fife",
        returns(Return("Fife", "." * 19)),
        returns(Return("Fife", "." * 19, {1: "One."})),
        returns(Return("Fife", "n" + "." * 18)),
    ),
    "duplicate_return": Case(
        "fife = angus",
        returns(Return("Fife", comments=COMMENTS), Return("Angus", comments=COMMENTS)),
        returns(Return("Fife", comments=COMMENTS), Return("Angus", comments={**COMMENTS, 7: "More."})),
        returns(Return("Fife", comments=EDITED_COMMENTS), Return("Angus", comments=EDITED_COMMENTS)),
    ),
    "near_duplicate": Case(
        "angus ~ fife",
        returns(Return("Fife", comments=COMMENTS), NEAR),
        returns(
            Return("Fife", comments=COMMENTS),
            replace(NEAR, comments={3: STORY, 5: "Quite another text.", 6: OTHER_STORY[::-1]}),
        ),
        returns(
            Return("Fife", comments=COMMENTS), replace(NEAR, comments={**EDITED_COMMENTS, 7: "And more."})
        ),
    ),
    "same_file": Case(
        "copy.xlsx = Fife.xlsx",
        returns(replace(FIFE, file="copy.xlsx", sha256="1"), replace(FIFE, file="Fife.xlsx", sha256="1")),
        returns(replace(FIFE, file="copy.xlsx", sha256="1"), replace(FIFE, file="Fife.xlsx", sha256="2")),
        returns(replace(FIFE, file="copy.xlsx", sha256="3"), replace(FIFE, file="Fife.xlsx", sha256="3")),
    ),
    "rejected_file": Case(
        "Fife.xlsx",
        returns(replace(FIFE, status="rejected")),
        returns(FIFE),
        returns(replace(FIFE, status="rejected", sha256="other")),
    ),
    "rejected_answer": Case(
        "Fife.xlsx C4 repeated_question",
        problem("Two rows answer question 4."),
        problem("Two rows answer question 4.", severity="inform"),
        problem(
            "Two rows answer question 4.", one=replace(FIFE, comments={1: "Another comment."}, sha256="")
        ),
    ),
    "personal_data": Case(
        "Fife.xlsx C4",
        problem("Question 4: postcode (1).", "inform", code="personal_data"),
        problem("Question 4: postcode (1).", "inform"),
        problem("Question 4: postcode (1).", "inform", replace(FIFE, sha256="other"), "personal_data"),
    ),
    "unknown_committee": Case(
        "Atlantis.xlsx",
        returns(replace(FIFE, committee="Atlantis", file="Atlantis.xlsx", sha256="1")),
        returns(replace(FIFE, committee="Fife CPC", file="Atlantis.xlsx", sha256="1")),
        returns(replace(FIFE, committee="Atlantis", file="Atlantis.xlsx", sha256="2")),
    ),
    "conflicting_returns": Case(
        "fife: b.xlsx",
        returns(replace(FIFE, file="a.xlsx", sha256="1"), replace(FIFE, file="b.xlsx", sha256="2")),
        returns(
            replace(FIFE, file="a.xlsx", sha256="1"),
            replace(FIFE, file="b.xlsx", sha256="2", dated="2016-10-02"),
        ),
        returns(replace(FIFE, file="a.xlsx", sha256="1"), replace(FIFE, file="b.xlsx", sha256="3")),
    ),
    "superseded_return": Case(
        "fife: b.xlsx",
        returns(
            replace(FIFE, file="a.xlsx", sha256="1"),
            replace(FIFE, file="b.xlsx", sha256="2", dated="2016-10-02"),
        ),
        returns(replace(FIFE, file="a.xlsx", sha256="1"), replace(FIFE, file="b.xlsx", sha256="2")),
        returns(
            replace(FIFE, file="a.xlsx", sha256="4"),
            replace(FIFE, file="b.xlsx", sha256="2", dated="2016-10-02"),
        ),
    ),
    "counted_twice": Case(
        "fife in angus",
        sql(AUTHORITY, FIFE, Return("Angus", GREEN)),
        sql(AUTHORITY, FIFE),
        sql(
            "update reference.local_authorities set local_authority_name = 'Fife (all)' "
            "where local_authority_name = 'Fife'",
            FIFE,
            Return("Angus", GREEN),
        ),
    ),
    "outside_fieldwork": Case(
        "fife",
        returns(replace(FIFE, dated="2017-02-01")),
        returns(replace(FIFE, dated="2017-01-31")),
        returns(replace(FIFE, dated="2017-02-01", comments={1: "Another comment."})),
    ),
    "outlying_return": Case(
        "fife",
        returns(Return("Fife", GREEN, {1: STORY})),
        returns(Return("Fife", GREEN[1:] + "a", {1: STORY})),
        returns(Return("Fife", GREEN, {1: OTHER_STORY})),
    ),
    "comment_contradicts": Case(
        "fife question 04",
        returns(changed("Not at present", "g")),
        returns(changed("Not at present", "a")),
        returns(changed("Not at present, sadly", "g")),
    ),
    "opposite_ratings": Case(
        "fife and angus question 01",
        opposite("r", "g"),
        opposite("r", "a"),
        opposite("r", "g", text=STORY.replace("harbour", "railway")),
    ),
    "non_return": Case("fife", returns(Return("Angus")), returns(FIFE), returns(Return("Angus"))),
    "small_base": Case("West", west(4), west(5), west(3)),
}

DETAILS = {
    "blank_rating": ("fife", 4, "Fife.xlsx", "No rating was given."),
    "blank_return": ("fife", None, "Fife.xlsx", "The return holds neither a rating nor a comment."),
    "duplicate_return": (
        "fife", None, "Fife.xlsx", "Every rating and every comment is the same as in the return of Angus.",
    ),
    # 18 of 19 ratings; of the passages all but those with a word that was exchanged, by their weight.
    "near_duplicate": (
        "angus", None, "Angus.xlsx",
        "Nearly the return of Fife: 94% of the ratings and 83% of what the comments say in words of their own are the "
        "same.",
    ),
    "same_file": ("fife", None, "copy.xlsx", "The file is the same, byte for byte, as Fife.xlsx."),
    "rejected_file": (
        "fife", None, "Fife.xlsx", "The file could not be read as a return: no reason was recorded.",
    ),
    "rejected_answer": ("fife", None, "Fife.xlsx", "Two rows answer question 4."),
    "personal_data": ("fife", None, "Fife.xlsx", "Question 4: postcode (1)."),
    "unknown_committee": (
        None, None, "Atlantis.xlsx",
        "The name on the cover is no known committee. Nearest: Angus, Forth Valley, Glasgow City.",
    ),
    "conflicting_returns": ("fife", None, "b.xlsx", "a.xlsx was taken; b.xlsx has the same date."),
    "superseded_return": ("fife", None, "b.xlsx", "A later submission, a.xlsx, replaces it."),
    "counted_twice": ("fife", None, "Fife.xlsx", "Its return and that of Angus both represent Fife."),
    "outside_fieldwork": ("fife", None, "Fife.xlsx", "The return is dated 2017-02-01, outside the fieldwork."),
    "outlying_return": ("fife", None, "Fife.xlsx", "All of its 19 ratings have one colour."),
    "comment_contradicts": (
        "fife", 4, "Fife.xlsx", "The rating is green, and the comment says that it is not in place.",
    ),
    "opposite_ratings": (
        "fife", 1, "Fife.xlsx", "Nearly the same comment is rated red here and green in Angus.xlsx.",
    ),
    "non_return": (
        "fife", None, None, "The committee was invited and sent no return that could be read.",
    ),
    "small_base": (
        None, None, None, "Returns in the consortium: 4. Comparisons with it carry a small-base mark.",
    ),
}  # fmt: skip
"""Committee, question, file and detail of each finding."""
