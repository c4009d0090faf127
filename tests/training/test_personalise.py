"""From a journal to a bundle that was checked, and back to a Home Assistant that is a real server."""

from __future__ import annotations

import io
import json
import tarfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
import torch
import yaml
from tokenizers import Tokenizer

from intendant_core.bundle import load_bundle, read_card
from training.exchange import (
    BUNDLES,
    JOURNAL,
    ExchangeError,
    ask_verdict,
    fetch_bundle,
    fetch_journal,
    pack,
    send_bundle,
)
from training.export import export, write_bundle
from training.network import Network, Shape
from training.personalise import IN_SERVICE, RECIPE, deliver, keep_thresholds, main, read_token
from training.stock import read_line
from training.ways_data import checking_examples, learning_examples

from .simulated import Log, ordinary
from .test_anonymise import SECRETS, found_in, plant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "a-long-lived-token"
FILES = ["model.safetensors", "tokenizer.json", "card.json", "gate.json"]


class House(BaseHTTPRequestHandler):
    """A Home Assistant as far as these two addresses go."""

    journal: bytes = b""
    got: bytes = b""
    answer: tuple[int, bytes] = (200, b'{"version": 4, "state": "in_service", "why": ""}')
    states: ClassVar[list[str]] = []
    """What is said about the version, one after the other."""
    in_service: bytes = b""
    elsewhere: str | None = None
    seen: list[str | None]

    def _allowed(self, path: str) -> bool:
        type(self).seen.append(self.headers["Authorization"])
        if self.elsewhere:
            self.send_response(302)
            self.send_header("Location", self.elsewhere)
            self.end_headers()
        elif self.path != path:
            self.send_error(404)
        elif self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.send_error(401)
        else:
            return True
        return False

    def do_GET(self) -> None:
        path = self.path if self.path in (BUNDLES, f"{BUNDLES}/in_service") else JOURNAL
        if self._allowed(path):
            self.send_response(200)
            self.end_headers()
            given = self.in_service if path.endswith("in_service") else self.journal
            self.wfile.write(self._verdict() if path == BUNDLES else given)

    def _verdict(self) -> bytes:
        state = type(self).states.pop(0)
        return json.dumps({"versions": [{"version": "4", "state": state, "why": "better"}]}).encode()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._allowed(BUNDLES):
            type(self).got = body
            assert self.headers["Content-Type"] == "application/gzip"
            self.send_response(self.answer[0])
            self.end_headers()
            self.wfile.write(self.answer[1])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(**changes: Any) -> Iterator[tuple[str, type[House]]]:
    handler = type("OneHouse", (House,), {"seen": [], **changes})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", handler
        server.shutdown()
        thread.join()


def test_the_journal_is_fetched() -> None:
    with serving(journal=b"x" * 3_000_000) as (url, _):
        into = io.BytesIO()
        fetch_journal(f"{url}/", TOKEN, into)
    assert len(into.getvalue()) == 3_000_000


@pytest.mark.parametrize(
    ("token", "changes", "why"),
    [
        ("wrong", {}, "not accepted"),
        (TOKEN, {"elsewhere": "http://127.0.0.1:1/api"}, "sends elsewhere"),
    ],
)
def test_a_journal_that_is_refused(token: str, changes: dict[str, Any], why: str) -> None:
    with serving(**changes) as (url, _), pytest.raises(ExchangeError, match=why):
        fetch_journal(url, token, io.BytesIO())


def test_the_token_goes_nowhere_else() -> None:
    with serving() as (other, stranger), serving(elsewhere=f"{other}{JOURNAL}") as (url, _):
        with pytest.raises(ExchangeError):
            fetch_journal(url, TOKEN, io.BytesIO())
        assert stranger.seen == []


@pytest.mark.parametrize("url", ["ftp://house", "file:///etc/passwd", "http://", "house:8123"])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(ExchangeError, match="no address"):
        fetch_journal(url, TOKEN, io.BytesIO())


def test_nobody_answers() -> None:
    with pytest.raises(ExchangeError, match="can not be reached"):
        fetch_journal("http://127.0.0.1:9", TOKEN, io.BytesIO())


