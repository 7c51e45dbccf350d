"""The strip above the page where notices stand until a person closes them."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from carehub.ui import theme
from carehub.ui.widgets import NoticeBanner, Status, column
from carehub.ui.widgets.banners import Act


class NoticeBoard(QWidget):
    """Notices by key, the newest below; it takes no room while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notices")
        self._lines = column(self, space=8)
        self._banners: dict[str, NoticeBanner] = {}
        self.fit()

    def put(
        self,
        key: str,
        text: str,
        status: Status,
        acts: Sequence[Act],
        closed: Callable[[], object] | None,
    ) -> None:
        """Show a notice until somebody closes it; the same `key` replaces it."""
        self.take(key)

        def close() -> None:
            self.take(key)
            if closed is not None:
                closed()

        banner = NoticeBanner(f"notice.{key}", text, status, acts=acts, close=close)
        self._banners[key] = banner
        self._lines.addWidget(banner)
        self.fit()

    def take(self, key: str) -> None:
        """Take the notice `key` away, if it is there."""
        banner = self._banners.pop(key, None)
        if banner is not None:
            banner.hide()
            self._lines.removeWidget(banner)
            banner.deleteLater()
        self.fit()

    def fit(self) -> None:
        """Take the margins of the look in force."""
        sizes = theme.look().sizes
        self._lines.setContentsMargins(sizes.margin, sizes.between, sizes.margin, 0)
        self.setVisible(bool(self._banners))
