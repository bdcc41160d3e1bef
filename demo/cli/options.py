"""Options that several commands share, so that they read and work the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from engine.config import Fusion, SessionConfig


def given_path(text: str) -> Path:
    """The path that an option was given. An empty one, as an unset variable of a shell gives it, is a mistake.

    Raises
    ------
    typer.BadParameter
        When it is empty.
    """
    if not text.strip():
        raise typer.BadParameter("it is empty: name a file or a folder, or leave the option out")
    return Path(text)


class FusionChoice(StrEnum):
    """Which fusion models of a folder run."""

    SELF = "self"
    CROSS = "cross"
    BOTH = "both"

    @property
    def fusions(self) -> tuple[Fusion, ...]:
        """The models of this choice, in fixed order."""
        if self is FusionChoice.SELF:
            return ("self",)
        return ("cross",) if self is FusionChoice.CROSS else ("self", "cross")


class AsrChoice(StrEnum):
    """Which speech recogniser runs."""

    AUTO = "auto"
    VOSK = "vosk"
    WHISPER = "whisper"
    NONE = "none"


class WindowChoice(StrEnum):
    """What the models see at a moment."""

    UTTERANCE = "utterance"
    SLIDING = "sliding"


class Interface(StrEnum):
    """Where ``play`` and ``live`` show what they see."""

    AUTO = "auto"
    WINDOW = "window"
    TERMINAL = "terminal"


MODELS = "Models"

SampleOption: TypeAlias = Annotated[
    bool, typer.Option("--sample", help="Use the sample recording that comes with Attune.")
]
InterfaceOption: TypeAlias = Annotated[
    Interface, typer.Option("--ui", help="Where to show it; 'auto' is the window where one can open.")
]
FusionOption: TypeAlias = Annotated[
    FusionChoice,
    typer.Option("--fusion", help="Attention within each modality (self), between them (cross), or both models."),
]
USE_HELP = "Modalities to use: a(udio), v(ideo), t(ext); the default is those that the manifest has."
UseOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--use",
        metavar="a,v,t",
        help=USE_HELP,
        show_default=False,
    ),
]
AsrOption: TypeAlias = Annotated[
    AsrChoice,
    typer.Option(
        "--asr",
        help="Speech recogniser. 'auto' takes Vosk where an English Vosk model is present, else Whisper tiny.en.",
        rich_help_panel=MODELS,
    ),
]
AsrModelOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--asr-model",
        metavar="MODEL",
        help="Path of a Vosk or Whisper model, or 'download' to let Vosk fetch a small English one (40 MB).",
        rich_help_panel=MODELS,
    ),
]
WordVectorsOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--word-vectors",
        metavar="NAME",
        help="GloVe or word2vec file, or the name of gensim-data vectors. The models must have been trained with them.",
        rich_help_panel=MODELS,
    ),
]
ModelDirOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--models",
        metavar="DIR",
        help="Folder with the trained models 'self', 'cross' or 'cross+self' instead of the bundled ones.",
        rich_help_panel=MODELS,
    ),
]
ModelOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        metavar="PATH",
        help="A checkpoint (NAME.json) or the folder of one run of an experiment; may be given for one self-, one "
        "cross- and one cross+self-attention model at once.",
        rich_help_panel=MODELS,
        show_default=False,
    ),
]
WindowOption: TypeAlias = Annotated[
    WindowChoice,
    typer.Option(
        "--window",
        help="What the models see: the current utterance, or always the last seconds.",
        rich_help_panel=MODELS,
    ),
]
DeviceOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--device",
        metavar="auto|cpu|cuda:N|mps",
        help="Where the networks run; 'auto' takes a CUDA card where there is one.",
        rich_help_panel=MODELS,
    ),
]
LiveStepOption: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--step",
        metavar="SECONDS",
        min=0.05,
        max=60.0,
        help="Seconds between two predictions; without it one follows every face, 3 a second.",
        show_default=False,
    ),
]
TraceOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--trace",
        metavar="FILE",
        parser=given_path,
        help="Write what happened when, as JSON that ui.perfetto.dev and chrome://tracing open.",
        show_default=False,
    ),
]
StepOption: TypeAlias = Annotated[
    float,
    typer.Option("--step", metavar="SECONDS", min=0.05, max=60.0, help="Seconds between two predictions."),
]


def session_config(
    *,
    fusion: FusionChoice,
    step_s: float = 0.5,
    live_step_s: float | None = None,
    window: WindowChoice = WindowChoice.UTTERANCE,
    asr: AsrChoice = AsrChoice.AUTO,
    asr_model: str | None = None,
    word_vectors: str | None = None,
    model_dir: Path | None = None,
    model: Sequence[str] | None = None,
    device: str = "auto",
) -> SessionConfig:
    """Settings of a session from the options of a command.

    Raises
    ------
    typer.BadParameter
        When models are chosen in two ways at once.
    """
    from engine.config import LIVE_STEP_S, SessionConfig

    if model and model_dir:
        raise typer.BadParameter("name single models, or a folder with --models, not both", param_hint="--model")
    if model and fusion is not FusionChoice.BOTH:
        raise typer.BadParameter(
            "--fusion chooses among the models of a folder: with --model, name the model that you want",
            param_hint="--fusion",
        )
    return SessionConfig(
        fusions=fusion.fusions,
        step_s=step_s,
        live_step_s=LIVE_STEP_S if live_step_s is None else live_step_s,
        window=window.value,
        asr=asr.value,
        asr_model=asr_model,
        word_vectors=word_vectors,
        model_dir=str(model_dir) if model_dir else None,
        models=tuple(model or ()),
        device=device,
    )
