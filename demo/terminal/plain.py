"""The terminal view where the output is a log or a pipe: one plain line for each second of the recording."""

from __future__ import annotations

from demo.terminal.state import ViewState, certainty, clock
from engine.analysis.palette import MODALITY_NAMES
from engine.types import Word


def line(state: ViewState, new_words: tuple[Word, ...] = ()) -> str:
    """One moment in one line: time, top emotion, each model's answer, what is there, newly said words."""
    now = state.newest
    said = f'  "{" ".join(one.text for one in new_words)}"' if new_words else ""
    if state.behind_s > 1.0:
        said += f"  (computing is {state.behind_s:.0f} s behind)"
    if state.recording:
        said += f"  [{state.recording}]"
    if now is None or not state.current:
        nothing = "no prediction yet" if state.moment_s is None else state.nothing
        return f"{clock(state.position_s)}  {nothing}{said}"
    probability = float(now.probabilities.max())
    verdict = f"{now.top} {probability:.0%} {certainty(probability, state.unsure_below)}"
    models = "  ".join(f"{name}: {one.top} {one.probabilities.max():.0%}" for name, one in now.outcomes.items())
    seen = [name for name in ("video", "audio", "text") if name in state.present and name in state.used]
    here = ", ".join(MODALITY_NAMES[name] for name in seen)
    return f"{clock(state.position_s)}  {verdict:<28}  {models:<36}  sees {here}{said}"
