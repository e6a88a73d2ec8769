# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes of the modules that change a host or its journal. Private to the collection."""


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and return what would change, without changing anything.
    support: full
  diff_mode:
    description: Returns what changed, or in check mode would change.
    support: full
  idempotent:
    description: A second run with the same options changes nothing.
    support: full
"""

    LINUX = r"""
options: {}
requirements:
  - Python 3.6 or newer on the host
attributes:
  platform:
    description: The systems that the module runs on.
    support: full
    platforms: posix
"""

    WINDOWS = r"""
options: {}
requirements:
  - Windows PowerShell 5.1 and the rights of an administrator on the host
attributes:
  platform:
    description: The systems that the module runs on.
    support: full
    platforms: windows
"""

    BOTH = r"""
options: {}
requirements:
  - Python 3.6 or newer on a Linux host, Windows PowerShell 5.1 on a Windows host
attributes:
  platform:
    description: The systems that the module runs on.
    support: full
    platforms: posix, windows
"""
