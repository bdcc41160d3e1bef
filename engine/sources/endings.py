"""How the names of recordings end."""

from __future__ import annotations

MEDIA_ENDINGS: tuple[str, ...] = (
    *(".mp4", ".mov", ".mkv", ".avi", ".webm", ".m4v", ".mpg", ".mpeg", ".wmv", ".flv", ".3gp", ".mts", ".m2ts"),
    *(".wav", ".mp3", ".m4a", ".aac", ".flac", ".ogg", ".oga", ".opus", ".wma", ".aiff", ".aif"),
)
"""What is taken for a recording in a folder; other files open too when they are named."""
