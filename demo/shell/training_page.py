"""How marks with an emotion become examples that a model learns from."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from demo.shell.button import Button
from demo.shown import Shown
from engine.annotations import Annotations


def training_commands(what: str) -> str:
    """What makes a list of the marks of a recording or session, and trains with it, on the command line.

    >>> print(training_commands("/a/session"))
    attune manifest session "/a/session" --out examples.csv
    attune train fusion --from bundle --manifest examples.csv --out mine
    """
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
        self.count = QLabel(self._count_text(shown.marks.every))
        self.count.setWordWrap(True)
        how = QLabel(
            self.tr(
                "These commands make a list of examples of the marks, and go on training a model with them. They say "
                "how often it was right before and after."
            )
        )
        how.setWordWrap(True)
        self.commands = QPlainTextEdit(training_commands(shown.path or str(Path(shown.marks.path).parent)))
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

    def _count_text(self, every: Annotations) -> str:
        from engine.corpora.labelled_spans import SHORTEST_S

        examples = sum(bool(one.label) and one.end_s - one.start_s >= SHORTEST_S for one in every)
        shortest = QLocale().toString(SHORTEST_S)
        if examples:
            return self.tr(
                "{0} of {1} marks are examples: those with an emotion that last {2} s or longer. Moments do not count."
            ).format(examples, len(every), shortest)
        return self.tr(
            "No mark is an example yet. Hold a digit while it plays, for as long as you are sure of the emotion: each "
            "mark with an emotion that lasts {0} s or longer becomes an example. Moments do not count."
        ).format(shortest)
