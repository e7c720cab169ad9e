"""The marts of `floor.sql` by polars: `python polars_marts.py RAW OUT`, both folders of Parquet files.

Lazy frames, one after the other, nothing tuned for the data.
"""

import sys
from pathlib import Path

import polars as pl

RETURN = ["round_id", "committee_id"]
ANSWER = [*RETURN, "question_no"]


def scan_table(raw: Path, table: str) -> pl.LazyFrame:
    """Scan a table of the raw data or the reference data."""
    return pl.scan_parquet(raw / f"{table}.parquet")


def normalize_text(text: pl.Expr) -> pl.Expr:
    """Convert texts to lower case, with single spaces."""
    return text.str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars(" ")


def split_words(text: pl.Expr) -> pl.Expr:
    """Split texts into words."""
    return text.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars(" ").str.split(" ")


def rank_values(by: pl.Expr, over: list[str], *, most_first: bool = False) -> pl.Expr:
    """Rank values within groups, ties sharing the lowest number."""
    return by.rank("min", descending=most_first).over(over).cast(pl.Int64)


def read_submissions(raw: Path) -> pl.LazyFrame:
    """Read what committees sent, the standing return of each in place 1."""
    typed = pl.col("completed_on_typed").str.strip_chars(" ")
    formats = ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y")
    name = (
        pl.col("committee_typed")
        .str.to_lowercase()
        .str.replace_all(r"\b(child protection committee|cpc)\b", "")
        .str.strip_chars(" ")
    )
    committees = scan_table(raw, "committees").select(
        "committee_id", name=pl.col("committee_name").str.to_lowercase()
    )
    return (
        scan_table(raw, "return_file")
        .filter(pl.col("file_status") == "read")
        .select(
            "round_id",
            "source_file",
            name=name,
            received_on=pl.coalesce(typed.str.to_date(format_, strict=False) for format_ in formats),
        )
        .join(committees, on="name")
        .sort("received_on", "source_file", descending=[True, False], nulls_last=True)
        .with_columns(place=pl.int_range(1, pl.len() + 1).over(RETURN))
    )


def read_answers(raw: Path, standing: pl.LazyFrame) -> pl.LazyFrame:
    """Read one row per question of a standing return, with the rating of its word."""
    typed = scan_table(raw, "answer").select(
        "round_id",
        "source_file",
        "rating_typed",
        question_no=pl.col("question_no_typed").cast(pl.Int32),
        comment=normalize_text(pl.col("comment_typed").fill_null("")),
    )
    return (
        standing.join(scan_table(raw, "rounds").select("round_id", "question_set"), on="round_id")
        .join(scan_table(raw, "questions").select("question_set", "question_no"), on="question_set")
        .join(typed, on=["round_id", "source_file", "question_no"], how="left")
        .with_columns(
            pl.col("comment").fill_null(""),
            word=normalize_text(pl.col("rating_typed")).str.strip_chars_end(" .:;,!"),
        )
        .join(scan_table(raw, "rating_words").rename({"rating": "reported_rating"}), on="word", how="left")
        .select(*ANSWER, "source_file", "received_on", "rating_typed", "reported_rating", "comment")
    )


def build_contents(answers: pl.LazyFrame) -> pl.LazyFrame:
    """Build the content of each return, by part and as one text."""
    says = pl.coalesce(
        "reported_rating", pl.col("rating_typed").str.strip_chars(" ").str.to_lowercase(), pl.lit("")
    )
    rated = pl.col("reported_rating")
    return (
        answers.sort("question_no")
        .group_by(*RETURN, "received_on")
        .agg(
            pl.col("source_file").first(),
            blank_ratings=rated.null_count(),
            ratings=rated.count(),
            colours=rated.drop_nulls().n_unique(),
            comments=(pl.col("comment") != "").sum(),
            words=pl.col("comment").str.join(" "),
            content=pl.concat_str("question_no", says, "comment", separator="|").str.join("#"),
        )
        .with_columns(words=split_words(pl.col("words")).list.n_unique())
    )


