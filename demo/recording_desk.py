"""Begins and ends recordings, and keeps the annotations of what is open where they belong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from demo.marks import RECORD_FIRST, MarkBook
from demo.recording import Recording
from demo.show import Show
from engine.errors import AttuneError

if TYPE_CHECKING:
    from demo.shown import Trouble


class RecordingDesk:
    """Works in the thread of the bridge.

    Parameters
    ----------
    book : takes up the annotations of each thing that is opened.
    """

    def __init__(self, book: MarkBook) -> None:
        self._book = book
        self._last = Recording()
        self.problem: Trouble | None = None

    @property
    def last(self) -> Recording:
        """The one that was made last, until something else is opened."""
        return self._last

    def start(self, show: Show | None, folder: Path) -> None:
        """Record what is live."""
        from demo.live_show import LiveShow

        if not isinstance(show, LiveShow):
            return
        self.problem = None
        try:
            show.record(folder)
        except AttuneError as error:
            self._complain(error)
        self.look(show)

    def stop(self, show: Show | None) -> None:
        """End the recording properly."""
        from demo.live_show import LiveShow

        if isinstance(show, LiveShow):
            try:
                show.stop_recording()
            except AttuneError as error:
                self._complain(error)
            if self._book.marks.open:
                self._book.end(RECORD_FIRST)

    def opened(self, show: Show, path: Path | None) -> None:
        """Something was opened; ``path`` is where its annotations are, None for what is live."""
        self._last, self.problem = Recording(), None
        if path is None:
            self._book.forget(RECORD_FIRST)
        else:
            self._book.begin(path)

    def analysed(self, show: Show) -> None:
        """Its session runs: a recording that was asked for before begins."""
        recording = show.recording()
        if recording.state == "wanted":
            self.start(show, Path(recording.folder))

    def look(self, show: Show | None) -> None:
        """Keep annotations with a recording from its first moment to its last."""
        if show is None or show.kind != "live":
            return
        from engine.saved.folder import ANNOTATIONS

        if show.recording().state == "broken":
            self.stop(show)  # it has ended by itself: what was written is brought to its end
        recording, marks = show.recording(), self._book.marks
        path = Path(recording.folder) / ANNOTATIONS
        if recording.state == "on" and marks.path != str(path):
            self._book.begin(path)
        elif recording.state not in ("on", "saving") and marks.open:
            self._book.end(RECORD_FIRST)

    def closed(self, show: Show) -> None:
        """It has been closed; a recording of it is complete."""
        self._book.save()
        self._last = show.recording()
        self._book.forget()

    def _complain(self, error: AttuneError) -> None:
        from demo.shown import Trouble

        self.problem = Trouble(where="recording", text=str(error))
