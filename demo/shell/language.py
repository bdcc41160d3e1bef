"""The language of the window: the system's, English or Chinese."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

TRANSLATIONS = Path(__file__).parents[1] / "translations"


class Language:
    """Installs the translations of one language at a time.

    Parameters
    ----------
    app : whose texts are translated; texts already shown stay until they are made anew.
    choice : "system", "en" or "zh".
    """

    def __init__(self, app: QApplication, choice: str) -> None:
        self._app = app
        self._installed: list[QTranslator] = []
        self._choice = ""
        self.choose(choice)

    @property
    def choice(self) -> str:
        """What the user chose."""
        return self._choice

    @property
    def current(self) -> str:
        """The language that is shown: "en" or "zh"."""
        return "zh" if self._installed else "en"

    def choose(self, choice: str) -> bool:
        """Take a language; False when its translation cannot be loaded, so that English stays."""
        self._choice = choice
        for one in self._installed:
            self._app.removeTranslator(one)
        self._installed = []
        if language_of(choice) != "zh":
            QLocale.setDefault(QLocale(QLocale.Language.English))
            return True
        QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        own = self._install("attune_zh", str(TRANSLATIONS))
        self._install("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
        return own

    def _install(self, name: str, folder: str) -> bool:
        translator = QTranslator(self._app)
        if not translator.load(name, folder):
            return False
        self._app.installTranslator(translator)
        self._installed.append(translator)
        return True


def language_of(choice: str) -> str:
    """Either "en" or "zh": the choice, or for "system" the first of the user's languages that Attune has."""
    if choice != "system":
        return choice
    for wanted in QLocale.system().uiLanguages():
        language = wanted.split("-")[0].lower()
        if language in {"en", "zh"}:
            return language
    return "en"
