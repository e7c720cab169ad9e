"""The marts of `floor.sql` by pandas: `python pandas_marts.py RAW OUT`, both folders of Parquet files.

One data frame after the other, only the columns that are needed, nothing tuned for the data.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

RETURN = ["round_id", "committee_id"]
ANSWER = [*RETURN, "question_no"]
QUESTION = ["round_id", "question_no"]


def normalize_text(text: pd.Series) -> pd.Series:
    """Convert texts to lower case, with single spaces."""
    return text.str.lower().str.replace(r"\s+", " ", regex=True).str.strip(" ")


def split_words(text: pd.Series) -> pd.Series:
    """Split texts into words."""
    return text.str.replace(r"[\W_]+", " ", regex=True).str.strip(" ").str.split(" ")


def rank_values(
    frame: pd.DataFrame, by: pd.Series, over: list[str], *, most_first: bool = False
) -> pd.Series:
    """Rank values within groups, ties sharing the lowest number."""
    groups = by.groupby([frame[key] for key in over])
    return groups.rank("min", ascending=not most_first).astype("int64")


def read_submissions(raw: Path) -> pd.DataFrame:
    """Read what committees sent, the standing return of each in place 1."""
    columns = ["round_id", "source_file", "file_status", "committee_typed", "completed_on_typed"]
    files = pd.read_parquet(raw / "return_file.parquet", columns=columns)
    files = files[files["file_status"] == "read"]
    typed = files["completed_on_typed"].str.strip(" ")
    received_on = pd.Series(pd.NaT, index=files.index)
    for format_ in ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y"):
        received_on = received_on.fillna(pd.to_datetime(typed, format=format_, errors="coerce"))
    name = files["committee_typed"].str.lower()
    name = name.str.replace(r"\b(?:child protection committee|cpc)\b", "", regex=True).str.strip(" ")
    committees = pd.read_parquet(raw / "committees.parquet", columns=["committee_id", "committee_name"])
    committees["name"] = committees.pop("committee_name").str.lower()
    sent = (
        files[["round_id", "source_file"]]
        .assign(received_on=received_on, name=name)
        .merge(committees, on="name")
        .sort_values(["received_on", "source_file"], ascending=[False, True], na_position="last")
    )
    sent["place"] = sent.groupby(RETURN).cumcount() + 1
    return sent.drop(columns="name")


def read_answers(raw: Path, standing: pd.DataFrame) -> pd.DataFrame:
    """Read one row per question of a standing return, with the rating of its word."""
    columns = ["round_id", "source_file", "question_no_typed", "rating_typed", "comment_typed"]
    typed = pd.read_parquet(raw / "answer.parquet", columns=columns)
    typed["question_no"] = typed.pop("question_no_typed").astype("int32")
    typed["comment"] = normalize_text(typed.pop("comment_typed").fillna(""))
    rounds = pd.read_parquet(raw / "rounds.parquet", columns=["round_id", "question_set"])
    questions = pd.read_parquet(raw / "questions.parquet", columns=["question_set", "question_no"])
    words = pd.read_parquet(raw / "rating_words.parquet").rename(columns={"rating": "reported_rating"})
    answers = (
        standing.merge(rounds, on="round_id")
        .merge(questions, on="question_set")
        .drop(columns="question_set")
        .merge(typed, on=["round_id", "source_file", "question_no"], how="left")
    )
    answers["comment"] = answers["comment"].fillna("")
    answers["word"] = normalize_text(answers["rating_typed"]).str.rstrip(" .:;,!")
    return answers.merge(words, on="word", how="left").drop(columns="word")


def build_contents(answers: pd.DataFrame) -> pd.DataFrame:
    """Build the content of each return, by part and as one text."""
    says = answers["reported_rating"].fillna(answers["rating_typed"].str.strip(" ").str.lower()).fillna("")
    matched = answers.assign(
        has_comment=answers["comment"] != "",
        is_blank=answers["reported_rating"].isna(),
        content=answers["question_no"].astype("str") + "|" + says + "|" + answers["comment"],
    )
    contents = (
        matched.sort_values("question_no")
        .groupby(RETURN)
        .agg(
            source_file=("source_file", "first"),
            received_on=("received_on", "first"),
            blank_ratings=("is_blank", "sum"),
            ratings=("reported_rating", "count"),
            colours=("reported_rating", "nunique"),
            comments=("has_comment", "sum"),
            words=("comment", " ".join),
            content=("content", "#".join),
        )
        .reset_index()
    )
    contents["words"] = split_words(contents["words"]).map(set).map(len)
    return contents


def find_duplicates(contents: pd.DataFrame) -> pd.DataFrame:
    """Find returns that say what an earlier one says."""
    significant = contents[(contents["colours"] > 1) | (contents["words"] >= 12)]
    significant = significant.sort_values(["received_on", "committee_id"], na_position="last")
    first = significant.groupby(["round_id", "content"])["committee_id"].transform("first")
    duplicates = significant.assign(duplicate_of_committee_id=first)
    return duplicates[duplicates["committee_id"] != first][[*RETURN, "duplicate_of_committee_id"]]


def list_passages(answers: pd.DataFrame, duplicates: pd.DataFrame) -> pd.DataFrame:
    """List each three words in a row, once for each answer."""
    worded = answers[answers["comment"] != ""].merge(duplicates, on=RETURN, how="left")
    worded = worded[worded["duplicate_of_committee_id"].isna()]
    worded["passage"] = split_words(worded["comment"]).map(
        lambda words: [
            " ".join(three) for three in dict.fromkeys(zip(words, words[1:], words[2:], strict=False))
        ]
    )
    passages = worded[[*ANSWER, "reported_rating", "passage"]].explode("passage").dropna(subset="passage")
    # What was a column of lists is one of texts again.
    return passages.astype({"passage": "str"})


def find_near_duplicates(passages: pd.DataFrame, answers: pd.DataFrame, returns: int) -> pd.DataFrame:
    """Find pairs of returns that share most of what few others say, and most ratings."""
    own = passages[[*RETURN, "passage"]].drop_duplicates()
    weights = own.groupby(["round_id", "passage"]).size().rename("returns").reset_index()
    weights = weights[weights["returns"] <= max(3, 0.3 * returns)]
    weights["weight"] = np.log(1 + returns / weights["returns"].clip(lower=2))
    weighed = own.merge(weights, on=["round_id", "passage"])
    weighed["total"] = weighed.groupby(RETURN)["weight"].transform("sum")
    rare = weighed.loc[weighed["returns"] <= 20, [*RETURN, "passage"]]
    counts = rare.groupby(RETURN).size().rename("passages").reset_index()
    others = counts.rename(columns={"committee_id": "committee_id_other", "passages": "passages_other"})

    pair = ["round_id", "committee_id", "committee_id_other"]
    pairs = rare.merge(rare, on=["round_id", "passage"], suffixes=("", "_other"))
    pairs = pairs[pairs["committee_id"] < pairs["committee_id_other"]]
    pairs = pairs.groupby(pair).size().rename("shared").reset_index()
    pairs = pairs[pairs["shared"] >= 12].merge(counts, on=RETURN)
    pairs = pairs.merge(others, on=["round_id", "committee_id_other"])
    enough = pairs["shared"] >= 0.25 * (pairs["passages"] + pairs["passages_other"] - pairs["shared"])
    pairs = pairs.loc[enough, pair]

    renamed = {"committee_id": "committee_id_other", "weight": "weight_other", "total": "total_other"}
    other = weighed.drop(columns="returns").rename(columns=renamed)
    alike = (
        pairs.merge(weighed, on=RETURN)
        .merge(other, on=["round_id", "committee_id_other", "passage"])
        .groupby(pair)
        .agg(weight=("weight", "sum"), total=("total", "max"), total_other=("total_other", "max"))
        .reset_index()
    )
    alike = alike[alike["weight"] / (alike["total"] + alike["total_other"] - alike["weight"]) >= 0.5]

    said = answers[[*ANSWER, "reported_rating", "received_on"]]
    both = (
        alike[pair]
        .merge(said, on=RETURN)
        .merge(
            said.rename(columns={"committee_id": "committee_id_other"}),
            on=["round_id", "committee_id_other", "question_no"],
            suffixes=("", "_other"),
        )
    )
    both["is_same"] = both["reported_rating"].fillna("") == both["reported_rating_other"].fillna("")
    shares = (
        both.groupby([*pair, "received_on", "received_on_other"], dropna=False)["is_same"]
        .mean()
        .reset_index()
    )
    found = shares[shares["is_same"] >= 0.8]
    is_first = found["received_on"] <= found["received_on_other"]
    later = found["committee_id_other"].where(is_first, found["committee_id"])
    return found[["round_id"]].assign(committee_id=later).drop_duplicates()


def find_opposite_answers(passages: pd.DataFrame) -> pd.DataFrame:
    """Find answers rated red whose words are those of one rated green."""
    coloured = passages[passages["reported_rating"].isin(["green", "red"])]
    key = [*QUESTION, "passage"]
    sizes = coloured.groupby(ANSWER).size().rename("passages").reset_index()
    shared = coloured.groupby(key)["reported_rating"].agg(["nunique", "size"]).reset_index()
    shared = shared.loc[(shared["nunique"] == 2) & (shared["size"] <= 20), key]
    matched = coloured.merge(shared, on=key)
    red, green = (matched[matched["reported_rating"] == colour] for colour in ("red", "green"))
    pairs = red.merge(green, on=key, suffixes=("", "_other"))
    pairs = pairs.groupby([*ANSWER, "committee_id_other"]).size().rename("shared").reset_index()
    pairs = pairs[pairs["shared"] >= 4].merge(sizes, on=ANSWER)
    others = sizes.rename(columns={"committee_id": "committee_id_other", "passages": "passages_other"})
    pairs = pairs.merge(others, on=["round_id", "committee_id_other", "question_no"])
    enough = pairs["shared"] >= 0.6 * (pairs["passages"] + pairs["passages_other"] - pairs["shared"])
    return pairs.loc[enough, ANSWER].drop_duplicates()


def find_contradictions(raw: Path, answers: pd.DataFrame) -> pd.DataFrame:
    """Find answers whose words suggest only ratings other than their own."""
    phrases = pd.read_parquet(raw / "rating_phrases.parquet").groupby("role")["phrase"].agg(list)
    before_green, after_red = ("|".join(phrases[role]) for role in ("before_turns_green", "after_turns_red"))
    plain = answers.loc[
        (answers["comment"] != "") & answers["reported_rating"].isin(["green", "red"]),
        [*ANSWER, "reported_rating", "comment"],
    ]
    words = plain["comment"].str.replace("\u2019", "'", regex=False).str.replace("-", " ", regex=False)
    found = []
    for role, colour in (("says_green", "green"), ("hints_green", "green"), ("says_red", "red")):
        for phrase in phrases[role]:
            turned = (
                rf"\b(?:{before_green})(?: [a-z']+){{0,3}} {phrase}\b"
                if colour == "green"
                else rf"\b{phrase}(?: [a-z']+){{0,4}} (?:{after_red})\b"
            )
            having = words[words.str.contains(phrase, regex=False)]
            said = having[having.str.count(rf"\b{phrase}\b") > having.str.count(turned)]
            found.append(
                plain.loc[said.index].assign(is_plain=role != "hints_green", suggested_rating=colour)
            )
    spoken = pd.concat(found)
    spoken["differs"] = spoken["suggested_rating"] != spoken["reported_rating"]
    spoken["against"] = spoken["differs"] & spoken["is_plain"]
    matched = spoken.groupby(ANSWER).agg(against=("against", "any"), only=("differs", "all")).reset_index()
    return matched.loc[matched["against"] & matched["only"], ANSWER]


def build_rankings(fct_rating: pd.DataFrame, raw: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Build counts and ranks in the nation, and in each consortium."""
    areas = pd.read_parquet(raw / "committees.parquet", columns=["committee_id", "consortium_code"])
    resolved, reported = fct_rating["resolved_rating"], fct_rating["reported_rating"]
    once = ~fct_rating["is_duplicate"]
    marks: dict[str, Any] = {"returns": True, "rated": resolved.notna(), "blank": reported.isna()}
    marks |= {colour: resolved == colour for colour in ("green", "amber", "red")}
    marks |= {f"{colour}_once": (resolved == colour) & once for colour in ("green", "red")}
    marks |= {f"{colour}_reported": reported == colour for colour in ("green", "red")}
    counted = fct_rating[ANSWER].assign(**marks).merge(areas, on="committee_id").drop(columns="committee_id")
    consortium = counted.groupby(["round_id", "consortium_code", "question_no"]).sum().reset_index()
    nation = consortium.drop(columns="consortium_code").groupby(QUESTION).sum().reset_index()
    nation["consortium_code"] = "all"
    area = ["round_id", "consortium_code"]
    for frame in (nation, consortium):
        frame["green_rank"] = rank_values(frame, frame["green"], area, most_first=True)
        frame["red_rank"] = rank_values(frame, frame["red"], area)
        frame["rank_sum"] = frame["green_rank"] + frame["red_rank"]
        frame["confidence_rank"] = rank_values(frame, frame["rank_sum"], area)
    return nation, consortium