def find_duplicates(contents: pl.LazyFrame) -> pl.LazyFrame:
    """Find returns that say what an earlier one says."""
    return (
        contents.filter((pl.col("colours") > 1) | (pl.col("words") >= 12))
        .sort("received_on", "committee_id", nulls_last=True)
        .with_columns(duplicate_of_committee_id=pl.col("committee_id").first().over("round_id", "content"))
        .filter(pl.col("committee_id") != pl.col("duplicate_of_committee_id"))
        .select(*RETURN, "duplicate_of_committee_id")
    )


def list_passages(answers: pl.LazyFrame, duplicates: pl.LazyFrame) -> pl.LazyFrame:
    """List each three words in a row, once for each answer."""
    word = pl.element()
    three = pl.concat_str(word, word.shift(-1), word.shift(-2), separator=" ").drop_nulls().unique()
    return (
        answers.filter(pl.col("comment") != "")
        .join(duplicates, on=RETURN, how="anti")
        .select(*ANSWER, "reported_rating", passage=split_words(pl.col("comment")).list.eval(three))
        .explode("passage")
        .drop_nulls("passage")
    )


def find_near_duplicates(passages: pl.LazyFrame, answers: pl.LazyFrame, returns: int) -> pl.LazyFrame:
    """Find pairs of returns that share most of what few others say, and most ratings."""
    own = passages.select(*RETURN, "passage").unique()
    weights = (
        own.group_by("round_id", "passage")
        .agg(returns=pl.len())
        .filter(pl.col("returns") <= max(3, 0.3 * returns))
        .with_columns(weight=(1 + returns / pl.max_horizontal("returns", 2)).log())
    )
    weighed = own.join(weights, on=["round_id", "passage"]).with_columns(
        total=pl.col("weight").sum().over(RETURN)
    )
    rare = weighed.filter(pl.col("returns") <= 20).select(*RETURN, "passage")
    counts = rare.group_by(RETURN).agg(passages=pl.len())
    pairs = (
        rare.join(rare, on=["round_id", "passage"], suffix="_other")
        .filter(pl.col("committee_id") < pl.col("committee_id_other"))
        .group_by("round_id", "committee_id", "committee_id_other")
        .agg(shared=pl.len())
        .filter(pl.col("shared") >= 12)
        .join(counts, on=RETURN)
        .join(counts, left_on=["round_id", "committee_id_other"], right_on=RETURN, suffix="_other")
        .filter(pl.col("shared") >= 0.25 * (pl.col("passages") + pl.col("passages_other") - pl.col("shared")))
        .select("round_id", "committee_id", "committee_id_other")
    )
    alike = (
        pairs.join(weighed, on=RETURN)
        .join(
            weighed,
            left_on=["round_id", "committee_id_other", "passage"],
            right_on=[*RETURN, "passage"],
            suffix="_other",
        )
        .group_by("round_id", "committee_id", "committee_id_other")
        .agg(pl.col("weight").sum(), pl.col("total", "total_other").max())
        .filter(pl.col("weight") / (pl.col("total") + pl.col("total_other") - pl.col("weight")) >= 0.5)
    )
    said = answers.select(*ANSWER, "reported_rating", "received_on")
    same = pl.col("reported_rating").eq_missing(pl.col("reported_rating_other"))
    return (
        alike.join(said, on=RETURN)
        .join(
            said,
            left_on=["round_id", "committee_id_other", "question_no"],
            right_on=ANSWER,
            suffix="_other",
        )
        .group_by("round_id", "committee_id", "committee_id_other", "received_on", "received_on_other")
        .agg(rating_share=same.mean())
        .filter(pl.col("rating_share") >= 0.8)
        .select(
            "round_id",
            committee_id=pl.when(pl.col("received_on") <= pl.col("received_on_other"))
            .then("committee_id_other")
            .otherwise("committee_id"),
        )
        .unique()
    )


