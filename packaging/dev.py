"""Set everything up and run CareHub from this checkout; needs nothing but Python 3.11 to 3.13.

    python3 packaging/dev.py demo [--headless]   a household with pretend meters
    python3 packaging/dev.py test                every check and every test
    python3 packaging/dev.py check               the checks without the tests
    python3 packaging/dev.py shots FOLDER        a picture of every screen
    python3 packaging/dev.py run …               CareHub itself, with its own words after `run`
    python3 packaging/dev.py setup               only the set-up

The first run installs; later runs start at once. `--voice` before the word adds reading aloud.
Standard library only, and plain enough that an old Python can read it and say that it is too old.
"""

import ctypes
import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOG = ENVIRONMENT / "setup.log"
OLDEST, NEWEST = (3, 11), (3, 13)

# What a word starts once the set-up is done, with its own first arguments.
SCRIPTS = {
    "test": ["packaging/verify.py", "test"],
    "check": ["packaging/verify.py", "check"],
    "shots": ["-m", "carehub.ui.shots"],
    "setup": [],
}

# Library to load -> Debian's package that brings it. What Qt needs to start at all …
QT = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfreetype.so.6": "libfreetype6",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
# … and to open a window on a screen.
SCREEN = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
VOICE = {"libspeechd.so.2": "libspeechd2", "libpulse.so.0": "libpulse0"}
FONT_PACKAGE = "fonts-noto-cjk"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
FONT_NAMES = re.compile(
    r"cjk|wqy|wenquan|hansans|notosanssc|droidsansfallback|yahei", re.IGNORECASE
)

NO_ROOM = "The disk is full. Free about 1.5 GB and run this again."
NO_NETWORK = """The package index cannot be reached. Connect to the network (pip's own proxy and \
index settings are respected), then run this again."""
NO_TRUST = """A certificate on the way to the package index is not trusted. Tell pip about yours \
(PIP_CERT), then run this again."""
NOT_LOCKED = """A downloaded package is not the one this project locked, so nothing was installed. \
Check your package index."""
NO_BUILD = """A locked package has no ready-made build for this computer at your package index. \
CareHub is made for 64-bit Linux with Python 3.11 to 3.13."""
# What pip says -> what happened and what to do; the first that matches is the cause.
COMPLAINTS = {
    r"No space left on device": NO_ROOM,
    r"CERTIFICATE_VERIFY_FAILED|SSLError": NO_TRUST,
    r"name resolution|Name or service not known|NewConnectionError|ConnectTimeout": NO_NETWORK,
    r"Network is unreachable|ProxyError|Read timed out|Connection refused": NO_NETWORK,
    r"DO NOT MATCH THE HASHES": NOT_LOCKED,
    r"No matching distribution found": NO_BUILD,
}


class Stop(Exception):
    """Something a person must do first; the message is one sentence that says what."""


def say(text: str) -> None:
    """Print one line of progress at once."""
    print("· " + text, flush=True)


def succeeds(line: "list[str]") -> bool:
    """Run a question without a word of its own; tell whether the answer was yes."""
    quiet = subprocess.DEVNULL
    return subprocess.run(line, stdout=quiet, stderr=quiet, check=False).returncode == 0


# ------------------------------------------------------------------ Python


def version() -> str:
    """Return this Python's version, such as 3.11."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def fitting(major: int, minor: int) -> bool:
    """Tell whether this version of Python runs CareHub."""
    return OLDEST <= (major, minor) <= NEWEST


def other_python() -> "str | None":
    """Return an installed Python that fits and starts, newest first, or None."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and succeeds([found, "-c", ""]):
            return found
    return None


def right_python() -> None:
    """Go on in a Python that fits; raise Stop where there is none."""
    if fitting(sys.version_info[0], sys.version_info[1]):
        return
    found = other_python()
    if not found or os.environ.get("CAREHUB_DEV_AGAIN"):
        raise Stop(
            f"CareHub needs Python 3.11, 3.12 or 3.13, and this is {version()}. Install one of them"
            " and run this again."
        )
    os.environ["CAREHUB_DEV_AGAIN"] = "1"
    become([found, *sys.argv])


# ------------------------------------------------------------------ system


def missing_libraries(wanted: "dict[str, str]") -> "list[str]":
    """Return the packages of those libraries that do not load."""
    return [package for library, package in wanted.items() if not loads(library)]


