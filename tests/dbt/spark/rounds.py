"""Raw tables that try the engines: texts from the edges of what people type, and a round as large as is wanted."""

import csv
from pathlib import Path

import duckdb

# Ways to write a date, a name and a rating that the engines' own functions could read differently.
DATES = (
    "3 October 2016", "03/10/2016", "3rd Oct 16", "42646", "1st Sept 2016", "Monday 3 October 2016", "Oct 3, 2016",
    "31/02/2016", "2016-13-01", "2016-10-03 00:00:00", "29/02/2016", "1 jan 99", "1 jan 68", "3/10/216", "March 2016",
    "٣/10/2016", "3 octo 2016", "the 3rd of October 2016", "20161003", "\u00a03\u2009oct\u200b 2016 -",
)  # fmt: skip
NAMES = (
    "Abredeen City", "Ábërdeen  Cïty Child Protection Committee", "N. Ayrshire", "Dundde", "the Fife council", "ﬁfe",
    "Edinbrugh & Lothian", "Clackmannanshire\u000band Stirling", "Glasgow\u0130", "łothian", "", "Perth",
    "Argyll & Bute CPC",
)  # fmt: skip
RATINGS = (
    "Green",
    "green.",
    "AMBER!",
    "red;;",
    "g",
    "\u200bRed",
    "Gr een",
    "in  place",
    "1",
    "",
    "\uff32\uff25\uff24",
    "amber\t",
)
COMMENTS = (
    "Not yet fully in place; it's 100% 'planned'.", "ﬁrst İstanbul ß ΣΑΣ naïve café", "a", "a b", "a b c", " \t\n",
    "In place in place in place in place", "No concerns — 3½ of 4 “done”.", r"\b \d \1 $1 {0} %s", "",
)  # fmt: skip


def edge_texts(database: Path) -> None:
    """Add a file for each way to write a date or a name to the raw tables of the sample; comments go around."""
    files = max(len(DATES), len(NAMES))
    with duckdb.connect(str(database)) as connection:
        for number in range(files):
            name = f"edge {number}.xlsx"
            connection.execute(
                "insert into raw.return_file by name select '2016' as round_id, ? as source_file, "
                "'read' as file_status, 'xlsx' as file_format, 1 as size_bytes, ? as sha256, "
                "? as committee_typed, ? as completed_on_typed, '2016-10-03T10:11:12Z' as document_created",
                [name, name, NAMES[number % len(NAMES)], DATES[number % len(DATES)]],
            )
            connection.executemany(
                "insert into raw.answer by name select '2016' as round_id, ? as source_file, "
                "? as question_no_typed, 'S' as sheet, ? as cell, '' as question_typed, "
                "? as rating_typed, ? as comment_typed, ? as rating_colour",
                [
                    [
                        name,
                        str(question),
                        f"C{question}",
                        RATINGS[(number + question) % len(RATINGS)],
                        COMMENTS[(number * 3 + question) % len(COMMENTS)],
                        ("#00b050", "#ff0000", "#ffc000", "#808080", None)[(number + question) % 5],
                    ]
                    for question in range(1, 20)
                ],
            )


def at_scale(ratings: int, seeds: Path, database: Path) -> None:
    """Replace the sample by one round with `ratings` ratings: committees with consortia, returns, some comments.

    Every choice is a hash of what it is about: the same number gives the same round.
    """
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            """
            create temp table committee as
            select
                range as no,
                'c' || lpad(cast(range as varchar), 7, '0') as committee_id,
                -- Names differ in letters: figures would be dropped when they are compared.
                translate(lpad(cast(range as varchar), 7, '0'), '0123456789', 'abcdefghij') || 'shire' as name,
                ['N', 'W', 'E'][1 + cast(hash(range) % 3 as integer)] as consortium_code,
                -- One in a thousand repeats its neighbour.
                case when range % 1000 = 250 then range - 1 else range end as author
            from range(cast(? as bigint) // 19)
            """,
            [ratings],
        )
        for seed, query in {
            "committees": "select committee_id, null as from_round, name as committee_name, consortium_code "
            "from committee",
            "invitations": "select '2016' as round_id, committee_id from committee",
            "local_authorities": "select name as local_authority_name, null as from_round, committee_id "
            "from committee",
        }.items():
            connection.execute(f"copy ({query}) to '{seeds / seed}.csv' (header, delimiter ',')")
        connection.execute(
            """
            delete from raw.problem;
            delete from raw.return_file;
            insert into raw.return_file by name
            select
                '2016' as round_id, name || '.xlsx' as source_file, 'read' as file_status, 'xlsx' as file_format,
                1 as size_bytes, md5(committee_id) as sha256, upper(name) || ' CPC' as committee_typed,
                strftime(date '2016-10-01' + cast(hash(no, 'day') % 125 as integer), '%d %B %Y') as completed_on_typed
            from committee
            where hash(no, 'returned') % 100 < 96;
            delete from raw.answer;
            insert into raw.answer by name
            select
                '2016' as round_id, name || '.xlsx' as source_file, cast(question as varchar) as question_no_typed,
                'S' as sheet, 'C' || question as cell, '' as question_typed,
                ['Green', 'amber', 'RED', 'g', ' Amber', 'red.', 'In place', 'Getting there', 'Not in place', '']
                    [1 + cast(hash(author, question) % case when hash(question, author) % 10 = 0 then 10 else 9 end
                    as integer)] as rating_typed,
                case when hash(author, question, 'comment') % 10 = 0 then array_to_string([
                    'w' || hash(author, question, place) % 3000 for place in range(4 + cast(author % 9 as integer))
                ], ' ') else '' end as comment_typed
            from committee
            cross join range(1, 20) as asked (question)
            where hash(no, 'returned') % 100 < 96;
            checkpoint
            """
        )
    for seed, header in {
        "committee_aliases": ["alias", "committee_id"],
        "committee_successions": ["round_id", "from_committee_id", "to_committee_id", "kind"],
        "decisions": [
            "finding_id",
            "decision",
            "estimated_rating",
            "reason",
            "decided_by_role",
            "decided_on",
        ],
    }.items():
        with (seeds / f"{seed}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(header)
