"""How a new bundle comes in: unpacked, loaded, judged in the background, and then put in service, made to read along, or refused."""

from math import inf, isfinite
from shutil import rmtree
from typing import TYPE_CHECKING, Final

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

from ..const import LOGGER
from ..core.errors import BundleError
from ..core.intentions import Memory, Situation
from ..core.values import State
from ..engine import hash_of, issue_of
from .archive import unpack, unusable
from .evidence import read_evidence
from .gate import Candidate, async_judge
from .reread import MOST_REREAD, is_accepted
from .shelf import Version
from .verdict import bad

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from homeassistant.core import HomeAssistant

    from ..core.bundle import Card
    from ..core.house import House
    from ..core.interpret import Interpreter
    from ..engine import Engine
    from ..journal.record import TurnRecord
    from ..runtime import IntendantConfigEntry
    from . import Versions
    from .evidence import Evidence
    from .shelf import Shelf

_MOST_BYTES: Final = 768 << 20
"""Memory that a bundle may take."""
_MOST_SIZE: Final = 1 << 20
_MOST_LOOKED_AT: Final = 3000
_PAGE: Final = 200


class Intake:
    """Takes one bundle after the other."""

    def __init__(
        self, hass: HomeAssistant, entry: IntendantConfigEntry, shelf: Shelf, engine: Engine, versions: Versions
    ) -> None:
        """Take where bundles are kept, and what puts them in service."""
        self._hass = hass
        self._entry = entry
        self._shelf = shelf
        self._engine = engine
        self._versions = versions
        self._taking = False

    def new_folder(self) -> Path:
        """Return where something can be put while it is looked at: it is cleared away at the next start at the latest."""
        return self._shelf.unfinished(ulid_now())

    async def async_take(self, archive: Path, *, shadow: bool) -> str:
        """Unpack and load a bundle, and begin to judge it; return its version. `shadow`: it shall read along first.

        Raise a HomeAssistantError when it cannot be used: nothing of it is left then.
        """
        if self._taking or self._versions.checking:
            raise unusable("busy_checking")
        self._taking = True
        folder = self.new_folder()
        try:
            evidence = await self._hass.async_add_executor_job(_unpack, archive, folder)
            interpreter, card = await self._async_open(folder)
            version = self._describe(card, evidence)
        except BaseException:
            await self._hass.async_add_executor_job(rmtree, folder, True)  # noqa: FBT003 - it takes no names
            raise
        finally:
            self._taking = False
        self._versions.checking = version
        self._entry.async_create_background_task(
            self._hass,
            self._async_decide(version, folder, interpreter, evidence, shadow=shadow),
            "intendant judges a bundle",
        )
        return version.version

    async def _async_open(self, folder: Path) -> tuple[Interpreter, Card]:
        try:
            return await self._engine.async_open(folder)
        except BundleError as err:
            raise unusable(issue_of(err)) from err
        except Exception as err:
            # Files made to confuse may confuse the libraries that read them in ways of which nobody has thought.
            raise unusable("bundle_corrupt") from err

    def _describe(self, card: Card, evidence: Evidence | None) -> Version:
        found = hash_of(card)
        if found == self._engine.hash:
            raise unusable("already_in_service")
        if any(known.hash == found and not known.refused for known in self._shelf.index.versions.values()):
            raise unusable("already_kept")
        now = dt_util.utcnow()
        scores = {**card.scores, **(evidence.scores if evidence else {})}
        return Version(f"{now:%Y-%m-%d}-{found[:8]}", found, now.isoformat(), scores)

    async def _async_decide(
        self, version: Version, folder: Path, interpreter: Interpreter, evidence: Evidence | None, *, shadow: bool
    ) -> None:
        """Judge a bundle, and do what follows from that."""
        try:
            turns = await self._async_accepted()
            findings = await async_judge(self._hass, self._engine, Candidate(interpreter, evidence, turns))
        except Exception as err:  # noqa: BLE001 - whatever fails, what is in service stays; the message may hold words of the household
            LOGGER.error("A bundle could not be judged: %s", type(err).__name__)
            findings = [bad("not_judged")]
        finally:
            self._versions.checking = None
        version = Version(version.version, version.hash, version.made, version.scores, tuple(findings))
        if any(finding.bad for finding in findings):
            LOGGER.warning("Version %s is refused", version.version)
            await self._shelf.async_refuse(version, folder)
            return
        await self._shelf.async_keep(version, folder)
        try:
            if shadow:
                await self._versions.async_shadow(version.version)
            else:
                await self._versions.async_use(version.version)
        except HomeAssistantError as err:
            LOGGER.error("Version %s could not be put in service: %s", version.version, err.translation_key)

    async def _async_accepted(self) -> list[tuple[TurnRecord, Situation]]:
        """Return the latest accepted turns of the journal, with what each is read in; none when there is no journal."""
        runtime = self._entry.runtime_data
        if runtime.journal is None or not runtime.journal.is_keeping:
            return []
        houses = {key: await keeper.async_house() for key, keeper in runtime.houses.items()}
        found: list[tuple[TurnRecord, Situation]] = []
        before, more, looked = None, True, 0
        while more and len(found) < MOST_REREAD and looked < _MOST_LOOKED_AT:
            turns, more, _ = await runtime.journal.async_list("all", "", before, _PAGE)
            found += [
                (turn, self._situation(turn, house))
                for turn in filter(is_accepted, turns)
                if (house := houses.get(self._subentry_of(turn.agent)))
            ]
            looked += len(turns)
            before = turns[-1].id if turns else None
            more = more and bool(turns)
        return found[:MOST_REREAD]

    def _subentry_of(self, agent: str) -> str:
        entry = er.async_get(self._hass).async_get(agent)
        return (entry.config_subentry_id if entry else None) or ""

    def _situation(self, turn: TurnRecord, house: House) -> Situation:
        def states(entity_id: str) -> State | None:
            state = self._hass.states.get(entity_id)
            return State(state.state, state.attributes) if state else None

        return Situation(house, states, dt_util.now(), turn.language, turn.area, memory=Memory())


