"""The graph of a session's stages: who feeds whom, how much may wait, and for how long a stage may be busy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from engine.runtime.graph import Node, Stage, Tick, close_iterator
from engine.runtime.trace import Trace
from engine.types import VideoFrame

if TYPE_CHECKING:
    from engine.fusion_stage import FusionStage
    from engine.hearing_stage import HearingStage
    from engine.sources.base import Source
    from engine.stages import FaceStage
    from engine.transcription_stage import TranscriptionStage

TICK_S = 0.02
"""Media time after which a stream without items is told the time."""

_ROOM = {"face": 6, "hearing": 128, "transcription": 2048, "model": 256}
"""Items that may wait for a stage: about 1 s of pictures, 3 s of sound, 60 s of hearing while words are decoded."""

_LIVE_ROOM = {**_ROOM, "face": 12, "transcription": 320}
"""Live, words may fall 10 s behind and faces 2 s; then sound and pictures are dropped."""


PATIENCE_S = {"face": 30.0, "hearing": 30.0, "transcription": 300.0, "model": 60.0}
"""A stage hangs that is busy with one item for so long while the machine is awake: each takes a thousandth of that.
A recogniser in a process of its own is watched by `engine.asr.remote`, and may have to load its model anew."""


def wired(
    face: FaceStage | None,
    hearing: HearingStage | None,
    transcription: TranscriptionStage | None,
    model: FusionStage,
    *,
    live: bool,
) -> tuple[list[Node], list[Node]]:
    """Make the graph.

    Returns
    -------
    All nodes, each before those that it feeds, and those that the source feeds.
    """
    room = _LIVE_ROOM if live else _ROOM

    def node(stage: Stage, *targets: Node, inputs: int = 1, sheds: bool = False) -> Node:
        return Node(
            stage=stage,
            targets=targets,
            capacity=room[stage.name],
            live=sheds,
            inputs=inputs,
            patience_s=PATIENCE_S[stage.name],
        )

    last = node(model, inputs=sum(one is not None for one in (face, hearing, transcription)))
    nodes, fed, listeners = [last], [], [last]
    if transcription is not None:
        words = node(transcription, last)
        nodes.insert(0, words)
        listeners.append(words)  # after the model, which must hear of an utterance before it gets its words
    if hearing is not None:
        fed.append(node(hearing, *listeners, sheds=live))
    if face is not None:
        fed.append(node(face, last, sheds=live))
    return [*fed, *nodes], fed


def feed(
    source: Source, fed: Sequence[Node], start_s: float, trace: Trace, ended: Callable[[float], None]
) -> Iterator[tuple[Node, Any]]:
    """What a source delivers, for the stage that takes it; the others are told the time now and then.

    Parameters
    ----------
    source : is iterated.
    fed : the nodes that it feeds.
    start_s : media time at which it begins.
    trace : is told of every picture.
    ended : is told the end of the media when it has come.
    """
    told_s = dict.fromkeys(fed, start_s)
    taker = {node.stage.name: node for node in fed}
    duration_s = start_s
    items = iter(source)
    try:
        for item in items:
            node = taker.get("face" if isinstance(item, VideoFrame) else "hearing")
            if node is not None:
                if isinstance(item, VideoFrame):
                    trace.begin(item.pts_s, item.captured_s)
                yield node, item
                told_s[node] = item.pts_s
            duration_s = max(duration_s, item.pts_s if isinstance(item, VideoFrame) else item.end_s)
            for other, before_s in told_s.items():
                if item.pts_s - before_s >= TICK_S:
                    yield other, Tick(item.pts_s)
                    told_s[other] = item.pts_s
    finally:
        close_iterator(items)
    ended(duration_s)
