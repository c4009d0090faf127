"""The command line of scripts/demo."""

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from . import server
from .fetch import locked
from .furniture import Home, HomeError, load_home
from .link import linked
from .onboard import add_intendant, onboard
from .settings import HOME, LANGUAGES, PASSWORD, USER, DemoError, Settings, all_known, recall
from .talk import Talk

if TYPE_CHECKING:
    from .sound import Sound

BUILT_IN = "conversation.home_assistant"


def main() -> int:
    """Do what the command line says; 0 only if something was done or answered."""
    options = _options()
    if options.sentence == ["stop"]:
        stopped = [settings.home.stem for settings in all_known() if server.stop(settings)]
        print(f"Stopped {', '.join(stopped)}." if stopped else "Nothing was running.")
        return 0
    try:
        return asyncio.run(_talk(options))
    except (DemoError, HomeError) as err:
        print(f"demo: {err}", file=sys.stderr)
        return 1
    except KeyboardInterrupt, EOFError:
        return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/demo", description="Talk to a furnished home in a real Home Assistant."
    )
    parser.add_argument("sentence", nargs="*", help="what to say; nothing: type sentences; stop: stop Home Assistant")
    parser.add_argument("--area", help="where you stand, e.g. kitchen")
    parser.add_argument("--language", help="language you speak, e.g. zh-CN (default: the home's)")
    parser.add_argument("--home", type=Path, default=HOME, help="another home (demo/HOMES.md)")
    parser.add_argument("--port", type=int, help="another port than 8123")
    parser.add_argument("--agent", help=f"ask another agent, e.g. {BUILT_IN}")
    parser.add_argument(
        "--say", metavar="SENTENCE", help="say it aloud: the voice pipeline hears it, and answers aloud"
    )
    parser.add_argument("--wav", type=Path, metavar="FILE", help="let the voice pipeline hear a recording (16-bit PCM)")
    parser.add_argument("--out", type=Path, help="where the spoken answer goes (default: answer.wav beside demo.json)")
    options = parser.parse_args()
    if sum((bool(options.sentence), options.say is not None, options.wav is not None)) > 1:
        parser.error("a sentence, --say or --wav: one of them")
    if options.say is not None and not options.say.strip():
        parser.error("--say: there is nothing to say")
    return options


async def _talk(options: argparse.Namespace) -> int:
    """Start what is not running, then say the sentence or read sentences from the terminal."""
    settings = recall(options.home)
    home = load_home(settings.home)
    recording = _recording(options.wav) if options.wav else None
    settings.config.mkdir(parents=True, exist_ok=True)
    # A second command that comes while the first still sets up waits for it, and then finds all in place.
    with locked(settings.config / "demo.lock"):
        settings = recall(options.home)
        agent = await _ready(settings, home, options.port)
    async with linked(settings.url, settings.token) as link:
        language = options.language or LANGUAGES.get(home.language, home.language)
        talk = Talk(link, language, options.agent or agent or BUILT_IN)
        await talk.begin(options.area)
        if options.say or recording:
            return await _aloud(talk, settings, options, recording)
        if options.sentence:
            return 0 if await talk.say(" ".join(options.sentence)) else 1
        _introduce(settings, talk.agent)
        if sys.stdin.isatty():
            await _listen(talk)
    return 0


def _recording(path: Path) -> Sound:
    """Return a recording. Raise DemoError where it is none."""
    from .sound import read_wav  # noqa: PLC0415 - numpy takes its time, and typed sentences need none

    try:
        return read_wav(path.read_bytes())
    except (OSError, DemoError) as err:
        reason = err.strerror if isinstance(err, OSError) else err
        raise DemoError(f"{path} cannot be heard: {reason}.") from err


async def _aloud(talk: Talk, settings: Settings, options: argparse.Namespace, recording: Sound | None) -> int:
    """Let the voice pipeline hear a sentence or a recording."""
    from .speak import Speaker  # noqa: PLC0415 - as above
    from .voice import give_engines, give_pipeline  # noqa: PLC0415

    engines = await give_engines(talk.link, settings.config, talk.language)
    pipeline = await give_pipeline(talk.link, talk.language, talk.agent, engines)
    speaker = Speaker(talk, engines, pipeline, settings.config / "output.log")
    sound = recording or await speaker.synthesize(options.say)
    return 0 if await speaker.say(sound, (options.out or settings.config / "answer.wav").absolute()) else 1


async def _ready(settings: Settings, home: Home, port: int | None) -> str | None:
    """Start and set up whatever is missing; return Intendant's entity if there is one."""
    if server.running(settings):
        if port not in (None, settings.port):
            raise DemoError(f"This home already runs on port {settings.port}: scripts/demo stop")
    else:
        settings.port = port or settings.port
        server.start(settings, home.name, {"zh": "zh-Hans"}.get(home.language, home.language))
    if not settings.token:
        print("Making the user and finishing onboarding ...", file=sys.stderr)
        await onboard(settings, home.language, [area.id for area in home.areas])
    try:
        agent = await add_intendant(settings)
    except DemoError as err:
        print(f"demo: Intendant is not in place, Home Assistant's own agent answers. {err}", file=sys.stderr)
        return None
    if agent is None:
        print("demo: Intendant brought no agent, Home Assistant's own answers.", file=sys.stderr)
    return agent


def _introduce(settings: Settings, agent: str) -> None:
    """Tell where the home is and how to leave it."""
    print(f"\n  {settings.url}   user {USER}, password {PASSWORD}")
    print(f"  {agent} answers. Stop Home Assistant with: scripts/demo stop\n")


async def _listen(talk: Talk) -> None:
    """Read sentences from the terminal until there are none."""
    print("Say something (empty line to leave; Home Assistant goes on running):")
    while sentence := (await asyncio.to_thread(input, "> ")).strip():
        await talk.say(sentence)


if __name__ == "__main__":
    sys.exit(main())
