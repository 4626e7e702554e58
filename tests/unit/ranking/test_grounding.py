"""Comments that keep to their item, and those that don't."""

import random
import re
from dataclasses import replace

import pytest

from tastebench.ranking.grounding import spoken_title, ungrounded
from tastebench.ranking.prompting import Candidate
from tests.unit.ranking.briefs import ALIEN, KLUTE, LAURA, MAYA, TOP_HAT, sample_films

HER = Candidate("her", "Her", "A man and a voice.", {"genres": ("romance",)}, "Spike Jonze", {"year": 2013})
MOON = Candidate("moon", "Moon", "Alone up there.", {"genres": ("science fiction",), "themes": ("memory", "work")})
TOY, TOY_2 = (
    Candidate(f"toy{n}", title, "Toys.", {"genres": ("family",)})
    for n, title in enumerate(("Toy Story", "Toy Story 2"))
)
HEAT = Candidate("heat", "Heat (1995)", "Two men.", {"themes": ("heist",)}, "Michael Mann")
JELLY = Candidate("j", "COPPER LOOK JELLY MOULD RABBIT", "", {"theme": ("kitchen",)})
OTHERS = (LAURA, TOP_HAT, ALIEN, HER, MOON, TOY, HEAT, JELLY)


@pytest.mark.parametrize(
    "comment",
    [
        "A patient private eye at work in New York.",
        "It asks little of her and gives much.",
        "A heat that builds slowly under a full moon.",
        "Maya's own kind of night.",
        "Not a musical, but it has rhythm.",
        "It lacks the noir mood you like.",
        "You like noir; this is a crime story.",
        "No science fiction here, and no horror.",
        "Somewhat slow for fans of horror.",
        "Mysterious, with memory and work in passing.",
        "Klute keeps Klute's promise.",
        "Rather than dance all night, it waits.",
        "Ein ruhiger Krimi.",
        "",
    ],
)
def test_what_is_said_of_the_item_or_of_the_person_stands(comment: str) -> None:
    assert ungrounded(comment, KLUTE, OTHERS, ["noir", "detective"]) == ""


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("As elegant as Top Hat.", "It names another candidate: Top Hat."),
        ("Quieter than Alien, and warmer.", "It names another candidate: Alien."),
        ("Think of ‘Her’ with guns.", "It names another candidate: Her."),
        ("The copper look jelly mould rabbit is nicer.", "It names another candidate: COPPER LOOK JELLY MOULD RABBIT."),
        ("Fans of Toy Story will smile.", "It names another candidate: Toy Story."),
        ("A dark musical.", "The item has no tag “musical”."),
        ("Great science fiction.", "The item has no tag “science fiction”."),
        ("Matches your interest in noir.", "The item has no tag “noir”."),
        ("Tense noir with a private eye.", "The item has no tag “noir”."),
        ("Directed by Ridley Scott at his best.", "It names Ridley Scott, whose work the item is not."),
    ],
)
def test_what_belongs_to_another_candidate_is_found(comment: str, reason: str) -> None:
    assert ungrounded(comment, KLUTE, OTHERS, ["noir", "detective"]) == reason


def test_years_count_where_the_item_s_are_known() -> None:
    assert ungrounded("A horror of 1979.", ALIEN, [KLUTE]) == ""
    assert ungrounded("A horror of 1986.", ALIEN, [KLUTE]) == "The item is not of 1986."
    assert ungrounded("Not yet the style of 1986.", ALIEN, [KLUTE]) == ""
    assert ungrounded("A crime story of 1971.", KLUTE, [ALIEN]) == ""


def test_a_longer_title_is_not_taken_for_the_shorter_one_in_it() -> None:
    assert ungrounded("Toy Story 2 goes on.", TOY_2, [TOY, KLUTE]) == ""
    assert ungrounded("Toy Story is warm.", TOY, [TOY_2, KLUTE]) == ""
    assert ungrounded("Not as good as Toy Story 2.", TOY, [TOY_2, KLUTE]) == "It names another candidate: Toy Story 2."


def test_a_title_goes_without_year_and_with_its_article_in_front() -> None:
    titles = ("Heat (1995)", "Matrix, The (1999)", "12 Angry Men", "American in Paris, An (1951)")
    assert [spoken_title(Candidate("x", title)) for title in titles] == [
        "Heat", "The Matrix", "12 Angry Men", "An American in Paris"
    ]  # fmt: skip


def heads(count: int) -> list[list[Candidate]]:
    """Return tens of films: every other one chosen at random, the others close to each other, as lists are."""
    films, luck = sample_films(), random.Random(1)
    result = []
    for number in range(count):
        like = tags_of(luck.choice(films))
        close = sorted(films, key=lambda film: (-len(tags_of(film) & like), luck.random()))
        result.append(luck.sample(films, 10) if number % 2 else close[:10])
    return result


def tags_of(film: Candidate) -> set[str]:
    return {tag for tags in film.tags.values() for tag in tags}


def halves(text: str) -> tuple[str, str]:
    parts = re.split(r"(?<=[.!?;]) ", text)
    return " ".join(parts[: len(parts) // 2]), " ".join(parts[len(parts) // 2 :])


def test_true_sentences_on_the_sample_films_are_hardly_ever_doubted() -> None:
    cared = [tag for tags in MAYA.interests.values() for tag in tags]
    doubted = whole = total = 0
    for head in heads(40):
        for film in head:
            others = [one for one in head if one is not film]
            first, second = halves(film.description)
            doubted += bool(ungrounded(second[:240], replace(film, description=first), others, cared))
            whole += bool(ungrounded(film.description[:240], film, others, cared))
            total += 1
    assert total == 400
    assert whole == 0
    assert doubted / total <= 0.02


def test_invented_claims_on_the_sample_films_are_nearly_always_found() -> None:
    luck, found = random.Random(2), []
    for head in heads(20)[1::2]:
        for film in head:
            others = [one for one in head if one is not film]
            tag = luck.choice(sorted({tag for one in others for tag in tags_of(one)} - tags_of(film)))
            claims = (
                f"A tense {tag} story that fits you.",
                f"Matches your interest in {tag}.",
                f"In the spirit of {luck.choice(others).title}, but warmer.",
            )
            found += [bool(ungrounded(claim, film, others, [tag])) for claim in claims]
    assert len(found) == 300
    assert sum(found) / len(found) >= 0.9
