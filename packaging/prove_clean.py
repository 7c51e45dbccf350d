"""Prove README's two commands on a bare Debian that has only python3.

    sudo python3 packaging/prove_clean.py                  Debian 12, both commands
    sudo python3 packaging/prove_clean.py --suite trixie   another release
    sudo python3 packaging/prove_clean.py --picture FILE   also open the demo, and keep a picture

Needs root, git and debootstrap. It makes a minimal system in a folder of its own, clones the last
commit of this checkout into it, and runs there what a stranger runs; first as somebody who may not
install anything, who must be told the one line to run. The network is reached the way this machine
reaches it: its apt mirror, its pip configuration and its certificates are handed on where it has any.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INSIDE = "/home/carehub"
COMMANDS = {
    "demo": ["python3", "packaging/dev.py", "demo", "--headless"],
    "demo again": ["python3", "packaging/dev.py", "demo", "--headless"],
    "test": ["python3", "packaging/dev.py", "test"],
}
APT = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
# Certificates beside python3: without them no bare system reaches a package index.
PACKAGES = "python3,ca-certificates"
NETWORK = re.compile(
    r"^(PIP_.*|.*_CERT|.*_CERT_FILE|.*_CA_BUNDLE|(https?|no|all)_proxy)$", re.IGNORECASE
)
PIP_FILES = ("/etc/pip.conf", "~/.config/pip/pip.conf", "~/.pip/pip.conf")


def apt_sources() -> list[str]:
    """Return the archives this machine's apt uses, in its order."""
    found = []
    for file in [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]:
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        found += re.findall(r"^deb(?:-src)?\s+(?:\[[^\]]*\]\s+)?(\S+)", text, re.MULTILINE)
        for line in re.findall(r"^URIs:\s*(.+)$", text, re.MULTILINE):
            found += line.split()
    return found


def mirror() -> str:
    """Return the archive that holds Debian itself."""
    for address in apt_sources():
        if re.search(r"/debian/?$", address):
            return address
    sys.exit("No Debian archive is among this machine's apt sources; name one with --mirror.")


def make(target: Path, suite: str, archive: str) -> None:
    """Make a minimal system and give it this machine's way to the network."""
    line = [
        "debootstrap",
        "--variant=minbase",
        f"--include={PACKAGES}",
        suite,
        str(target),
        archive,
    ]
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
    for name in ("/etc/resolv.conf", "/etc/hosts"):
        hand_on(Path(name), target)
    for name in PIP_FILES:
        hand_on(Path(name).expanduser(), target)
    for name, value in network().items():
        if not name.startswith("PIP_FIND"):
            hand_on(Path(value), target)
    ways = [
        line
        for file in sorted(Path("/etc/apt/apt.conf.d").glob("*"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("Acquire::") and line.endswith(";")
    ]
    (target / "etc/apt/apt.conf.d/90network").write_text("\n".join(ways) + "\n", encoding="utf-8")


def network() -> dict[str, str]:
    """Return the settings by which programs here reach package indexes."""
    return {name: value for name, value in os.environ.items() if NETWORK.match(name)}


def hand_on(file: Path, target: Path) -> None:
    """Copy one of this machine's files to the same place inside, where it has it."""
    if file.is_absolute() and file.is_file():
        inside = target / file.relative_to("/")
        inside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, inside)


@contextmanager
def system_folders(target: Path) -> Iterator[None]:
    """Lend the kernel's folders to the system inside, and take them back."""
    lent = [target / name for name in ("proc", "dev", "dev/shm")]
    for folder in lent:
        folder.mkdir(exist_ok=True)
        subprocess.run(
            ["mount", "--bind", f"/{folder.relative_to(target)}", str(folder)], check=True
        )
    try:
        yield
    finally:
        for folder in reversed(lent):
            subprocess.run(["umount", "--lazy", str(folder)], check=False)


def inside(target: Path, line: list[str], user: str = "root") -> subprocess.CompletedProcess[str]:
    """Run one line in the clone inside, with nothing of this machine but its way to the network."""
    settings = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "TERM": "dumb",
        **network(),
    }
    words = [f"{name}={value}" for name, value in settings.items()]
    start = ["chroot", f"--userspec={user}", str(target), "env", "-i", "-C", INSIDE, *words]
    show = subprocess.PIPE if user != "root" else None
    return subprocess.run([*start, *line], check=False, text=True, stdout=show, stderr=show)


def prove_refusal(target: Path) -> bool:
    """Somebody without rights must be told the one line, and nothing may have been made."""
    told = inside(target, COMMANDS["demo"][:-1], user="nobody")
    print(told.stderr)
    return told.returncode == 1 and "apt-get install -y python3-venv" in told.stderr


def prove(target: Path, name: str) -> bool:
    """Run one of the two commands; print how long it took and whether it went well."""
    print(f"══ {name}: {' '.join(COMMANDS[name])}", flush=True)
    started = time.monotonic()
    code = inside(target, COMMANDS[name]).returncode
    print(f"══ {name}: exit {code} after {time.monotonic() - started:.0f} s\n", flush=True)
    return code == 0


def take_picture(target: Path, picture: Path) -> bool:
    """Open the demo on a virtual screen inside, and keep what a person would see after a while."""
    inside(target, [*APT, "xvfb", "xauth", "imagemagick"])
    script = (
        "python3 packaging/dev.py demo & demo=$!; sleep 25; "
        "import -window root /tmp/demo.png; kill $demo; wait $demo; "
        # a blank screen is a few hundred bytes, one with a single sentence 25 kB
        "test $(stat -c %s /tmp/demo.png) -gt 40000"
    )
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1366x768x24", "bash", "-c", script]
    seen = inside(target, screen).returncode == 0
    hand_back = target / "tmp/demo.png"
    if hand_back.exists():
        shutil.copy(hand_back, picture)
    return seen


def main() -> int:
    """Make the system, run the proofs in it, remove it; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--suite", default="bookworm", help="Debian's release (default: bookworm)")
    parser.add_argument("--mirror", help="where its packages are (default: this machine's)")
    parser.add_argument("--picture", type=Path, help="also open the demo, and keep a picture here")
    parser.add_argument("--only", choices=[*COMMANDS], help="run one of the commands")
    parser.add_argument("--folder", type=Path, help="make the system here, and keep it")
    chosen = parser.parse_args()
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        sys.exit("This proof needs root and debootstrap (apt-get install debootstrap).")
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="carehub-clean-", dir="/var/tmp"))
    target = folder / "system"
    if not target.exists():
        print(f"══ making {chosen.suite} in {target}", flush=True)
        make(target, chosen.suite, chosen.mirror or mirror())
    shutil.rmtree(target / INSIDE[1:], ignore_errors=True)
    clone = ["git", "-c", "safe.directory=*", "clone", "--quiet", "--no-local", str(ROOT)]
    subprocess.run([*clone, str(target / INSIDE[1:])], check=True)
    with system_folders(target):
        results = {"refusal": True if chosen.only else prove_refusal(target)}
        for name in [chosen.only] if chosen.only else COMMANDS:
            results[name] = prove(target, name)
        if chosen.picture:
            results["picture"] = take_picture(target, chosen.picture)
    if not chosen.folder:
        shutil.rmtree(folder)
    print(*(f"{'ok ' if good else 'BAD'} {name}" for name, good in results.items()), sep="\n")
    return 0 if all(results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