def loads(library: str) -> bool:
    """Tell whether the system's loader finds `library`."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_chinese_font() -> bool:
    """Tell whether a font with Chinese characters is installed, asking fontconfig or looking."""
    if shutil.which("fc-list"):
        asked = subprocess.run(
            ["fc-list", ":lang=zh", "family"], stdout=subprocess.PIPE, check=False
        )
        return bool(asked.stdout.strip())
    return any(
        FONT_NAMES.search(name)
        for folder in FONT_FOLDERS
        for _, _, names in os.walk(str(Path(folder).expanduser()))
        for name in names
    )


def missing_packages(window: bool, voice: bool) -> "list[str]":
    """Return the Debian packages to install before CareHub can run, in a stable order."""
    missing = []
    if not PYTHON.exists() and not succeeds([sys.executable, "-c", "import ensurepip, venv"]):
        missing.append("python3-venv")
    if sys.platform.startswith("linux") and window:
        missing += missing_libraries({**QT, **SCREEN, **(VOICE if voice else {})})
        if not has_chinese_font():
            missing.append(FONT_PACKAGE)
    return missing


def install_system(packages: "list[str]") -> None:
    """Install Debian packages where we may; raise Stop with the one line to run where not."""
    named = " ".join(packages)
    line = f"sudo apt-get update && sudo apt-get install -y {named}"
    if not shutil.which("apt-get"):
        raise Stop(
            f"This system lacks what Debian calls {named}. Install them with your package"
            " manager and run this again."
        )
    may = rights()
    if may is None:
        raise Stop(f"Run this line, then the same command again:\n  {line}")
    say(f"installing from the system's packages: {named}")
    apt = [*may, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    succeeds([*apt, "update"])
    line_now = [*apt, "install", "-y", "--no-install-recommends", *packages]
    done = subprocess.run(line_now, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        said = done.stdout.decode("utf-8", "replace")
        raise Stop(f"apt-get could not install what is missing.\n{said}Run:\n  {line}")


def rights() -> "list[str] | None":
    """Return the words before apt-get that let it install, or None where we may not."""
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if shutil.which("sudo") and succeeds(["sudo", "-n", "true"]) else None


# ------------------------------------------------------------------ environment


def make_environment() -> None:
    """Make `.venv` with this Python, unless it is there and of the same version."""
    stamp = ENVIRONMENT / "made-with"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == version():
        return
    say(f"making .venv with Python {version()}")
    shutil.rmtree(str(ENVIRONMENT), ignore_errors=True)
    line = [sys.executable, "-m", "venv", str(ENVIRONMENT)]
    made = subprocess.run(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if made.returncode:
        said = made.stdout.decode("utf-8", "replace")
        raise Stop(explained(said, "The environment could not be made."))
    stamp.write_text(version())


def install(names: "list[str]") -> None:
    """Install the locked requirement files that are not in the environment yet, then CareHub."""
    for name in names:
        file = ROOT / "packaging" / name
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if stale(name, digest):
            say(f"installing {packages_in(file)} locked packages (fetches about 200 MB once)")
            pip(["--require-hashes", "--only-binary", ":all:", "-r", str(file)])
            renew(name, digest)
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest() + str(ROOT)
    if stale("carehub", digest):
        pip(["--no-deps", "--no-build-isolation", "-e", str(ROOT)])
        renew("carehub", digest)


def stale(name: str, digest: str) -> bool:
    """Tell whether the environment holds another state of `name` than `digest`."""
    stamp = ENVIRONMENT / (name + ".installed")
    return not stamp.exists() or stamp.read_text() != digest


def renew(name: str, digest: str) -> None:
    """Remember that `name` is installed as of `digest`."""
    (ENVIRONMENT / (name + ".installed")).write_text(digest)


def packages_in(file: Path) -> int:
    """Return how many packages a requirement file names."""
    return len(re.findall(r"^[a-z0-9].*==", file.read_text(encoding="utf-8"), re.MULTILINE))


def pip(words: "list[str]") -> None:
    """Run pip's install with progress; raise Stop with one sentence where it fails."""
    line = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        *words,
    ]
    said = []
    running = subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=str(ROOT)
    )
    for raw in running.stdout or ():
        said.append(raw.decode("utf-8", "replace"))
        tell(said)
    running.wait()
    LOG.write_text("".join(said), encoding="utf-8")
    if running.returncode:
        raise Stop(explained("".join(said), "pip could not install the packages."))


def tell(said: "list[str]") -> None:
    """Say how far pip is, after the newest of its lines, every ten packages."""
    if said[-1].startswith("Collecting "):
        fetched = sum(line.startswith("Collecting ") for line in said)
        if fetched % 10 == 0:
            say(f"  {fetched} packages fetched")
    elif said[-1].startswith("Installing collected"):
        say("  unpacking")


def explained(said: str, otherwise: str) -> str:
    """Return the sentence for what a tool said, or `otherwise` and where to read more."""
    for pattern, sentence in COMPLAINTS.items():
        if re.search(pattern, said):
            return sentence
    tail = "\n  ".join([line for line in said.splitlines() if line.strip()][-3:])
    return f"{otherwise} The last it said:\n  {tail}\nEverything it said is in {LOG}."


def set_up(sets: "list[str]", window: bool, voice: bool) -> None:
    """Bring the system and `.venv` to what this checkout needs; quick where nothing is missing."""
    missing = missing_packages(window, voice)
    if missing:
        install_system(missing)
        missing = missing_packages(window, voice)
        if missing:
            raise Stop(f"These are installed but cannot be loaded: {' '.join(missing)}.")
    make_environment()
    install(sets + (["requirements-voice.txt"] if voice else []))
    if run([str(PYTHON), str(ROOT / "packaging" / "locale_build.py")]):
        raise Stop("The translations could not be compiled; the lines above say where.")


# ------------------------------------------------------------------ words


def run(line: "list[str]") -> int:
    """Run one program in the checkout; return its exit code."""
    return subprocess.run(line, cwd=str(ROOT), check=False).returncode


def become(line: "list[str]") -> NoReturn:
    """Hand over, so that keys, signals and the exit code are the other program's own."""
    sys.stdout.flush()
    os.execv(line[0], line)  # noqa: S606 - no shell is wanted


def main(arguments: "list[str]") -> int:
    """Set up for the word asked for, then do it; return the exit code."""
    voice = arguments[:1] == ["--voice"]
    word, *rest = arguments[voice:] or ["--help"]
    if word in ("demo", "run"):
        set_up(["requirements.txt"], "--headless" not in rest, voice)
        become([str(PYTHON), "-m", "carehub", *(["demo"] if word == "demo" else []), *rest])
    if word not in SCRIPTS:
        print(__doc__)
        return 0 if word in ("--help", "-h") else 2
    set_up(["requirements-dev.txt"], window=True, voice=voice)
    script = SCRIPTS[word]
    if not script:
        say("ready: .venv/bin/carehub")
        return 0
    return run([str(PYTHON), *script, *rest])


if __name__ == "__main__":
    try:
        right_python()
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(f"CareHub's set-up stopped. {stop}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(f"CareHub's set-up stopped. {NO_ROOM}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
