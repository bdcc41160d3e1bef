"""How marks with an emotion become examples that a model learns from."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from demo.shell.button import Button
from demo.shown import Shown


def training_commands(annotations: str) -> str:
    """What makes a list of the marks, and trains with it, on the command line.

    >>> print(training_commands("/a/session/annotations.json"))
    attune manifest session "/a/session" --out examples.csv
    attune train fusion --from bundle --manifest examples.csv --out mine
    """
    path = Path(annotations)
    what = path.parent if path.name == "annotations.json" else path.with_name(path.name[: -len(".annotations.json")])
    return (
        f'attune manifest session "{what}" --out examples.csv\n'
        "attune train fusion --from bundle --manifest examples.csv --out mine"
    )


class TrainingPage(QDialog):
    """Says how many examples there are, and what to do with them.

    Parameters
    ----------
    shown : what is open, with its annotations.
    """

    def __init__(self, shown: Shown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Use marks for training"))
        unit = self.fontMetrics().height()
        self.resize(44 * unit, 16 * unit)
        labelled = sum(one.label is not None for one in shown.marks.every)
        self.count = QLabel(self._count_text(labelled, len(shown.marks.every)))
        self.count.setWordWrap(True)
        how = QLabel(
            self.tr(
                "These commands make a list of examples of the marks, and go on training a model with them. They say "
                "how often it was right before and after."
            )
        )
        how.setWordWrap(True)
        self.commands = QPlainTextEdit(training_commands(shown.marks.path))
        self.commands.setReadOnly(True)
        self.commands.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.commands.setAccessibleName(self.tr("Commands"))
        copy = Button(text=self.tr("Copy"), name=self.tr("Copy these commands"), primary=True)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.commands.toPlainText()))
        close = Button(text=self.tr("Close"), quiet=False)
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(copy)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit, unit, unit, unit)
        column.setSpacing(unit * 2 // 3)
        for one in (self.count, how, self.commands):
            column.addWidget(one)
        column.addLayout(row)

    def _count_text(self, labelled: int, every: int) -> str:
        if labelled:
            return self.tr("{0} of {1} marks have an emotion: each of them is an example.").format(labelled, every)
        return self.tr(
            "No mark has an emotion yet. Give the ones that you are sure of an emotion, with the digits while it "
            "plays or in the list of marks: each of them becomes an example."
        )
