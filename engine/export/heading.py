"""What an export says of the recording itself."""

from __future__ import annotations

from typing import Any

from engine.export.findings import Findings

FORMAT, VERSION = "attune export", 1


def heading(findings: Findings) -> dict[str, Any]:
    """Name, length, classes in the order of their columns, and where all comes from, as values that JSON can hold."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": findings.name,
        "duration": findings.duration_s,
        "step": findings.step_s,
        "labels": list(findings.labels),
        "models": list(findings.fusions),
        "recognizer": findings.recognizer or None,
        "faults": [
            {"time": one.pts_s, "part": one.part, "text": one.text, "lasting": one.lasting} for one in findings.faults
        ],
        "about": dict(findings.about),
    }