def _unpack(archive: Path, folder: Path) -> Evidence | None:
    """Unpack a bundle and look at its card before anything is made as large as that says. Blocks."""
    from ..core.bundle import read_card  # noqa: PLC0415 - its libraries may not fit a machine

    folder.mkdir(parents=True)
    unpack(archive, folder)
    try:
        card = read_card(folder)
    except BundleError as err:
        raise unusable(issue_of(err)) from err
    check_card(card)
    return read_evidence(folder)


def check_card(card: Card) -> None:
    """Raise a HomeAssistantError when a card says what no bundle can be, or leaves something out."""
    sizes, bounds = card.sizes, card.thresholds
    whole = (sizes.vocab, sizes.width, sizes.layers, sizes.heads, sizes.kv_heads, sizes.head, sizes.hidden)
    texts = (card.base, card.licence, card.recipe, card.data, card.catalogue, *card.languages, *card.special)
    scores: object = card.scores
    sound = (
        all(_is_whole(size) for size in whole)
        and _are_numbers((sizes.theta, sizes.eps))
        and _are_numbers((bounds.act, bounds.weakest, bounds.outside, bounds.careful), 0, 1)
        and all(map(_is_text, texts))
        and bool(card.languages)
        and isinstance(scores, dict)
        and _are_numbers(scores.values())
    )
    if not sound:
        raise unusable("card_incomplete")
    layer = sizes.width * (sizes.head * 2 * (sizes.heads + sizes.kv_heads) + 3 * sizes.hidden)
    if 4 * (sizes.vocab * sizes.width + sizes.layers * layer) > _MOST_BYTES:
        raise unusable("bundle_too_big")


def _is_whole(size: object) -> bool:
    return type(size) is int and 0 < size <= _MOST_SIZE


def _is_text(text: object) -> bool:
    return isinstance(text, str) and bool(text)


def _are_numbers(values: Iterable[object], least: float = -inf, most: float = inf) -> bool:
    return all(isinstance(value, int | float) and isfinite(value) and least <= value <= most for value in values)
