"""Whatever a network scores, what is written is a reading of the catalogue about this sentence."""

import pytest

from intendant_core.grammar import Grammar, Place, Progress
from intendant_core.values import Text
from training.fuzz import IDS, complaint, place_words, random_turn

TEXT = "set the lamp to 20 and the lamp off"


@pytest.mark.parametrize("seed", range(300))
def test_random_scores_write_a_valid_reading(seed: int) -> None:
    """Each output parses, points to marks that exist, and copies words that stand in the sentence."""
    assert complaint(*random_turn(seed)) is None


def test_same_words_twice_are_copied_on() -> None:
    """A word that stands twice in the sentence can be followed by either follower."""
    places = place_words(TEXT)
    grammar = Grammar(IDS, [], places, TEXT)
    progress = Progress()
    for token in (IDS["<off>"], IDS['<">'], places[1].id, places[2].id):
        assert token in grammar.allowed(progress)
        progress = grammar.advance(progress, token)
    assert {places[3].id, places[8].id, IDS['<">']} == set(grammar.allowed(progress))


def test_copied_words_are_whole() -> None:
    """Of "reggae", cut into pieces by the tokenizer, neither a first nor a last piece is copied alone."""
    text = "play reggae"
    places = [Place(1000, 0, 4), Place(1001, 4, 7), Place(1002, 7, 9), Place(1003, 9, 11)]
    grammar = Grammar(IDS, [], places, text)
    progress = Progress()
    for token in (IDS["<play>"], IDS["<query=>"], IDS['<">']):
        progress = grammar.advance(progress, token)
    assert grammar.allowed(progress) == [1000, 1001]
    for token in (1001, 1002):
        progress = grammar.advance(progress, token)
        assert IDS['<">'] not in grammar.allowed(progress)
    progress = grammar.advance(grammar.advance(progress, 1003), IDS['<">'])
    assert progress.calls[0].slots == (("query", Text("reggae")),)