def build_robustness(fct_rating: pd.DataFrame, ranking: pd.DataFrame) -> pd.DataFrame:
    """Build the ranks where each return is left out once, and under other rules."""
    left_out = fct_rating[[*ANSWER, "resolved_rating"]].merge(
        ranking[[*QUESTION, "green", "red"]], on=QUESTION
    )
    for colour in ("green", "red"):
        left_out[colour] -= left_out["resolved_rating"] == colour
    sums = rank_values(left_out, left_out["green"], RETURN, most_first=True) + rank_values(
        left_out, left_out["red"], RETURN
    )
    left_out["confidence_rank"] = rank_values(left_out, sums, RETURN)
    ranges = (
        left_out.groupby(QUESTION)["confidence_rank"].agg(lowest_rank="min", highest_rank="max").reset_index()
    )

    over = ["round_id"]
    green, red, blank = ranking["green_reported"], ranking["red_reported"], ranking["blank"]
    treated = ranking[QUESTION].copy()
    for name, greens, reds in (
        ("duplicates_once", ranking["green_once"], ranking["red_once"]),
        ("reported_only", green, red),
        ("blank_red", green, red + blank),
        ("blank_green", green + blank, red),
    ):
        both = rank_values(ranking, greens, over, most_first=True) + rank_values(ranking, reds, over)
        treated[f"rank_{name}"] = rank_values(ranking, both, over)
    treated["rank_net"] = rank_values(ranking, ranking["green"] - ranking["red"], over, most_first=True)
    score = (2 * ranking["green"] + ranking["amber"]) / ranking["rated"]
    treated["rank_mean_score"] = rank_values(ranking, score, over, most_first=True)
    treated["rank_green_alone"] = ranking["green_rank"]
    treated["rank_red_alone"] = ranking["red_rank"]
    return treated.merge(ranges, on=QUESTION)