def find_opposite_answers(passages: pl.LazyFrame) -> pl.LazyFrame:
    """Find answers rated red whose words are those of one rated green."""
    coloured = passages.filter(pl.col("reported_rating").is_in(["green", "red"]))
    key = ["round_id", "question_no", "passage"]
    sizes = coloured.group_by(ANSWER).agg(passages=pl.len())
    shared = (
        coloured.group_by(key)
        .agg(colours=pl.col("reported_rating").n_unique(), times=pl.len())
        .filter((pl.col("colours") == 2) & (pl.col("times") <= 20))
        .select(key)
    )
    matched = coloured.join(shared, on=key)
    red, green = (matched.filter(pl.col("reported_rating") == colour) for colour in ("red", "green"))
    return (
        red.join(green, on=key, suffix="_other")
        .group_by(*ANSWER, "committee_id_other")
        .agg(shared=pl.len())
        .filter(pl.col("shared") >= 4)
        .join(sizes, on=ANSWER)
        .join(
            sizes, left_on=["round_id", "committee_id_other", "question_no"], right_on=ANSWER, suffix="_other"
        )
        .filter(pl.col("shared") >= 0.6 * (pl.col("passages") + pl.col("passages_other") - pl.col("shared")))
        .select(ANSWER)
        .unique()
    )


def find_contradictions(raw: Path, answers: pl.LazyFrame) -> pl.LazyFrame:
    """Find answers whose words suggest only ratings other than their own."""
    phrases: dict[str, list[str]] = dict(
        scan_table(raw, "rating_phrases").group_by("role").agg("phrase").collect().iter_rows()
    )
    before_green, after_red = ("|".join(phrases[role]) for role in ("before_turns_green", "after_turns_red"))
    words = (
        pl.col("comment").str.replace_all("\u2019", "'", literal=True).str.replace_all("-", " ", literal=True)
    )
    plain = (
        answers.filter((pl.col("comment") != "") & pl.col("reported_rating").is_in(["green", "red"]))
        .select(*ANSWER, "reported_rating", words=words)
        .collect()
    )
    found = []
    for role, colour in (("says_green", "green"), ("hints_green", "green"), ("says_red", "red")):
        for phrase in phrases[role]:
            turned = (
                rf"\b({before_green})( [a-z']+){{0,3}} {phrase}\b"
                if colour == "green"
                else rf"\b{phrase}( [a-z']+){{0,4}} ({after_red})\b"
            )
            text = pl.col("words").str
            found.append(
                plain.lazy()
                .filter(text.contains(phrase, literal=True))
                .filter(text.count_matches(rf"\b{phrase}\b") > text.count_matches(turned))
                .with_columns(is_plain=pl.lit(role != "hints_green"), suggested_rating=pl.lit(colour))
            )
    differs = pl.col("suggested_rating") != pl.col("reported_rating")
    return (
        pl.concat(found)
        .group_by(ANSWER)
        .agg(against=(differs & pl.col("is_plain")).any(), only=differs.all())
        .filter(pl.col("against") & pl.col("only"))
        .select(ANSWER)
    )


