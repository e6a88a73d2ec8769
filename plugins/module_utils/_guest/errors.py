# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What a reader or an editor of a guest's files raises."""


class Refused(Exception):
    """The file cannot be edited so that its readers see what is wanted; the text says why."""
