# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What an editor of a guest's files raises, and what is said of an exception that nothing expected."""

import os


class Refused(Exception):
    """The file cannot be edited so that its readers see what is wanted; the text says why."""


def surprise(error):
    """What an exception is and where it was raised, without its words: they may quote what it stumbled over."""
    at = error.__traceback__
    while at.tb_next:
        at = at.tb_next
    file = os.path.basename(at.tb_frame.f_code.co_filename)
    words = getattr(error, "strerror", None)
    return "{0}{1} at {2}:{3}".format(type(error).__name__, " ({0})".format(words) if words else "", file, at.tb_lineno)