@pytest.mark.parametrize("content", ["", "  \n", "two\nlines", "schlüssel"])
def test_tokens_that_are_none(tmp_path: Path, content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INTENDANT_TOKEN", raising=False)
    (tmp_path / "token").write_text(content, encoding="utf-8")
    for path in (tmp_path / "token", tmp_path / "none", None):
        with pytest.raises(ExchangeError, match=r"no token|can not be read"):
            read_token(path)
    monkeypatch.setenv("INTENDANT_TOKEN", f"{TOKEN}\n")
    assert read_token(None) == TOKEN


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """Return a bundle of an untrained network, small enough to train in no time, with the vocabulary in service."""
    tokenizer = Tokenizer.from_file(str(IN_SERVICE / "tokenizer.json"))
    torch.manual_seed(0)
    shape = Shape(vocab=tokenizer.get_vocab_size(), width=32, layers=1, heads=4, kv_heads=2, head=8, hidden=64)
    facts = json.loads((IN_SERVICE / "card.json").read_text(encoding="utf-8"))
    facts["sizes"] |= {
        "vocab": shape.vocab,
        "width": 32,
        "layers": 1,
        "heads": 4,
        "kv_heads": 2,
        "head": 8,
        "hidden": 64,
    }
    for name in ("format", "sha256", "bytes"):
        del facts[name]
    write_bundle(tmp_path / "tiny", export(Network(shape), 8, 8), (IN_SERVICE / "tokenizer.json").read_bytes(), facts)
    return tmp_path / "tiny"


def judged(work: Path, bundle: Path, verdict: str) -> Path:
    """Return a work folder at its end: a bundle and its verdict."""
    (work / "gate").mkdir(parents=True)
    (work / "bundle").symlink_to(bundle)
    found = {"verdict": verdict, "why": "not passed: right on the fixed check", "parent": "0" * 16, "checks": []}
    (work / "gate/gate.json").write_text(json.dumps(found), encoding="utf-8")
    return work


def test_a_bundle_that_passed_is_sent(tmp_path: Path, tiny: Path) -> None:
    work = judged(tmp_path / "work", tiny, "passed")
    with serving() as (url, house):
        assert deliver(url, TOKEN, work, send=True) == "Home Assistant has version 4, in_service."
        with tarfile.open(fileobj=io.BytesIO(house.got), mode="r:gz") as tar:
            assert tar.getnames() == FILES
            assert {(entry.uid, entry.gid, entry.uname, entry.gname, entry.mtime) for entry in tar} == {
                (0, 0, "", "", 0)
            }
            tar.extractall(tmp_path / "there", filter="data")
    assert load_bundle(tmp_path / "there").card == read_card(tiny)


def test_the_verdict_of_the_house_is_waited_for() -> None:
    with serving(states=["checking", "refused"]) as (url, _):
        assert ask_verdict(url, TOKEN, "4", wait=0)["state"] == "refused"
    with serving(states=["in_service"]) as (url, _):
        assert ask_verdict(url, TOKEN, "5", wait=0)["state"] == "gone"


def test_the_bundle_in_service_is_fetched(tmp_path: Path, tiny: Path) -> None:
    (tmp_path / "gate.json").write_text("{}", encoding="utf-8")
    pack(tiny, tmp_path / "gate.json", tmp_path / "whole.tar.gz")
    whole = (tmp_path / "whole.tar.gz").read_bytes()
    with serving(in_service=whole) as (url, _):
        fetch_bundle(url, TOKEN, tmp_path / "fetched")
    assert load_bundle(tmp_path / "fetched").card == read_card(tiny)
    assert not (tmp_path / "fetched/gate.json").exists()
    for number, wrong in enumerate((whole[:5000], b"", b"no archive")):
        with serving(in_service=wrong) as (url, _), pytest.raises(ExchangeError, match="bundle in service"):
            fetch_bundle(url, TOKEN, tmp_path / f"wrong{number}")


def test_one_that_did_not_pass_is_not(tmp_path: Path, tiny: Path) -> None:
    work = judged(tmp_path / "work", tiny, "refused")
    with serving() as (url, house):
        assert "stays" in deliver(url, TOKEN, work, send=True)
        assert not house.seen


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((200, b"<html>"), "not Intendant's"),
        ((200, b"[]"), "not Intendant's"),
        ((413, b""), "too large"),
        ((500, b""), "500"),
    ],
)
def test_answers_that_are_none(tmp_path: Path, tiny: Path, answer: tuple[int, bytes], why: str) -> None:
    judged(tmp_path, tiny, "passed")
    pack(tiny, tmp_path / "gate/gate.json", tmp_path / "bundle.tar.gz")
    with serving(answer=answer) as (url, _), pytest.raises(ExchangeError, match=why):
        send_bundle(url, TOKEN, tmp_path / "bundle.tar.gz")


