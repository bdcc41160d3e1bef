"""What every speech recogniser takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from engine.types import Word

if TYPE_CHECKING:
    from types import TracebackType

    from engine.features.speech import Heard


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptUpdate:
    """The words of one utterance as known now; replaces all that was said about them before.

    Attributes
    ----------
    pts_s : media time up to which sound had been used; from then on the update may be seen.
    utterance : index of the utterance, as in its speech events.
    words : in order of time, within the utterance.
    final : no further update of this utterance follows. Its words are then final too.
    missing : words of it are not known, since recognition failed while it was spoken: these are not all.
    """

    pts_s: float
    utterance: int
    words: tuple[Word, ...]
    final: bool
    missing: bool = False

    @property
    def text(self) -> str:
        """The words, separated by spaces.

        >>> TranscriptUpdate(pts_s=1.0, utterance=0, words=(), final=True).text
        ''
        """
        return " ".join(word.text for word in self.words)


class Recognizer(Protocol):
    """Turns what is heard into words. Results depend on media time alone, never on how fast it is fed.

    Attributes
    ----------
    name : the engine and its model, for instance "whisper tiny.en".
    reason : one sentence for the user: which recogniser this is and why it was chosen.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def reason(self) -> str: ...  # noqa: D102

    def feed(self, heard: Heard) -> list[TranscriptUpdate]:
        """Take the next piece of hearing; return the updates that it brings, in order of time."""

    def flush(self) -> list[TranscriptUpdate]:
        """End of the stream: give the final update of an utterance that is still open.

        Another stream may follow; so it may where media time goes back.
        """

    def reset(self) -> None:
        """Forget everything that was heard; what follows is as with a new recogniser."""

    def close(self) -> None:
        """Release the model; safe to call again."""

    def __enter__(self) -> Recognizer: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
