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

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
LOG = ENVIRONMENT / "setup.log"
OLDEST, NEWEST = (3, 11), (3, 13)

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
FONT_NAMES = re.compile(r"cjk|wqy|wenquan|sourcehan|hansans|notosanssc|droidsansfallback|yahei", re.I)

# What pip says -> what happened and what to do.
COMPLAINTS = (
    (r"No space left on device", "The disk is full. Free about 1.5 GB and run this again."),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError",
        "A certificate on the way to the package index is not trusted. Tell pip about yours"
        " (PIP_CERT), then run this again.",
    ),
    (
        r"Temporary failure in name resolution|NewConnectionError|Name or service not known"
        r"|Network is unreachable|ProxyError|ConnectTimeout|Read timed out|Connection refused",
        "The package index cannot be reached. Connect to the network (pip's own proxy and index"
        " settings are respected), then run this again.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded package is not the one this project locked. Nothing was installed; check"
        " your package index.",
    ),
    (
        r"No matching distribution found",
        "A locked package has no ready-made build for this computer ({python}, {machine}) at your"
        " package index.",
    ),
)


class Stop(Exception):
    """Something a person must do first; the message is one sentence that says what."""


def say(text):
    """Print one line of progress at once."""
    print("· " + text, flush=True)


# ------------------------------------------------------------------ Python


def fitting(version):
    """Tell whether this (major, minor) runs CareHub."""
    return OLDEST <= tuple(version) <= NEWEST


def other_python():
    """Return an installed Python that fits, newest first, or None."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which("python3." + str(minor))
        if found:
            return found
    return None


def right_python():
    """Go on in a Python that fits; raise Stop where there is none."""
    if fitting(sys.version_info[:2]):
        return
    found = other_python()
    if not found or os.environ.get("CAREHUB_DEV_AGAIN"):
        raise Stop(
            "CareHub needs Python 3.11, 3.12 or 3.13, and this is {}.{}. Install one of them and run"
            " this again.".format(*sys.version_info[:2])
        )
    os.environ["CAREHUB_DEV_AGAIN"] = "1"
    os.execv(found, [found, *sys.argv])


# ------------------------------------------------------------------ system


def missing_libraries(wanted):
    """Return the packages of those libraries that do not load."""
    return [package for library, package in wanted.items() if not loads(library)]


def loads(library):
    """Tell whether the system's loader finds `library`."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_chinese_font():
    """Tell whether a font with Chinese characters is installed, asking fontconfig or looking."""
    if shutil.which("fc-list"):
        listed = subprocess.run(
            ["fc-list", ":lang=zh", "family"], stdout=subprocess.PIPE, check=False
        ).stdout
        return bool(listed.strip())
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(
        FONT_NAMES.search(name)
        for folder in folders
        for _, _, names in os.walk(str(folder))
        for name in names
    )