def test_thresholds_are_taken_over(tiny: Path) -> None:
    card = json.loads((tiny / "card.json").read_text(encoding="utf-8"))
    (tiny / "card.json").write_text(
        json.dumps(card | {"thresholds": {"act": 0.1, "weakest": 0.1, "outside": 0.1}}), encoding="utf-8"
    )
    keep_thresholds(IN_SERVICE, tiny)
    assert read_card(tiny).thresholds == read_card(IN_SERVICE).thresholds


def test_ways_are_filled_as_they_were_said() -> None:
    ways = [
        read_line("turn the {light} off before i trip | off {light}", "en", "journal"),
        read_line("off {fan} >> 关掉{light} | off {light}", "zh", "journal"),
    ]
    rows = checking_examples(ways, 3, 30, seed=1)
    assert {(row["way"], row["language"]) for row in rows} == {(0, "en"), (1, "zh")}
    assert all(
        row["prompt"].startswith("<say> turn the ") and "off before i trip" in row["prompt"]
        for row in rows
        if not row["way"]
    )
    assert all(row["prompt"].startswith("<prev><off><fan><say>关掉") for row in rows if row["way"])
    learnt = learning_examples(ways, 60, 30, seed=1)
    assert len(learnt) == 60
    assert len({row["prompt"] for row in learnt}) > 30


def test_ways_that_no_home_can_fill_do_not_hang() -> None:
    ways = [read_line("hello {option} {option2} {option3} | none", "en", "journal")]
    assert learning_examples(ways, 5, 1, seed=1) == [] or checking_examples(ways, 1, 1, seed=1) is not None


def recipe(tmp_path: Path) -> Path:
    whole = yaml.safe_load(RECIPE.read_text(encoding="utf-8"))
    whole["mix"] |= {"household_examples": 80, "homes": 20, "fills": 1}
    whole["gate"] |= {"examples": 12, "homes": 5, "draws": 200}
    whole["finetune"] |= {"rows": 4, "bf16": False, "check_examples": 20}
    (tmp_path / "personal.yaml").write_text(yaml.safe_dump(whole), encoding="utf-8")
    return tmp_path / "personal.yaml"


@pytest.mark.timeout(900)
def test_the_whole_loop(
    tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("INTENDANT_TOKEN", TOKEN)
    log = plant(ordinary(Log(), 400), 1000).write(tmp_path / "log.jsonl")
    work = tmp_path / "work"
    with serving(journal=log.read_bytes()) as (url, house):
        main(
            [
                url,
                "--bundle",
                str(tiny),
                "--recipe",
                str(recipe(tmp_path)),
                "--work",
                str(work),
                "--steps",
                "3",
                "--replay",
                "60",
            ]
        )
        assert len(house.seen) == 1
    # An untrained network of three steps is better at nothing: it must not get into service.
    assert json.loads((work / "gate/gate.json").read_text(encoding="utf-8"))["verdict"] == "refused"
    assert not (work / "bundle.tar.gz").exists()
    assert load_bundle(work / "bundle").card.parent == read_card(tiny).sha256["model.safetensors"][:16]
    printed = capfd.readouterr()
    assert "The bundle in service stays" in printed.out
    assert not found_in(printed.out + printed.err)
    names = [secret.encode() for secret in SECRETS if len(secret) > 5] + [
        name.encode() for name in ("Zebulon", "Quartermain", TOKEN)
    ]
    for path in (path for path in work.rglob("*") if path.is_file()):
        content = path.read_bytes()
        ours = not path.is_relative_to(work / "extra") and not path.is_relative_to(work / "replay")
        assert not [name for name in names if name in content and ours], path
        if path.suffix in (".txt", ".json", ".jsonl") and path.name != "tokenizer.json" and ours:
            assert not found_in(content.decode()), path
