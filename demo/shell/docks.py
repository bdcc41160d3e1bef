"""The work space: the picture in the middle, every other view in a panel around it."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QTabBar, QTabWidget, QVBoxLayout, QWidget

from demo.shell.panel import Panel, PanelBody
from demo.shell.views import View, Views
from demo.theme import ground

_VERSION = 2
"""Of the layout that is remembered; another one is not restored."""

_AREA = Qt.DockWidgetArea
_SHARES = {
    "emotion": (0.25, 0.0),
    "attention": (0.34, 0.0),
    "words": (0.5, 0.19),
    "voice": (0.5, 0.19),
    "history": (1.0, 0.2),
}
"""Width and height of the panels in the layout that a stranger meets, as shares of the window; 0 is what is left."""

_LEAST = {"history": 9.5, "words": 7.5, "voice": 7.5}
"""Height in lines of text that these need to be of use."""


class Workbench(QMainWindow):
    """Panels that can be moved, floated, closed and laid out anew; they keep their shares when the window grows.

    Parameters
    ----------
    views : what stands in the panels.

    Attributes
    ----------
    shares : width and height of the docked panels, as shares of this; empty until they are known.
    """

    key_pressed = Signal(QKeyEvent)

    def __init__(self, views: Views, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Widget)
        self.views = views
        self._in_view: set[str] = set()
        self._away: list[Panel] = []
        self._state_away: QByteArray | None = None
        self._restored: QByteArray | None = None
        self.shares = dict(_SHARES)
        self.setDockNestingEnabled(True)
        self.setTabPosition(_AREA.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setContentsMargins(*[max(4, self.fontMetrics().height() // 3)] * 4)
        self.emotions = QStackedWidget()
        self.emotions.addWidget(views.emotion)
        self.emotions.addWidget(views.compare)
        self.centre = self._centre()
        self.setCentralWidget(self.centre)
        self.panels = {name: self._panel(name, title, view) for name, title, view in self._contents()}
        self.actions_of_panels = self._actions()
        self._tidy = QTimer(self, singleShot=True, interval=0)
        self._tidy.timeout.connect(self._tidy_up)
        self._fit = QTimer(self, singleShot=True, interval=0)
        self._fit.timeout.connect(self._keep_shares)
        self.lay_out()

    def lay_out(self) -> None:
        """The layout that a stranger meets."""
        for panel in self.panels.values():
            panel.setFloating(False)  # which has no effect on one that is nowhere
            self.removeDockWidget(panel)
        for corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.BottomRightCorner):
            self.setCorner(corner, _AREA.BottomDockWidgetArea)
        at = self.panels
        self.addDockWidget(_AREA.RightDockWidgetArea, at["emotion"])
        self.splitDockWidget(at["emotion"], at["attention"], Qt.Orientation.Horizontal)
        self.tabifyDockWidget(at["attention"], at["origin"])
        self.tabifyDockWidget(at["origin"], at["health"])
        self.tabifyDockWidget(at["health"], at["marks"])
        self.addDockWidget(_AREA.BottomDockWidgetArea, at["words"])
        self.addDockWidget(_AREA.BottomDockWidgetArea, at["history"], Qt.Orientation.Vertical)
        self.splitDockWidget(at["words"], at["voice"], Qt.Orientation.Horizontal)
        for panel in at.values():
            panel.show()
        self.centre.show()
        at["attention"].raise_()
        if self._state_away is not None:
            self._away, self._state_away = [], QByteArray()  # nothing floats any more that would have to come back
        self.keep(dict(_SHARES))
        self._tidy.start()

    def keep(self, shares: dict[str, tuple[float, float]]) -> None:
        """Give the panels these shares, of another work space for example."""
        self.shares = shares
        self._fit.start()

    def restore(self, state: QByteArray) -> bool:
        """Lay out as remembered; False, with nothing changed, where that cannot be understood."""
        if state.isEmpty() or not self.restoreState(state, _VERSION):
            return False
        self._restored = state
        self.shares = {}
        self._tidy.start()
        return True

    def state(self) -> QByteArray:
        """The layout, to be remembered."""
        return self._state_away or self.saveState(_VERSION)

    def views_in_sight(self) -> list[View]:
        """The views that can be seen now, so that nothing is drawn for the others."""
        found: list[View] = []
        if self.centre.isVisible():
            found += [self.views.picture, self.views.crops]
        for name in self._in_view:
            panel = self.panels[name]
            if panel.isVisible():
                found.append(self.emotions.currentWidget() if name == "emotion" else panel.view)  # type: ignore[arg-type]
        return found

    def compare(self, both: bool) -> None:
        """Show both models side by side in place of the one distribution."""
        self.emotions.setCurrentWidget(self.views.compare if both else self.views.emotion)

    def put_away(self, away: bool) -> None:
        """Hide what floats outside the window while another page is shown, and bring it back."""
        if away == (self._state_away is not None):
            return
        if away:
            self._state_away = self.saveState(_VERSION)
            self._away = [one for one in self.panels.values() if one.isFloating() and not one.isHidden()]
        else:
            self._state_away = None
        for panel in self._away:
            panel.setVisible(not away)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        QPainter(self).fillRect(self.rect(), ground(self.palette()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        super().resizeEvent(event)
        self._fit.start()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102
        super().showEvent(event)
        if self._restored is not None:  # sizes come out right only in a window that has its own
            self.restoreState(self._restored, _VERSION)
            self._restored = None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        super().mouseReleaseEvent(event)
        self._remember_shares()  # an edge between panels was dragged

    def _contents(self) -> tuple[tuple[str, str, QWidget], ...]:
        views = self.views
        return (
            ("voice", self.tr("Voice"), views.voice),
            ("words", self.tr("Words"), views.words),
            ("emotion", self.tr("Emotion"), self.emotions),
            ("history", self.tr("History"), views.history),
            ("attention", self.tr("Attention"), views.attention),
            ("origin", self.tr("Contributions"), views.origin),
            ("health", self.tr("Health"), views.health),
            ("marks", self.tr("Marks"), views.marks),
        )

    def _centre(self) -> QWidget:
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.fontMetrics().height() // 3)
        column.addWidget(self.views.picture, 1)
        column.addWidget(self.views.crops)
        return PanelBody(both, whole=True)

    def _panel(self, name: str, title: str, view: QWidget) -> Panel:
        panel = Panel(name, title, view, self)
        panel.visibilityChanged.connect(lambda visible: self._seen(name, visible))
        panel.topLevelChanged.connect(lambda _: self._tidy.start())
        panel.dockLocationChanged.connect(lambda _: self._tidy.start())
        panel.key_pressed.connect(self.key_pressed)
        return panel

    def _actions(self) -> dict[str, QAction]:
        """What shows and hides each part, with Ctrl and its number."""
        titles = {"picture": self.tr("Picture")} | {name: one.windowTitle() for name, one in self.panels.items()}
        actions: dict[str, QAction] = {}
        for number, (name, title) in enumerate(titles.items(), 1):
            action = QAction(title, self)
            action.setCheckable(True)
            action.setChecked(True)
            action.setShortcut(f"Ctrl+{number}")
            action.triggered.connect(lambda _=False, name=name: self._toggle(name))
            actions[name] = action
        return actions

    def _toggle(self, name: str) -> None:
        """Hide what can be seen; show, or bring to the front of its tabs, what cannot."""
        if name == "picture":
            self.centre.setVisible(not self.centre.isVisible())
        elif name in self._in_view and not self.panels[name].isHidden():
            self.panels[name].close()
        else:
            self.panels[name].show()
            self.panels[name].raise_()
        self._tidy.start()

    def _seen(self, name: str, visible: bool) -> None:
        (self._in_view.add if visible else self._in_view.discard)(name)
        self._tidy.start()

    def _tidy_up(self) -> None:
        """Panels among tabs have no title of their own; menus tick what is open."""
        for name, panel in self.panels.items():
            mates = [one for one in self.tabifiedDockWidgets(panel) if not one.isHidden()]
            panel.show_title(panel.isFloating() or not mates)
            self.actions_of_panels[name].setChecked(not panel.isHidden())
        self.actions_of_panels["picture"].setChecked(not self.centre.isHidden())
        for bar in self.findChildren(QTabBar):
            bar.setDocumentMode(True)
            bar.setExpanding(False)
            bar.setDrawBase(False)

    def _docked(self) -> list[Panel]:
        seen = [panel for name, panel in self.panels.items() if name in self._in_view]
        return [one for one in seen if not (one.isFloating() or one.isHidden())]

    def _remember_shares(self) -> None:
        if self.width() and self.height():
            self.shares = {
                one.objectName(): (one.width() / self.width(), one.height() / self.height()) for one in self._docked()
            }

    def _keep_shares(self) -> None:
        if not self.shares:
            self._remember_shares()
        docked = [one for one in self._docked() if one.objectName() in self.shares]
        for axis, whole, orientation in (
            (0, self.width(), Qt.Orientation.Horizontal),
            (1, self.height(), Qt.Orientation.Vertical),
        ):
            sizes = {one: round(self.shares[one.objectName()][axis] * whole) for one in docked}
            sizes = {one: max(size, self._least(one) * axis) for one, size in sizes.items() if size > 0}
            if sizes:
                self.resizeDocks(list(sizes), list(sizes.values()), orientation)

    def _least(self, panel: Panel) -> int:
        return round(_LEAST.get(panel.objectName(), 0.0) * self.fontMetrics().height())
