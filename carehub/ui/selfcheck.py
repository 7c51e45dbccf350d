"""`python -m carehub.ui.selfcheck`: what Qt finds here, as one line of JSON for `carehub doctor`.

It runs in a process of its own, because Qt ends the process where it cannot start.
"""

import json
import sys

from PySide6.QtCore import qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication

from carehub import i18n
from carehub.errors import NoVoice
from carehub.ui import theme, voice


def found() -> dict[str, object]:
    """Return Qt's version and platform, whether Chinese can be drawn, and the voice's state."""
    chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    wanted = [family for family in theme.FAMILIES if family in chinese]
    return {
        "qt": qVersion(),
        "platform": QGuiApplication.platformName(),
        "chinese_font": (wanted or chinese or [""])[0],
        "voice": _speaks(),
    }


def _speaks() -> bool:
    try:
        voice.QtVoice().check()
    except NoVoice:
        return False
    return True


def main() -> int:
    """Print what was found; the voice asked for is that of the language named by the first word."""
    application = QGuiApplication(sys.argv[:1])
    i18n.set_language("en" if "en" in sys.argv[1:] else "zh_CN")
    sys.stdout.write(json.dumps(found()) + "\n")
    application.quit()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
