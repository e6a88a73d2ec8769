# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a callback is told, under the names of all supported versions of ansible-core."""

from __future__ import annotations

from typing import Any


def data_of(result: Any) -> dict:
    return getattr(result, "result", None) or result._result


def host_of(result: Any) -> str:
    return (getattr(result, "host", None) or result._host).get_name()


def action_of(result: Any) -> str:
    return (getattr(result, "task", None) or result._task).action
