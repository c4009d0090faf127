"""The order of the stages, what is no sentence, and several threads; a network that scores at random stands for the model."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from tokenizers import Tokenizer, decoders, pre_tokenizers
from tokenizers.models import BPE

from intendant_core import interpret as stages
from intendant_core.catalog import load_catalog
from intendant_core.decide import Thresholds
from intendant_core.encode import special_tokens
from intendant_core.house import House
from intendant_core.intentions import Act, Memory, Refuse, Situation
from intendant_core.interpret import Interpreter
from intendant_core.misread import contradicts
from intendant_core.model import Model, Sizes
from intendant_core.notation import parse_calls
from intendant_core.values import Area, Call, Entity, Home, Reading, State
from training.fuzz import garbage

if TYPE_CHECKING:
    from intendant_core.bundle import Bundle

SPECIAL = special_tokens(load_catalog())
HOME = Home(
    (Area("kitchen", "Kitchen"),),
    (),
    (),
    (Entity("light.spots", "Kitchen spots", (), "kitchen"), Entity("fan.dyson", "Dyson")),
)


def make_tokenizer() -> Tokenizer:
    """Take every byte for a token, and our own tokens."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(BPE({letter: i for i, letter in enumerate(letters)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(SPECIAL)
    return tokenizer


@dataclass
class FakeSession:
    """Prefers the tokens it was told to, in the order of their asking."""

    wishes: list[int]
    fed: list[int] = field(default_factory=list)

    def feed(self, ids: list[int]) -> None:
        self.fed += ids

    def logits(self, ids: list[int]) -> np.ndarray:
        """Score the first wish that is allowed."""
        wish = next((wish for wish in self.wishes if wish in ids), None)
        if wish is not None:
            self.wishes.remove(wish)
        return np.array([9.0 if token == wish else 0.0 for token in ids])


class FakeModel:
    """Makes sessions and keeps them."""

    def __init__(self, wishes: list[int]) -> None:
        self.wishes = wishes
        self.sessions: list[FakeSession] = []

    def session(self) -> FakeSession:
        self.sessions.append(FakeSession(list(self.wishes)))
        return self.sessions[-1]


def make_interpreter(*wishes: str) -> tuple[Interpreter, FakeModel, Tokenizer]:
    tokenizer = make_tokenizer()
    ids: dict[str, int] = {token: cast("int", tokenizer.token_to_id(token)) for token in SPECIAL}
    model = FakeModel([ids[wish] for wish in wishes])
    bundle = SimpleNamespace(tokenizer=tokenizer, special_ids=ids, model=model, thresholds=Thresholds(0, 0, 1.1, 0))
    return Interpreter(cast("Bundle", bundle)), model, tokenizer


def make_situation(memory: Memory | None = None) -> Situation:
    now = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
    return Situation(House(HOME), lambda _: State("off"), now, memory=memory or Memory())


def test_the_model_sees_the_marked_sentence_in_lower_case() -> None:
    interpreter, model, tokenizer = make_interpreter("<on>", "<@1>", "<end>")
    found = interpreter.interpret("  Turn on the KITCHEN spots! ", make_situation())
    [session] = model.sessions
    # What was written goes along with the next pass, and the last token is never fed.
    assert (
        tokenizer.decode(session.fed, skip_special_tokens=False)
        == "<say> turn on the kitchen spots<@1><light>!<do><on><@1>"
    )
    assert found.reading is not None
    assert found.reading.text == "Turn on the KITCHEN spots!"
    [act] = found.intentions
    assert isinstance(act, Act)
    assert act.entity_ids == ("light.spots",)


def test_the_stages_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    def spy(name: str) -> None:
        work = getattr(stages, name)

        def watched(*args: object) -> object:
            order.append(name)
            return work(*args)

        monkeypatch.setattr(stages, name, watched)

    names = [
        "clean",
        "find_quantities",
        "prompt_pieces",
        "encode_pieces",
        "Grammar",
        "write_calls",
        "carry_over",
        "plan_calls",
        "decide",
    ]
    for name in names:
        spy(name)
    interpreter, _, _ = make_interpreter("<on>", "<@1>", "<end>")
    interpreter.interpret("turn on the kitchen spots", make_situation())
    assert order == names


def test_the_turn_before_is_told() -> None:
    interpreter, model, tokenizer = make_interpreter("<on>", "<end>")
    before = Reading("lights off", "en", (), (Call("off", "light"),))
    interpreter.interpret("and on", make_situation(Memory(before)))
    assert tokenizer.decode(model.sessions[0].fed, skip_special_tokens=False).startswith(
        "<prev><off><light><say> and on<do>"
    )


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200b\u0000\u0007", "😀😀", "?!…", "<>", "，。"])
def test_nothing_said(text: str) -> None:
    interpreter, model, _ = make_interpreter()
    found = interpreter.interpret(text, make_situation())
    assert found.reading is None
    assert [intention.key for intention in found.intentions if isinstance(intention, Refuse)] == ["nothing_said"]
    assert not model.sessions


