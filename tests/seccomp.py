"""A filter of the kernel that ends a process, and all that it begins, when it asks for a socket of the internet."""

from __future__ import annotations

import ctypes
import platform
import struct
import sys

INET, INET6 = 2, 10
_SOCKET = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Name of the machine to the audit number of its architecture, and the number of its call ``socket``."""

_SET_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _KILL_PROCESS = 0x7FFF0000, 0x80000000
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def available() -> bool:
    """Whether this system has such filters."""
    return sys.platform == "linux" and platform.machine() in _SOCKET


def without_internet() -> None:
    """Install the filter in this process: its death by SIGSYS then means that it wanted a socket.

    Raises
    ------
    OSError : the kernel refuses.
    """
    code, libc = _code(), ctypes.CDLL(None, use_errno=True)
    program = _Program(len(code) // 8, code)
    if libc.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), "no filter of system calls here")


def _code() -> bytes:
    """See linux/seccomp.h: at 0 the number of the call, at 4 the architecture, at 16 the first argument."""
    architecture, socket = _SOCKET[platform.machine()]
    steps = (
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, 6, architecture),
        (_LOAD, 0, 0, 0),
        (_EQUAL, 0, 4, socket),
        (_LOAD, 0, 0, 16),
        (_EQUAL, 1, 0, INET),
        (_EQUAL, 0, 1, INET6),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_RETURN, 0, 0, _ALLOW),
    )
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