def can_make_environments():
    """Tell whether this Python can make a virtual environment with pip in it."""
    return subprocess.run(
        [sys.executable, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL, check=False
    ).returncode == 0


def missing_packages(window, voice):
    """Return the Debian packages to install before CareHub can run, in a stable order."""
    missing = []
    if not pip_of(ENVIRONMENT).exists() and not can_make_environments():
        missing.append("python3-venv")
    if sys.platform.startswith("linux") and window:
        missing += missing_libraries({**QT, **SCREEN, **(VOICE if voice else {})})
        if not has_chinese_font():
            missing.append(FONT_PACKAGE)
    return missing


def install_system(packages):
    """Install Debian packages where we may; raise Stop with the one line to run where we may not."""
    line = "sudo apt-get install -y " + " ".join(packages)
    if not shutil.which("apt-get"):
        raise Stop(
            "This system lacks what Debian calls " + ", ".join(packages) + "."
            " Install them with your package manager and run this again."
        )
    may = rights()
    if may is None:
        raise Stop("Some system libraries are missing. Run this line, then this command again:\n  " + line)
    say("installing from the system's packages: " + " ".join(packages))
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    update = [*may, "apt-get", "update", "-qq"]
    install = [*may, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(update, env=environment, stdout=subprocess.DEVNULL, check=False)
    done = subprocess.run(install, env=environment, stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise Stop("apt-get could not install them (its own message is above). Run:\n  " + line)


def rights():
    """Return the words before apt-get that let it install, or None where we may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        asked = subprocess.run(
            ["sudo", "-n", "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )
        if asked.returncode == 0:
            return ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"]
    return None


# ------------------------------------------------------------------ environment


def pip_of(folder):
    """Return where the environment's own Python is."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_environment():
    """Make `.venv` with this Python, unless it is there and of the same version."""
    stamp = ENVIRONMENT / "python-version"
    version = "{}.{}".format(*sys.version_info[:2])
    if pip_of(ENVIRONMENT).exists() and stamp.exists() and stamp.read_text() == version:
        return
    say("making .venv with Python " + version)
    shutil.rmtree(str(ENVIRONMENT), ignore_errors=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(ENVIRONMENT)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if made.returncode:
        raise Stop(explained(made.stdout.decode("utf-8", "replace"), "The environment could not be made."))
    stamp.write_text(version)


def install(names):
    """Install the locked requirement files that are not in the environment yet, then CareHub itself."""
    for name in names:
        file = ROOT / "packaging" / name
        stamp = ENVIRONMENT / (name + ".installed")
        wanted = hashlib.sha256(file.read_bytes()).hexdigest()
        if stamp.exists() and stamp.read_text() == wanted:
            continue
        pip(["--require-hashes", "--only-binary", ":all:", "-r", str(file)], packages_in(file))
        stamp.write_text(wanted)
    stamp = ENVIRONMENT / "carehub.installed"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest() + str(ROOT)
    if not (stamp.exists() and stamp.read_text() == wanted):
        pip(["--no-deps", "--no-build-isolation", "-e", str(ROOT)], 0)
        stamp.write_text(wanted)


def packages_in(file):
    """Return how many packages a requirement file names."""
    return sum("==" in line and line[0].isalnum() for line in file.read_text().splitlines() if line)


def pip(words, count):
    """Run pip's install with progress; raise Stop with one sentence where it fails."""
    line = [str(pip_of(ENVIRONMENT)), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    if count:
        say("installing up to {} locked packages; the first time this downloads about 200 MB".format(count))
    with LOG.open("w", encoding="utf-8") as log:
        log.write(" ".join(line + words) + "\n")
        running = subprocess.Popen(
            line + words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=str(ROOT)
        )
        said = []
        seen = 0
        for raw in running.stdout:
            text = raw.decode("utf-8", "replace")
            log.write(text)
            said.append(text)
            if text.startswith("Collecting "):
                seen += 1
                if seen % 10 == 0:
                    say("  {} packages fetched".format(seen))
            elif text.startswith("Installing collected"):
                say("  unpacking")
        if running.wait():
            raise Stop(explained("".join(said), "pip could not install the packages."))


def explained(said, otherwise):
    """Return the sentence for what a tool said, or `otherwise` and where to read more."""
    for pattern, sentence in COMPLAINTS:
        if re.search(pattern, said):
            return sentence.format(
                python="Python {}.{}".format(*sys.version_info[:2]), machine=os.uname().machine
            )
    tail = [line for line in said.splitlines() if line.strip()][-3:]
    return "{} The last it said:\n  {}\nEverything it said is in {}.".format(
        otherwise, "\n  ".join(tail), LOG
    )


def set_up(sets, window, voice):
    """Bring the system and `.venv` to what this checkout needs; quick where nothing is missing."""
    missing = missing_packages(window, voice)
    if missing:
        install_system(missing)
        missing = missing_packages(window, voice)
        if missing:
            raise Stop("These are installed but do not load: " + " ".join(missing) + ".")
    make_environment()
    install(sets + (["requirements-voice.txt"] if voice else []))
    run([str(pip_of(ENVIRONMENT)), str(ROOT / "packaging" / "locale_build.py")])


# ------------------------------------------------------------------ words


def run(line):
    """Run one program in the checkout; return its exit code."""
    return subprocess.run(line, cwd=str(ROOT), check=False).returncode


def become(line):
    """Hand over to CareHub, so that its keys, signals and exit code are its own."""
    os.execv(line[0], line)


def main(arguments):
    """Set up for the word asked for, then do it; return the exit code."""
    voice = "--voice" in arguments[:1]
    words = arguments[1:] if voice else arguments
    if not words or words[0] not in ("demo", "test", "check", "shots", "run", "setup"):
        print(__doc__)
        return 0 if words[:1] in ([], ["--help"], ["-h"]) else 2
    word, rest = words[0], words[1:]
    client, dev = ["requirements.txt"], ["requirements-dev.txt"]
    python = str(pip_of(ENVIRONMENT))
    if word in ("demo", "run"):
        set_up(client, "--headless" not in rest, voice)
        become([python, "-m", "carehub", *(["demo"] if word == "demo" else []), *rest])
    set_up(client + dev if word == "setup" else dev, window=True, voice=voice)
    if word in ("test", "check"):
        return run([python, str(ROOT / "packaging" / "verify.py"), word, *rest])
    if word == "shots":
        return run([python, str(ROOT / "packaging" / "shots.py"), *rest])
    say("ready")
    return 0


if __name__ == "__main__":
    try:
        right_python()
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print("CareHub's set-up stopped. " + str(stop), file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        if error.errno == 28:  # ENOSPC
            print("CareHub's set-up stopped. " + COMPLAINTS[0][1], file=sys.stderr)
            sys.exit(1)
        raise
    except KeyboardInterrupt:
        sys.exit(130)
