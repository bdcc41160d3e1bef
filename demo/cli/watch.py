"""The commands that watch something: a recording, or camera and microphone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from demo.cli.inputs import one_recording
from demo.cli.options import (
    AsrChoice,
    AsrModelOption,
    AsrOption,
    DeviceOption,
    FusionChoice,
    FusionOption,
    Interface,
    InterfaceOption,
    LiveStepOption,
    ModelDirOption,
    ModelOption,
    SampleOption,
    StepOption,
    TraceOption,
    WindowChoice,
    WindowOption,
    WordVectorsOption,
    given_path,
    session_config,
)
from demo.cli.outputs import (
    JsonlOption,
    LslNameOption,
    LslOption,
    OriginOption,
    PortOption,
    TokenOption,
    WebSocketOption,
    output_options,
)


def play(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Video or sound recording.", show_default=False)
    ] = None,
    sample: SampleOption = False,
    speed: Annotated[
        float,
        typer.Option(
            "--speed", metavar="X", min=0.1, max=32.0, help="Playing speed; 1 is real time, the window's 0.25 to 4."
        ),
    ] = 1.0,
    fusion: FusionOption = FusionChoice.BOTH,
    ui: InterfaceOption = Interface.AUTO,
    step: StepOption = 0.5,
    window: WindowOption = WindowChoice.UTTERANCE,
    asr: AsrOption = AsrChoice.AUTO,
    asr_model: AsrModelOption = None,
    word_vectors: WordVectorsOption = None,
    models: ModelDirOption = None,
    model: ModelOption = None,
    device: DeviceOption = "auto",
    trace: TraceOption = None,
    jsonl: JsonlOption = None,
    websocket: WebSocketOption = False,
    port: PortOption = None,
    token: TokenOption = None,
    allow_origin: OriginOption = None,
    lsl: LslOption = False,
    lsl_name: LslNameOption = None,
) -> None:
    """Play a recording and watch its emotions in real time.

    In the window: pause, seek, other speeds, attention maps to click on.
    In the terminal (--ui terminal, or where no window can open): the
    probabilities of the emotions, the words as they are recognised, which
    of face, voice and words is missing, and a history. Where the output is
    not a terminal, one line for each second of the recording.

    [bold]Examples[/bold]

    attune play --sample

    attune play interview.mkv --speed 2 --fusion cross

    attune play interview.mkv --model out/runs/self-a-v-t/fold01-seed01
    """
    from demo.cli.play import play_recording

    config = session_config(
        fusion=fusion,
        step_s=step,
        window=window,
        asr=asr,
        asr_model=asr_model,
        word_vectors=word_vectors,
        model_dir=models,
        model=model,
        device=device,
    )
    output = output_options(
        jsonl=jsonl,
        websocket=websocket,
        port=port,
        token=token,
        origins=allow_origin,
        lsl=lsl,
        lsl_name=lsl_name,
        trace=trace,
    )
    play_recording(one_recording(file, sample), config, speed=speed, ui=ui, trace=trace, output=output)


def live(
    camera: Annotated[
        str, typer.Option("--camera", metavar="N|NAME", help="Camera; 'none' to do without, file:PATH for a recording.")
    ] = "default",
    microphone: Annotated[
        str, typer.Option("--microphone", metavar="N|NAME", help="Microphone; 'none' to do without, or file:PATH.")
    ] = "default",
    size: Annotated[
        str | None,
        typer.Option("--size", metavar="WxH", help="Picture size to ask the camera for.", show_default=False),
    ] = None,
    rate: Annotated[
        float | None, typer.Option("--rate", metavar="HZ", min=1.0, max=240.0, help="Pictures per second to ask for.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", metavar="S", min=0.1, help="Stop by itself after so long.")
    ] = None,
    fusion: FusionOption = FusionChoice.BOTH,
    ui: InterfaceOption = Interface.AUTO,
    step: LiveStepOption = None,
    window: WindowOption = WindowChoice.UTTERANCE,
    asr: AsrOption = AsrChoice.AUTO,
    asr_model: AsrModelOption = None,
    word_vectors: WordVectorsOption = None,
    models: ModelDirOption = None,
    model: ModelOption = None,
    device: DeviceOption = "auto",
    record: Annotated[
        Path | None,
        typer.Option(
            "--record",
            metavar="SESSION",
            parser=given_path,
            help="Record the session into this new folder, or into one by date in a folder of sessions.",
            show_default=False,
        ),
    ] = None,
    trace: TraceOption = None,
    jsonl: JsonlOption = None,
    websocket: WebSocketOption = False,
    port: PortOption = None,
    token: TokenOption = None,
    allow_origin: OriginOption = None,
    lsl: LslOption = False,
    lsl_name: LslNameOption = None,
) -> None:
    """Watch camera and microphone live.

    One of the two is enough. A device that fails is named, the other goes on,
    and it comes back by itself. file:PATH plays a recording in real time in
    place of a device, loop:PATH repeats it: a demonstration without hardware.

    --record keeps picture and sound, and all that was found, in a folder that
    only you can read. What was recorded stays there whatever happens.

    [bold]Examples[/bold]

    attune live

    attune live --camera 1 --microphone usb --size 1280x720

    attune live --camera file:talk.mp4 --microphone file:talk.mp4

    attune live --record sessions/monday
    """
    from demo.bridge import Capture
    from demo.cli.live import watch_live

    config = session_config(
        fusion=fusion,
        live_step_s=step,
        window=window,
        asr=asr,
        asr_model=asr_model,
        word_vectors=word_vectors,
        model_dir=models,
        model=model,
        device=device,
    )
    output = output_options(
        jsonl=jsonl,
        websocket=websocket,
        port=port,
        token=token,
        origins=allow_origin,
        lsl=lsl,
        lsl_name=lsl_name,
        trace=trace,
    )
    capture = Capture(size=_size(size), rate_hz=rate)
    watch_live(
        _device(camera, "--camera"),
        _device(microphone, "--microphone"),
        config,
        capture=capture,
        seconds=seconds,
        ui=ui,
        trace=trace,
        record=record,
        output=output,
    )


def _size(wanted: str | None) -> tuple[int, int] | None:
    """Width and height from "1280x720".

    Raises
    ------
    typer.BadParameter : it is not like that.
    """
    if wanted is None:
        return None
    width, _, height = wanted.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise typer.BadParameter(f"give it as WIDTHxHEIGHT, for instance 1280x720, not {wanted!r}", param_hint="--size")
    return int(width), int(height)


def _device(wanted: str, option: str) -> str | None:
    """What was chosen; None for no device.

    Raises
    ------
    typer.BadParameter : it names nothing.
    """
    if not wanted.strip():
        raise typer.BadParameter("it is empty: give a number, a name or none", param_hint=option)
    if wanted.strip().casefold() in ("file:", "loop:"):
        raise typer.BadParameter(f"name a recording, as in {wanted.strip()}talk.mp4", param_hint=option)
    return None if wanted.casefold() == "none" else wanted
