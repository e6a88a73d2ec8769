# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of YAML that people write and approve."""

from __future__ import annotations

import os
import pathlib
from typing import Any

import yaml


def read(path: str) -> Any:
    """What a file holds. Raises ValueError with the reason.

    A key that is given twice is refused: a reader may see the first one, and YAML takes the last.
    """
    try:
        text = pathlib.Path(os.path.expanduser(path)).read_text("utf-8")
        return yaml.load(text, _Loader)  # noqa: S506 (a safe one)
    except OSError as error:
        raise ValueError(error.strerror) from error
    except _GivenTwice:
        raise
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError):
        raise ValueError("it is not YAML") from None
    except (ValueError, KeyError, AttributeError) as error:  # of PyYAML, where a value is not of its type
        raise ValueError(f"a value in it is wrong: {error}") from None


class _GivenTwice(ValueError):
    pass


class _Loader(yaml.SafeLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen = set()
        for key, _value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if (key.tag, key.value) in seen:
                    raise _GivenTwice(f"line {key.start_mark.line + 1} gives '{key.value[:80]}' twice")
                seen.add((key.tag, key.value))
        return super().construct_mapping(node, deep)
