"""All views of the window, each of which shows its part of the same value."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Protocol

from PySide6.QtWidgets import QWidget

from demo.bridge import Bridge
from demo.shown import Shown
from demo.widgets.attention import AttentionView
from demo.widgets.compare import CompareView
from demo.widgets.crops import CropStrip
from demo.widgets.emotion import EmotionView
from demo.widgets.health import HealthView
from demo.widgets.history import HistoryView
from demo.widgets.marks import MarksView
from demo.widgets.origin import OriginView
from demo.widgets.picture import PictureView
from demo.widgets.voice import VoiceView
from demo.widgets.words import WordsView


class View(Protocol):
    """What all views have in common."""

    def show_it(self, shown: Shown) -> None:
        """Show what there is now; costs nothing where nothing has changed."""
        ...


@dataclass(frozen=True, slots=True)
class Views:
    """One of each."""

    picture: PictureView
    crops: CropStrip
    voice: VoiceView
    words: WordsView
    emotion: EmotionView
    compare: CompareView
    history: HistoryView
    attention: AttentionView
    origin: OriginView
    health: HealthView
    marks: MarksView

    @property
    def every(self) -> tuple[QWidget, ...]:
        """All of them."""
        return tuple(getattr(self, one.name) for one in fields(self))


def make_views(bridge: Bridge) -> Views:
    """All views, with what the user does in them wired to the bridge."""
    views = Views(
        PictureView(),
        CropStrip(),
        VoiceView(),
        WordsView(),
        EmotionView(),
        CompareView(),
        HistoryView(),
        AttentionView(),
        OriginView(),
        HealthView(),
        MarksView(),
    )
    views.picture.follow_wanted.connect(bridge.follow)
    views.history.loop_wanted.connect(bridge.set_loop)
    views.origin.mute_changed.connect(bridge.mute)
    views.marks.changed.connect(lambda id, text, label: bridge.marks.change(id, text=text, label=label))
    views.marks.delete_wanted.connect(bridge.marks.delete)
    for view in (views.marks, views.history, views.attention, views.words, views.crops, views.voice):
        view.seek_wanted.connect(bridge.seek)
    return views