def build_coverage(fct_return: pd.DataFrame, raw: Path) -> pd.DataFrame:
    """Count committees invited and returned, in the nation and in each consortium."""
    committees = pd.read_parquet(raw / "committees.parquet", columns=["committee_id", "consortium_code"])
    authorities = pd.read_parquet(
        raw / "local_authorities.parquet", columns=["committee_id", "local_authority_name"]
    )
    areas = pd.concat([committees, committees.assign(consortium_code="all")])
    invited = fct_return.merge(areas, on="committee_id").merge(authorities, on="committee_id")
    invited["is_returned"] = invited["return_status"] == "returned"
    invited["is_distinct"] = invited["is_returned"] & invited["duplicate_of_committee_id"].isna()
    invited["covered"] = invited["local_authority_name"].where(invited["is_returned"])
    return (
        invited.groupby(["round_id", "consortium_code"])
        .agg(
            invited=("committee_id", "size"),
            returned=("is_returned", "sum"),
            distinct_contents=("is_distinct", "sum"),
            local_authorities=("local_authority_name", "nunique"),
            local_authorities_covered=("covered", "nunique"),
        )
        .reset_index()
    )


def build_quality(raw: Path, sent: pd.DataFrame, answers: pd.DataFrame, contents: pd.DataFrame,
            duplicates: pd.DataFrame, fct_return: pd.DataFrame) -> pd.DataFrame:  # fmt: skip
    """Build the findings of all checks."""
    passages = list_passages(answers, duplicates)
    standing = sent[sent["place"] == 1]
    of_standing = standing[[*RETURN, "source_file"]]
    filled = contents["ratings"] + contents["comments"] > 0
    outlying = (contents["ratings"] >= 10) & ((contents["colours"] == 1) | (contents["comments"] == 0))
    latest = standing[[*RETURN, "received_on"]].rename(columns={"received_on": "standing_on"})
    others = sent[sent["place"] > 1].merge(latest, on=RETURN)
    rounds = pd.read_parquet(raw / "rounds.parquet", columns=["round_id", "fieldwork_start", "fieldwork_end"])
    timed = standing.merge(rounds, on="round_id")
    start, end = (pd.to_datetime(timed[f"fieldwork_{side}"]) for side in ("start", "end"))
    blank = answers[answers["reported_rating"].isna()]
    findings = {
        "blank_rating": blank.merge(contents.loc[filled, RETURN], on=RETURN),
        "blank_return": contents[~filled],
        "duplicate_return": duplicates.merge(of_standing, on=RETURN),
        "near_duplicate": find_near_duplicates(passages, answers, len(contents)).merge(
            of_standing, on=RETURN
        ),
        "opposite_ratings": find_opposite_answers(passages).merge(of_standing, on=RETURN),
        "comment_contradicts": find_contradictions(raw, answers).merge(of_standing, on=RETURN),
        "outlying_return": contents[outlying],
        "outside_fieldwork": timed[~timed["received_on"].between(start, end)],
        "non_return": fct_return[fct_return["return_status"] == "not_returned"],
        "superseded_return": others[others["standing_on"] > others["received_on"]],
        "conflicting_returns": others[others["standing_on"] == others["received_on"]],
    }
    columns = ["check", *ANSWER, "source_file"]
    found = [frame.assign(check=name).reindex(columns=columns) for name, frame in findings.items()]
    return pd.concat([frame for frame in found if len(frame)]).astype({"question_no": "Int32"})


