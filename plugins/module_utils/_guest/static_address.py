# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Which static IPv4 address of an interface DHCP may take the place of: the only one."""

from .errors import Refused


def refuse_several(addresses):
    """Refuse to choose: DHCP gives the primary address alone, and no other way than the files leads to further ones."""
    told = list(dict.fromkeys(addresses))
    if len(told) > 1:
        words = "it has several static IPv4 addresses ({0}), and no file says which of them is the primary one in Azure"
        raise Refused(words.format(", ".join(told)))
