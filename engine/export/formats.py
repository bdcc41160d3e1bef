"""The formats that can be exported, and the files of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from engine.errors import OutputError
from engine.export.columns import Table
from engine.export.findings import Findings
from engine.export.tables import tables

Tell: TypeAlias = Callable[[float], None]
"""Is told now and then which share of a file is written, 0..1."""

COLUMNS = "columns.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a format is written from, and where.

    Attributes
    ----------
    findings : of the recording.
    stem : of the names of its files.
    draft : folder to write to.
    folder : where the files will lie in the end.
    tell : hears how far it is.
    note : hears what the user should know of what was written.
    """

    findings: Findings
    stem: str
    draft: Path
    folder: Path
    tell: Tell = lambda share: None
    note: Callable[[str], None] = lambda sentence: None

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables of the recording."""
        return tables(self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format.

    Attributes
    ----------
    name : as ``--to`` takes it.
    meaning : for the user, in a few words.
    files : the names of its files, from the stem.
    write : writes them.
    """

    name: str
    meaning: str
    files: Callable[[str], tuple[str, ...]]
    write: Callable[[Job], None]


def _csv(job: Job) -> None:
    from engine.export.csv_tables import write_csv_table

    for table in job.tables:
        write_csv_table(job.draft / f"{table.name}.csv", table)
    _dictionary(job)


def _parquet(job: Job) -> None:
    from engine.export.parquet_tables import write_parquet_table

    for table in job.tables:
        write_parquet_table(job.draft / f"{table.name}.parquet", job.findings, table)
    _dictionary(job)


def _jsonl(job: Job) -> None:
    from engine.export.json_lines import write_json_lines

    write_json_lines(job.draft / f"{job.stem}.jsonl", job.findings, job.tables)
    _dictionary(job)


def _dictionary(job: Job) -> None:
    from engine.export.dictionary import dictionary

    (job.draft / COLUMNS).write_text(dictionary(job.tables), encoding="utf-8", newline="\n")


def _eaf(job: Job) -> None:
    from engine.export.eaf import write_eaf

    write_eaf(job.draft / f"{job.stem}.eaf", job.findings, folder=job.folder)


def _srt(job: Job) -> None:
    from engine.export.cues import cues
    from engine.export.subtitles import write_srt

    write_srt(job.draft / f"{job.stem}.srt", cues(job.findings))


def _webvtt(job: Job) -> None:
    from engine.export.cues import cues
    from engine.export.subtitles import write_webvtt

    write_webvtt(job.draft / f"{job.stem}.vtt", cues(job.findings), title=job.findings.name)


def _textgrid(job: Job) -> None:
    from engine.export.textgrid import write_textgrid

    write_textgrid(job.draft / f"{job.stem}.TextGrid", job.findings)


def _mp4(job: Job) -> None:
    from engine.export.film import write_film

    name = _film(job.stem)[0]
    for sentence in write_film(job.draft / name, job.findings, job.tell, called=job.folder / name):
        job.note(sentence)


def _film(stem: str) -> tuple[str]:
    return (f"{stem}-overlay.mp4",)  # not the name of a recording that may lie in the same folder


def _tables(ending: str) -> Callable[[str], tuple[str, ...]]:
    names = ("predictions", "words", "utterances", "annotations")
    return lambda stem: (*(f"{name}.{ending}" for name in names), COLUMNS)


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format(name="csv", meaning="tables for any program", files=_tables("csv"), write=_csv),
        Format(
            name="jsonl",
            meaning="one JSON object a line",
            files=lambda stem: (f"{stem}.jsonl", COLUMNS),
            write=_jsonl,
        ),
        Format(name="parquet", meaning="typed tables", files=_tables("parquet"), write=_parquet),
        Format(name="eaf", meaning="tiers for ELAN", files=lambda stem: (f"{stem}.eaf",), write=_eaf),
        Format(name="srt", meaning="subtitles", files=lambda stem: (f"{stem}.srt",), write=_srt),
        Format(name="webvtt", meaning="subtitles for the web", files=lambda stem: (f"{stem}.vtt",), write=_webvtt),
        Format(name="textgrid", meaning="tiers for Praat", files=lambda stem: (f"{stem}.TextGrid",), write=_textgrid),
        Format(name="mp4", meaning="the recording with what was found drawn into it", files=_film, write=_mp4),
    )
}
"""All formats, in the order in which they are written: what takes long comes last."""

ALL = "all"


def chosen_formats(names: Iterable[str]) -> tuple[Format, ...]:
    """The formats of some names, each once and in fixed order; "all" stands for every one.

    Raises
    ------
    ValueError
        When there is no such format, or none was named; the message lists them.

    Examples
    --------
    >>> [one.name for one in chosen_formats(["srt", "CSV", "srt"])]
    ['csv', 'srt']
    """
    wanted = {name.strip().casefold() for name in names} - {""}
    unknown = sorted(wanted - set(FORMATS) - {ALL})
    if unknown or not wanted:
        problem = f"there is no format {', '.join(unknown)}" if unknown else "name at least one format"
        raise ValueError(f"{problem}: choose from {', '.join(FORMATS)}, with commas between, or all")
    return tuple(one for name, one in FORMATS.items() if name in wanted or ALL in wanted)


def file_names(formats: Sequence[Format], stem: str) -> tuple[str, ...]:
    """Every file that formats write, each once."""
    return tuple(dict.fromkeys(name for one in formats for name in one.files(stem)))


def require_writable(findings: Findings, formats: Sequence[Format]) -> None:
    """See that every format can be made of a recording.

    Raises
    ------
    OutputError
        When there is nothing to make a film of.
    """
    if findings.media is None and any(one.name == "mp4" for one in formats):
        raise OutputError(
            f"{findings.name} holds no pictures or sound to make an mp4 of: choose other formats with --to"
        )
