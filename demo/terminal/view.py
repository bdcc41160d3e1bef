"""The terminal view: one screen of text for each moment of playing."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from demo.terminal.marks import Ink, bar, history, letters, progress
from demo.terminal.state import ViewState, certainty, clock
from engine.analysis.palette import MODALITY_NAMES, label_colours

_NAME_CELLS = 9
_LONGEST_NAME = 14
_PERCENT_CELLS = 6
_TITLES = {"self": "self-attention", "cross": "cross-attention", "cross+self": "cross- and self-attention"}
_LEAST_HISTORY_S = 30.0
_STAGES = {"face": "face", "hearing": "voice", "transcription": "words", "model": "model"}


class View:
    """A `ViewState` as a rich renderable that fills the width and height it is given."""

    def __init__(self, state: ViewState) -> None:
        self.state = state

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lay the lines out for the console's size, colours and characters."""
        ink = Ink(unicode=not options.ascii_only, colour=console.color_system is not None and not console.no_color)
        height = options.height or console.height
        for line in lines(self.state, options.max_width, height, ink):
            line.truncate(options.max_width)
            line.no_wrap = True
            yield line


def lines(state: ViewState, width: int, height: int, ink: Ink) -> list[Text]:
    """The lines of one screen, at most ``height`` of them.

    What matters most stays on a small screen: blank lines go first, then latencies and remarks.
    """
    roomy = height >= 32
    gap = [Text()] if height >= 22 else []
    blank = [Text()] if roomy else []
    recording = [_recording(state)] if state.recording else []
    head = [_title(state, width), *recording, *gap, _verdict(state), *blank]
    bars = [one for line in _bars(state, width, ink) for one in (line, *blank)]
    tail = [
        *gap,
        *_history(state, width, ink),
        *gap,
        progress(state.position_s / state.duration_s if state.duration_s else 0.0, width, ink),
        _latencies(state),
    ]
    room = height - len(head) - len(bars) - len(tail) - len(gap) - 1
    said = _transcript(state, width, max(1, min(room, 8 if roomy else 4)), ink)
    screen = [*head, *bars, *gap, *said, _missing(state, ink), *tail]
    remarks = [Text(one, style="dim") for one in state.remarks]
    return [*screen, *remarks[: max(0, height - len(screen))]][:height]


def _title(state: ViewState, width: int) -> Text:
    total = clock(state.duration_s) if state.duration_s else "?"
    right = f"{clock(state.position_s)} / {total}  {state.speed:g}x"
    left = Text.assemble((" Attune ", "bold reverse"), "  ", (state.name, "bold"))
    left.truncate(max(10, width - len(right) - 2), overflow="ellipsis")
    left.pad_right(max(1, width - left.cell_len - len(right)))
    return left.append(right)


def _recording(state: ViewState) -> Text:
    return Text.assemble((state.recording, "bold red"), "  ", (state.recording_problem, "red"))


def _verdict(state: ViewState) -> Text:
    now = state.newest
    if now is None:
        waiting = f"{state.nothing} yet" if state.moment_s is not None else "waiting for the first prediction"
        return Text(waiting, style="dim")
    if not state.current:
        return Text(f"{state.nothing} since {clock(now.pts_s)}", style="dim")
    probability = float(now.probabilities.max())
    words = certainty(probability, state.unsure_below)
    if words == "unsure":
        line = Text.assemble(("unsure", "bold"), (f"  at most {now.top} {probability:.0%}", "dim"))
    else:
        top = (now.top, f"bold {label_colours(now.labels)[now.top]}")
        line = Text.assemble(top, (f" {probability:.0%}", "bold"), f"  {words}")
    if state.behind_s > 1.0:
        line.append(f"   computing is {state.behind_s:.0f} s behind", style="yellow")
    return line


def _bars(state: ViewState, width: int, ink: Ink) -> list[Text]:
    now = state.newest
    outcomes = dict(now.outcomes) if now is not None else {}
    faint = "" if state.current else "dim "
    count = max(1, len(outcomes))
    names = max(_NAME_CELLS, min(_LONGEST_NAME, max(map(len, state.labels)) + 1))
    column = (width - names) // count
    length = max(4, column - _PERCENT_CELLS - 2)
    colours = label_colours(state.labels)
    heading = Text(" " * names)
    for fusion in outcomes:
        heading.append(_TITLES[fusion].ljust(column)[:column], style="dim")
    out = [heading]
    for index, name in enumerate(state.labels):
        line = Text(name[: names - 1].ljust(names))
        for outcome in outcomes.values():
            share = float(outcome.probabilities[index])
            top = outcome.top == name
            line.append_text(bar(share, length, faint + colours[name], ink))
            line.append(f"{share:>{_PERCENT_CELLS}.0%}", style="bold" if top else "dim").append("  ")
        out.append(line)
    return out


def _transcript(state: ViewState, width: int, rows: int, ink: Ink) -> list[Text]:
    label = "said     "
    text = Text()
    for word in state.words:
        text.append(word.text + " ", style="" if word.final else "dim italic")
    if not state.words:
        text = Text("…" if ink.unicode else "...", style="dim")
    console = Console(width=max(10, width - len(label)), color_system=None, force_terminal=False)
    shown = list(text.wrap(console, max(10, width - len(label))))[-rows:]
    shown += [Text()] * (rows - len(shown))
    return [Text.assemble((label if index == 0 else " " * len(label), "dim"), line) for index, line in enumerate(shown)]


def _missing(state: ViewState, ink: Ink) -> Text:
    dot = "·" if ink.unicode else "-"
    if state.moment_s is None:
        return Text()
    if not state.missing:
        here = [MODALITY_NAMES[name] for name in ("video", "audio", "text") if name in state.used]
        listed = " and ".join(filter(None, (", ".join(here[:-1]), here[-1])))
        return Text.assemble(("missing  ", "dim"), f"nothing: {listed} {'are' if len(here) > 1 else 'is'} here")
    return Text.assemble(("missing  ", "dim"), (f" {dot} ".join(state.missing), "yellow"))


def _history(state: ViewState, width: int, ink: Ink) -> list[Text]:
    cells = width - _NAME_CELLS
    span_s = min(max(state.duration_s or 0.0, _LEAST_HISTORY_S), cells * state.step_s)
    start_s = max(0.0, state.position_s - span_s)
    cells_line = history(state.predictions, start_s, start_s + span_s, cells, state.step_s, ink)
    line = Text.assemble(("history  ", "dim"), cells_line)
    left, right = clock(start_s), clock(start_s + span_s)
    scale = Text(" " * _NAME_CELLS + left + right.rjust(cells - len(left)), style="dim")
    names = Text(" " * _NAME_CELLS)
    for name, colour in ((one, label_colours(state.labels)[one]) for one in state.labels):
        mark = "■" if ink.colour and ink.unicode else letters(state.labels)[name]
        names.append(mark, style=colour).append(f" {name} ", style="dim")
    return [line, scale, names]


def _latencies(state: ViewState) -> Text:
    parts = [f"{_STAGES.get(name, name)} {1000 * value:.0f} ms" for name, value in state.latency_s.items()]
    return Text("latency  " + "  ".join(parts) if parts else "", style="dim")
