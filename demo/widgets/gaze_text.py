"""Looks in plain words. Each sentence says what the weights say and nothing else."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from demo.widgets.figures import clock, percent, seconds_text, times_text
from engine.gaze import Gaze

_CONTEXT = "gaze"

FAR_OVER_EVEN = 2.0
"""How many times the even share a look must be worth to be told of."""

MOSTLY = 0.5
"""From this weight on it looked "mostly" there: at nothing else as much as at that, taken together."""

FAR_FOR_MOST = 1.5
"""How many times the even share is enough where the weight is at least ``MOSTLY``: of two or three positions, none
can be worth much more than that."""

SAME_MOMENT_S = 0.1
"""Instants closer than this are the same moment; it is about the distance of two positions of the voice."""

_PUNCTUATION = ' .,;:!?…"“”'

_WHILE = {
    "audio": QT_TRANSLATE_NOOP("gaze", "While hearing the voice at {time}"),
    "video": QT_TRANSLATE_NOOP("gaze", "While seeing the face at {time}"),
    "text": QT_TRANSLATE_NOOP("gaze", "While hearing “{word}”"),
}
_SOURCES = {
    ("audio", "earlier"): QT_TRANSLATE_NOOP("gaze", "the voice {apart} earlier"),
    ("audio", "later"): QT_TRANSLATE_NOOP("gaze", "the voice {apart} later"),
    ("audio", "same"): QT_TRANSLATE_NOOP("gaze", "the voice at the same moment"),
    ("video", "earlier"): QT_TRANSLATE_NOOP("gaze", "the face {apart} earlier"),
    ("video", "later"): QT_TRANSLATE_NOOP("gaze", "the face {apart} later"),
    ("video", "same"): QT_TRANSLATE_NOOP("gaze", "the face at the same moment"),
    ("text", "earlier"): QT_TRANSLATE_NOOP("gaze", "“{word}”, {apart} earlier"),
    ("text", "later"): QT_TRANSLATE_NOOP("gaze", "“{word}”, {apart} later"),
    ("text", "same"): QT_TRANSLATE_NOOP("gaze", "“{word}” at the same moment"),
}
_WHILE_SAID = QT_TRANSLATE_NOOP("gaze", "While hearing the voice say “{word}”")
_SAID = {
    "earlier": QT_TRANSLATE_NOOP("gaze", "the voice saying “{word}” {apart} earlier"),
    "later": QT_TRANSLATE_NOOP("gaze", "the voice saying “{word}” {apart} later"),
    "same": QT_TRANSLATE_NOOP("gaze", "the voice saying “{word}” at the same moment"),
}
_ITSELF = {
    "audio": QT_TRANSLATE_NOOP("gaze", "that moment of the voice itself"),
    "video": QT_TRANSLATE_NOOP("gaze", "that face itself"),
    "text": QT_TRANSLATE_NOOP("gaze", "that word itself"),
}
_PLACES = {
    "audio": QT_TRANSLATE_NOOP("gaze", "voice at {time}"),
    "video": QT_TRANSLATE_NOOP("gaze", "face at {time}"),
    "text": QT_TRANSLATE_NOOP("gaze", "“{word}” at {time}"),
}
_LOOKING = {
    "audio": QT_TRANSLATE_NOOP("gaze", "voice looks …"),
    "video": QT_TRANSLATE_NOOP("gaze", "face looks …"),
    "text": QT_TRANSLATE_NOOP("gaze", "words look …"),
}
_AT = {
    "audio": QT_TRANSLATE_NOOP("gaze", "… at voice"),
    "video": QT_TRANSLATE_NOOP("gaze", "… at face"),
    "text": QT_TRANSLATE_NOOP("gaze", "… at words"),
}


def is_telling(gaze: Gaze) -> bool:
    """Whether a look stands out: twice the even share, or at least half of all and one and a half times that share."""
    enough = FAR_FOR_MOST if gaze.weight >= MOSTLY else FAR_OVER_EVEN
    return gaze.times_even >= enough


def gaze_sentence(gaze: Gaze | None) -> str:
    """One sentence about the strongest look of a map.

    None stands for a map that offers no choice. "Mostly" is said of half of the attention or more, "most" of less.
    """
    if gaze is None:
        return _tr("There is only one place yet that it could look at.")
    if not is_telling(gaze):
        return _tr("It looked everywhere about alike: nowhere more than {0} the even share.").format(
            times_text(gaze.times_even)
        )
    form = (
        _tr("{0}, it looked mostly at {1} ({2}, {3} the even share).")
        if gaze.weight >= MOSTLY
        else _tr("{0}, it looked most at {1} ({2}, {3} the even share).")
    )
    return form.format(_while(gaze), source_phrase(gaze), percent(gaze.weight), times_text(gaze.times_even))


def pair_text(gaze: Gaze) -> str:
    """One pair of a map, exactly, for reading aloud."""
    return _tr("{0} looks at {1}: {2}, {3} the even share").format(
        target_place(gaze), source_place(gaze), percent(gaze.weight), times_text(gaze.times_even)
    )


def source_phrase(gaze: Gaze) -> str:
    """What was looked at, and how much earlier or later it was."""
    apart = gaze.source_s - gaze.target_s
    if gaze.source == gaze.target and apart == 0:
        return _tr(_ITSELF[gaze.source])
    when = "same" if abs(apart) < SAME_MOMENT_S else "earlier" if apart < 0 else "later"
    said = gaze.source == "audio" and gaze.source_word is not None
    return _tr(_SAID[when] if said else _SOURCES[gaze.source, when]).format(
        word=spoken(gaze.source_word), apart=seconds_text(abs(apart))
    )


def target_place(gaze: Gaze) -> str:
    """Who looked, with its time."""
    return _tr(_PLACES[gaze.target]).format(word=spoken(gaze.target_word), time=clock(gaze.target_s))


def source_place(gaze: Gaze) -> str:
    """What was looked at, with its time."""
    return _tr(_PLACES[gaze.source]).format(word=spoken(gaze.source_word), time=clock(gaze.source_s))


def spoken(word: str | None) -> str:
    """A word without the punctuation of its sentence."""
    return (word or "").strip(_PUNCTUATION) or (word or "")


def target_title(target: str) -> str:
    """Title of the rows, first half of "voice looks … at face"."""
    return _tr(_LOOKING[target])


def source_title(target: str, source: str) -> str:
    """Title of the columns, the other half."""
    if target == source:
        return _tr("… at itself")
    return _tr(_AT[source])


def overall_title() -> str:
    """What the profile above a map is."""
    return _tr("overall")


def span_title(low_s: float, high_s: float) -> str:
    """The media time that both axes cover."""
    return _tr("{0} to {1}").format(clock(low_s), clock(high_s))


def same_moment_title() -> str:
    """What the dotted line of a map means."""
    return _tr("same moment")


def _while(gaze: Gaze) -> str:
    said = gaze.target == "audio" and gaze.target_word is not None
    return _tr(_WHILE_SAID if said else _WHILE[gaze.target]).format(
        word=spoken(gaze.target_word), time=clock(gaze.target_s)
    )


def _tr(text: object) -> str:
    return QCoreApplication.translate(_CONTEXT, str(text))