def build_rankings(fct_rating: pl.LazyFrame, raw: Path) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Build counts and ranks in the nation, and in each consortium."""
    resolved, reported, once = pl.col("resolved_rating"), pl.col("reported_rating"), ~pl.col("is_duplicate")
    counts = [
        pl.len().alias("returns"),
        resolved.count().alias("rated"),
        *((resolved == colour).sum().alias(colour) for colour in ("green", "amber", "red")),
        reported.null_count().alias("blank"),
        *(((resolved == colour) & once).sum().alias(f"{colour}_once") for colour in ("green", "red")),
        *((reported == colour).sum().alias(f"{colour}_reported") for colour in ("green", "red")),
    ]
    areas = scan_table(raw, "committees").select("committee_id", "consortium_code")
    consortium = (
        fct_rating.join(areas, on="committee_id")
        .group_by("round_id", "consortium_code", "question_no")
        .agg(counts)
        .with_columns(pl.col(pl.UInt32).cast(pl.Int64))
    )
    nation = (
        consortium.drop("consortium_code")
        .group_by("round_id", "question_no")
        .sum()
        .with_columns(consortium_code=pl.lit("all"))
    )
    area = ["round_id", "consortium_code"]

    def add_ranks(frame: pl.LazyFrame) -> pl.LazyFrame:
        return (
            frame.with_columns(
                green_rank=rank_values(pl.col("green"), area, most_first=True),
                red_rank=rank_values(pl.col("red"), area),
            )
            .with_columns(rank_sum=pl.col("green_rank") + pl.col("red_rank"))
            .with_columns(confidence_rank=rank_values(pl.col("rank_sum"), area))
        )

    return add_ranks(nation), add_ranks(consortium)


def build_robustness(fct_rating: pl.LazyFrame, ranking: pl.LazyFrame) -> pl.LazyFrame:
    """Build the ranks where each return is left out once, and under other rules."""
    totals = ranking.select("round_id", "question_no", "green", "red")
    is_green, is_red = ((pl.col("resolved_rating") == colour).fill_null(False) for colour in ("green", "red"))
    ranges = (
        fct_rating.join(totals, on=["round_id", "question_no"])
        .select(*ANSWER, green=pl.col("green") - is_green, red=pl.col("red") - is_red)
        .select(
            *ANSWER,
            rank_sum=rank_values(pl.col("green"), RETURN, most_first=True)
            + rank_values(pl.col("red"), RETURN),
        )
        .select("round_id", "question_no", confidence_rank=rank_values(pl.col("rank_sum"), RETURN))
        .group_by("round_id", "question_no")
        .agg(lowest_rank=pl.col("confidence_rank").min(), highest_rank=pl.col("confidence_rank").max())
    )
    rounds = ["round_id"]
    green, amber, red, blank = map(pl.col, ("green", "amber", "red", "blank"))
    green_once, red_once, green_said, red_said = map(
        pl.col, ("green_once", "red_once", "green_reported", "red_reported")
    )

    def sum_ranks(greens: pl.Expr, reds: pl.Expr) -> pl.Expr:
        return rank_values(greens, rounds, most_first=True) + rank_values(reds, rounds)

    sums = ranking.with_columns(
        rank_duplicates_once=sum_ranks(green_once, red_once),
        rank_reported_only=sum_ranks(green_said, red_said),
        rank_blank_red=sum_ranks(green_said, red_said + blank),
        rank_blank_green=sum_ranks(green_said + blank, red_said),
    )
    return sums.select(
        "round_id",
        "question_no",
        *(
            rank_values(pl.col(f"rank_{name}"), rounds).alias(f"rank_{name}")
            for name in ("duplicates_once", "reported_only", "blank_red", "blank_green")
        ),
        rank_net=rank_values(green - red, rounds, most_first=True),
        rank_mean_score=rank_values((2 * green + amber) / pl.col("rated"), rounds, most_first=True),
        rank_green_alone=pl.col("green_rank"),
        rank_red_alone=pl.col("red_rank"),
    ).join(ranges, on=["round_id", "question_no"])


def build_coverage(fct_return: pl.LazyFrame, raw: Path) -> pl.LazyFrame:
    """Count committees invited and returned, in the nation and in each consortium."""
    committees = scan_table(raw, "committees")
    areas = pl.concat(
        [
            committees.select("committee_id", "consortium_code"),
            committees.select("committee_id", consortium_code=pl.lit("all")),
        ]
    )
    returned = pl.col("return_status") == "returned"
    authority = pl.col("local_authority_name")
    return (
        fct_return.join(areas, on="committee_id")
        .join(
            scan_table(raw, "local_authorities").select("committee_id", "local_authority_name"),
            on="committee_id",
        )
        .group_by("round_id", "consortium_code")
        .agg(
            invited=pl.len(),
            returned=returned.sum(),
            distinct_contents=(returned & pl.col("duplicate_of_committee_id").is_null()).sum(),
            local_authorities=authority.n_unique(),
            local_authorities_covered=authority.filter(returned).n_unique(),
        )
    )


def build_marts(raw: Path, out: Path) -> None:
    """Build all marts."""
    sent = read_submissions(raw).collect().lazy()
    standing = sent.filter(pl.col("place") == 1).drop("place", "name")
    answers = read_answers(raw, standing).collect().lazy()
    contents = build_contents(answers).collect().lazy()
    duplicates = find_duplicates(contents).collect().lazy()
    passages = list_passages(answers, duplicates).collect().lazy()
    returns = contents.select(pl.len()).collect().item()

    fct_return = (
        scan_table(raw, "invitations")
        .select(RETURN)
        .join(standing, on=RETURN, how="left")
        .join(contents.select(*RETURN, "blank_ratings"), on=RETURN, how="left")
        .join(duplicates, on=RETURN, how="left")
        .with_columns(
            is_counted=pl.col("source_file").is_not_null(),
            return_status=pl.when(pl.col("source_file").is_null())
            .then(pl.lit("not_returned"))
            .otherwise(pl.lit("returned")),
        )
        .collect()
        .lazy()
    )
    fct_rating = (
        answers.join(fct_return.select(*RETURN, "duplicate_of_committee_id", "is_counted"), on=RETURN)
        .select(
            *ANSWER,
            "reported_rating",
            "is_counted",
            resolved_rating="reported_rating",
            rating_status=pl.when(pl.col("reported_rating").is_null())
            .then(pl.lit("missing"))
            .otherwise(pl.lit("reported")),
            has_comment=pl.col("comment") != "",
            is_duplicate=pl.col("duplicate_of_committee_id").is_not_null(),
        )
        .collect()
        .lazy()
    )
    counted = fct_rating.filter("is_counted")
    ranking, by_consortium = (frame.collect().lazy() for frame in build_rankings(counted, raw))

    of_standing = standing.select(*RETURN, "source_file")
    filled = pl.col("ratings") + pl.col("comments") > 0
    latest = standing.select(*RETURN, standing_on="received_on")
    others = sent.filter(pl.col("place") > 1).join(latest, on=RETURN)
    fieldwork = scan_table(raw, "rounds").select("round_id", "fieldwork_start", "fieldwork_end")
    in_time = pl.col("received_on").is_between("fieldwork_start", "fieldwork_end").fill_null(False)
    findings = {
        "blank_rating": answers.filter(pl.col("reported_rating").is_null()).join(
            contents.filter(filled), on=RETURN, how="semi"
        ),
        "blank_return": contents.filter(~filled),
        "duplicate_return": duplicates.join(of_standing, on=RETURN),
        "near_duplicate": find_near_duplicates(passages, answers, returns).join(of_standing, on=RETURN),
        "opposite_ratings": find_opposite_answers(passages).join(of_standing, on=RETURN),
        "comment_contradicts": find_contradictions(raw, answers).join(of_standing, on=RETURN),
        "outlying_return": contents.filter(
            (pl.col("ratings") >= 10) & ((pl.col("colours") == 1) | (pl.col("comments") == 0))
        ),
        "outside_fieldwork": standing.join(fieldwork, on="round_id").filter(~in_time),
        "non_return": fct_return.filter(pl.col("return_status") == "not_returned"),
        "superseded_return": others.filter(pl.col("standing_on") > pl.col("received_on")),
        "conflicting_returns": others.filter(pl.col("standing_on") == pl.col("received_on")),
    }
    quality = pl.concat(
        [
            frame.select(
                pl.lit(name).alias("check"),
                *RETURN,
                *(["question_no"] if "question_no" in frame.collect_schema() else []),
                "source_file",
            )
            for name, frame in findings.items()
        ],
        how="diagonal",
    )
    marts = {
        "fct_return": fct_return,
        "fct_rating": fct_rating,
        "mart_question_ranking": ranking,
        "mart_consortium_ranking": by_consortium,
        "mart_rank_robustness": build_robustness(counted, ranking),
        "mart_coverage": build_coverage(fct_return, raw),
        "mart_data_quality": quality,
    }
    for name, frame in marts.items():
        frame.collect().write_parquet(out / f"{name}.parquet")


if __name__ == "__main__":
    build_marts(Path(sys.argv[1]), Path(sys.argv[2]))
