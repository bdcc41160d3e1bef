"""The page that says what this is, what it must not be used for, and whose work it carries."""

from __future__ import annotations

import json
from html import escape

from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QTextBrowser, QVBoxLayout, QWidget

from demo.shell.ethics import ethics_text, privacy_text
from engine.assets import Asset, assets_folder, list_assets
from engine.version import __version__

_MODELS = ("self.json", "cross.json")


class AboutPage(QDialog):
    """Version, models with their figures and terms, training data, and what else ships."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Attune"))
        unit = self.fontMetrics().height()
        self.resize(unit * 46, unit * 34)
        heading = QLabel(f"<h2>Attune {__version__}</h2>")
        self.ethics = QLabel(ethics_text())
        self.ethics.setWordWrap(True)
        font = self.ethics.font()
        font.setBold(True)
        self.ethics.setFont(font)
        privacy = QLabel(privacy_text())
        self.browser = QTextBrowser()
        self.browser.setOpenExternalLinks(True)
        self.browser.setAccessibleName(self.tr("Models, data and licences"))
        self.browser.setHtml(self._html())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * unit, unit, 2 * unit, unit)
        column.setSpacing(unit // 2)
        for one in (heading, self.ethics, privacy, self.browser, buttons):
            column.addWidget(one)

    def _html(self) -> str:
        parts = [_heading(self.tr("Models")), self._assets_table()]
        data = _training_data()
        if data:
            items = "".join(f"<li>{escape(one)}</li>" for one in data)
            parts += [_heading(self.tr("Trained with")), f"<ul>{items}</ul>"]
        paper = self.tr(
            "The models follow V. Rajan, A. Brutti and A. Cavallaro, “Is cross-attention preferable to self-attention "
            "for multi-modal emotion recognition?”, ICASSP 2022."
        )
        parts.append(f"<p>{escape(paper)}</p>")
        readme = assets_folder() / "README.md"
        if readme.is_file():
            parts.append(_heading(self.tr("Origin and licence of every file")))
            parts.append(_markdown_html(readme.read_text(encoding="utf-8")))
        return "\n".join(parts)

    def _assets_table(self) -> str:
        rows = [
            f"<tr><td>{escape(one.purpose)}</td><td>{escape(one.name)}</td><td>{escape(one.licence)}</td></tr>"
            for one in list_assets()
            if _is_shown(one)
        ]
        heads = (self.tr("What for"), self.tr("Model"), self.tr("Terms"))
        head = "".join(f"<th align='left'>{escape(one)}</th>" for one in heads)
        return f"<table cellspacing='6'><tr>{head}</tr>{''.join(rows)}</table>"


def _heading(text: str) -> str:
    return f"<h3>{escape(text)}</h3>"


def _is_shown(asset: Asset) -> bool:
    """Models that are here; settings and second forms of the same weights are left out."""
    return asset.path is not None and not asset.name.endswith((".json", ".safetensors"))


def _training_data() -> list[str]:
    """Corpora of all bundled models, each once, as their files name them."""
    found: dict[str, None] = {}
    for name in _MODELS:
        path = assets_folder() / name
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            sources = content["training"]["sources"]
        except (OSError, ValueError, KeyError, TypeError):
            continue  # a missing model is said by the table above
        found |= dict.fromkeys(str(one) for one in sources)
    return list(found)


def _markdown_html(text: str) -> str:
    document = QTextDocument()
    document.setMarkdown(text)
    return document.toHtml()