def build_marts(raw: Path, out: Path) -> None:
    """Build all marts."""
    sent = read_submissions(raw)
    standing = sent[sent["place"] == 1].drop(columns="place")
    answers = read_answers(raw, standing)
    contents = build_contents(answers)
    duplicates = find_duplicates(contents)

    invitations = pd.read_parquet(raw / "invitations.parquet", columns=RETURN)
    fct_return = (
        invitations.merge(standing, on=RETURN, how="left")
        .merge(contents[[*RETURN, "blank_ratings"]], on=RETURN, how="left")
        .merge(duplicates, on=RETURN, how="left")
    )
    fct_return["is_counted"] = fct_return["source_file"].notna()
    fct_return["return_status"] = np.where(fct_return["is_counted"], "returned", "not_returned")
    status = fct_return[[*RETURN, "duplicate_of_committee_id", "is_counted"]]
    fct_rating = answers[[*ANSWER, "reported_rating", "comment"]].merge(status, on=RETURN)
    fct_rating["resolved_rating"] = fct_rating["reported_rating"]
    fct_rating["rating_status"] = np.where(fct_rating["reported_rating"].isna(), "missing", "reported")
    fct_rating["has_comment"] = fct_rating.pop("comment") != ""
    fct_rating["is_duplicate"] = fct_rating.pop("duplicate_of_committee_id").notna()
    counted = fct_rating[fct_rating["is_counted"]]
    ranking, by_consortium = build_rankings(counted, raw)
    marts = {
        "fct_return": fct_return.astype({"blank_ratings": "Int64"}),
        "fct_rating": fct_rating,
        "mart_question_ranking": ranking,
        "mart_consortium_ranking": by_consortium,
        "mart_rank_robustness": build_robustness(counted, ranking),
        "mart_coverage": build_coverage(fct_return, raw),
        "mart_data_quality": build_quality(raw, sent, answers, contents, duplicates, fct_return),
    }
    for name, frame in marts.items():
        frame.to_parquet(out / f"{name}.parquet", index=False)


if __name__ == "__main__":
    build_marts(Path(sys.argv[1]), Path(sys.argv[2]))
