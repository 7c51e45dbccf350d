"""Write the hash-locked requirement files anew from pyproject.toml; needs `uv`.

    python packaging/lock.py [--upgrade]

No file names an index or an address: whoever installs uses their own pip configuration.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = Path("packaging")

# The widest set comes first; the others are held to its versions, so that one environment serves all.
PARTS = ["--extra", "client", "--extra", "platform"]
SETS = {
    "requirements-dev.txt": [*PARTS, "--group", "dev"],
    "requirements.txt": [*PARTS, "--group", "build"],
    "requirements-voice.txt": [*PARTS, "--extra", "voice", "--group", "build"],
}


def command(name: str, upgrade: bool) -> list[str]:
    """Return the line that locks one file for every platform and Python we support."""
    line = ["uv", "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11"]
    line += ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate"]
    line += ["--no-header", "--quiet", "--output-file", str(HERE / name), *SETS[name]]
    if upgrade:
        line.append("--upgrade")
    if name != "requirements-dev.txt":
        line += ["--constraint", str(HERE / "requirements-dev.txt")]
    return line


def main() -> int:
    """Lock each file in turn; stop at the first that cannot be resolved."""
    for name in SETS:
        print(f"locking {name}")
        code = subprocess.run(
            command(name, "--upgrade" in sys.argv), cwd=ROOT, check=False
        ).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