def test_too_long() -> None:
    interpreter, model, _ = make_interpreter()
    [refusal] = interpreter.interpret("turn on the light " * 600, make_situation()).intentions
    assert isinstance(refusal, Refuse)
    assert refusal.key == "too_long"
    assert not model.sessions


@pytest.mark.parametrize(
    "text", ["turn <off> the light", "light<end>", "<@1> on", '<"> a', "turn\u0000 on\u001b[31m the\u202e light"]
)
def test_no_sentence_can_spell_a_token(text: str) -> None:
    interpreter, model, tokenizer = make_interpreter("<none>", "<end>")
    interpreter.interpret(text, make_situation())
    said = tokenizer.decode(model.sessions[0].fed, skip_special_tokens=False).partition("<say>")[2].partition("<do>")[0]
    assert not any(token in said for token in ("<off>", "<end>", '<">'))
    assert said.isprintable()


@pytest.fixture(scope="module")
def real() -> Interpreter:
    """Return an interpreter with a real network of random weights."""
    tokenizer = make_tokenizer()
    sizes = Sizes(tokenizer.get_vocab_size(), 16, 2, 4, 2, 4, 24, 100.0, 1e-5)
    chance = np.random.default_rng(3)
    tensors: dict[str, Any] = {"embed": chance.standard_normal((sizes.vocab, 16)), "norm": np.ones(16)}
    for i in range(2):
        shapes = {
            "attn_norm": (16,),
            "qkv": (32, 16),
            "out": (16, 16),
            "mlp_norm": (16,),
            "gate_up": (48, 16),
            "down": (16, 24),
        }
        tensors |= {f"layers.{i}.{name}": chance.standard_normal(shape) for name, shape in shapes.items()}
    ids: dict[str, int] = {token: cast("int", tokenizer.token_to_id(token)) for token in SPECIAL}
    bundle = SimpleNamespace(tokenizer=tokenizer, special_ids=ids, model=Model(sizes, tensors), thresholds=Thresholds())
    return Interpreter(cast("Bundle", bundle))


@pytest.mark.parametrize("seed", range(60))
def test_garbage_is_survived(real: Interpreter, seed: int) -> None:
    assert real.interpret(garbage(seed), make_situation()).intentions


def test_threads_do_not_disturb_each_other(real: Interpreter) -> None:
    sentences = [f"turn {word} the kitchen spots to {number}" for word in ("on", "off", "up") for number in range(12)]
    situation = make_situation()
    alone = [real.read(sentence, situation.house) for sentence in sentences]
    together = threading.Barrier(4)

    def read_all(_: int) -> list[Reading]:
        together.wait()
        return [real.read(sentence, situation.house) for sentence in sentences]

    with ThreadPoolExecutor(4) as pool:
        for readings in pool.map(read_all, range(4)):
            assert readings == alone


@pytest.mark.parametrize(
    ("calls", "twice"),
    [
        ("off light @1 @2 ; set climate @2 temperature=@3", True),
        ("off light @1 ; set climate @2 temperature=@3", False),
        ("off light @1 ; off fan @1", False),
        ("off light @1 @2 ; off fan @1 @2", False),
    ],
)
def test_a_name_said_once_belongs_to_one_call(calls: str, twice: bool) -> None:
    assert contradicts(Reading("x", "en", (), parse_calls(calls))) is twice


@pytest.mark.parametrize(
    ("one", "other", "undoes"),
    [
        (Act(Call("off"), (), ("light.a",)), Act(Call("on"), (), ("light.a",)), True),
        (Act(Call("off"), (), ("light.a",)), Act(Call("on"), (), ("light.b",)), False),
        (Act(Call("on"), (), ("light.a",)), Act(Call("set"), (), ("light.a",)), False),
        (Act(Call("on"), (), ("light.a",)), Act(Call("off"), (), ("light.a",), delay=60.0), False),
    ],
)
def test_a_sentence_does_not_undo_itself(one: Act, other: Act, undoes: bool) -> None:
    assert stages.undoes_itself((one, other)) is undoes


@pytest.mark.parametrize(
    ("said", "calls", "wrong"),
    [
        ("ketchup and rice on the list", 'add item="ketchup and rice" item="rice"', True),
        ("ketchup and rice on the list", 'add item="ketchup" item="rice"', False),
        ("rice and fried rice on the list", 'add item="fried rice" item="rice"', False),
        ("set Dustin to turbo", 'set "Dustin" mode=quiet', True),
        ("set Dustin to turbo", 'set "Dustin" mode=turbo', False),
        ("set Dustin to something gentle", 'set "Dustin" mode=quiet', False),
    ],
)
def test_a_reading_may_contradict_its_sentence(said: str, calls: str, wrong: bool) -> None:
    assert contradicts(Reading(said, "en", (), parse_calls(calls))) is wrong
