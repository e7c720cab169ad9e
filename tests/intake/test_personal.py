"""Personal data in a text: counts by kind, and texts that only look like it."""

import time

import pytest

from dagster_project.intake.interpret.personal import (
    CHI,
    EMAIL,
    NATIONAL_INSURANCE,
    POSTCODE,
    TELEPHONE,
    count_personal_data,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ask jo.o'neil+cse@social-work.example.gov.uk.", EMAIL),
        ("(JO@EXAMPLE.SCOT)", EMAIL),
        ("Ask jo@example.scot², or nobody.", EMAIL),
        ("Ring 0131 496 0123, ext. 4.", TELEPHONE),
        ("0141-496-0123", TELEPHONE),
        ("+44 (0)20 7946 0958", TELEPHONE),
        ("mobile 07400123456", TELEPHONE),
        ("Her CHI is 0101701233.", CHI),
        ("290204 1233", CHI),
        ("AB 12 34 56 C", NATIONAL_INSURANCE),
        ("ni no: ab123456c", NATIONAL_INSURANCE),
        ("The flat at EH6 6QQ.", POSTCODE),
        ("SW1A1AA", POSTCODE),
        ("eh1 1st is small print, EH1 1ST is a postcode", POSTCODE),
    ],
)
def test_each_kind_is_reported_once(text: str, kind: str) -> None:
    assert count_personal_data(text) == {kind: 1}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "In place @ all sites",
        "0@0.²¹",
        "3 October 2016",
        "03/10/2016 14:30",
        "01/04/2016 - 31/03/2017",
        "2016-17",
        "2014-15, 2015-16, 2016-17 and 2017-18",
        "Of 1,234 children 45.5% were seen within 28 days",
        "£1,250,000 over 3 years",
        "10 20 30 40 50 60 70",
        "0101701234",  # check digit
        "3113701236",  # month
        "10101701233",  # eleven digits
        "3002041238",  # the 30th of February
        "GB123456A",  # a prefix that is not given out
        "DA123456A",
        "AB123456E",
        "AB12345C",
        "from p1 2nd to s1 4th",
        "Q12 1AA, V1 1AA, EH1 1CI",
        "Form A12 and table B3",
        "0131 496",
    ],
)
def test_text_that_only_looks_like_it_is_ignored(text: str) -> None:
    assert count_personal_data(text) == {}


def test_several_are_counted_by_kind_and_none_twice() -> None:
    text = "a@b.org, c@d.org\n0131 496 0123 or 0141 496 0123; 0101701233 of EH6 6QQ, AB123456C"
    assert count_personal_data(text) == {EMAIL: 2, TELEPHONE: 2, CHI: 1, NATIONAL_INSURANCE: 1, POSTCODE: 1}


@pytest.mark.parametrize(
    "text",
    ["9" * 32_767, "1 " * 16_000, "+44 " * 8_000, "a@" * 16_000, "a" * 32_767 + "@", "0131 496 " * 3_600],
)
def test_long_texts_take_linear_time(text: str) -> None:
    started = time.process_time()
    count_personal_data(text)
    assert time.process_time() - started < 2
