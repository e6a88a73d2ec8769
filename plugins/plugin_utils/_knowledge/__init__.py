# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of Azure, its agents and their messages, as data with sources: read once, on the controller."""

from __future__ import annotations

import functools
import pathlib

from ansible.module_utils.common.yaml import yaml_load


@functools.cache
def rows(name: str) -> list[dict]:
    """The rows of ``NAME.yml`` in this folder."""
    return yaml_load((pathlib.Path(__file__).parent / f"{name}.yml").read_text("utf-8"))
