# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What an error of Python says, without the text that it is about: messages of parsers quote what they stumble over."""

import configparser
import os


def plain(error):
    """What is wrong with a file that ConfigParser reads, and in which line or option."""
    lines = [number for number, _text in getattr(error, "errors", ())] or [getattr(error, "lineno", None)]
    place = "line {0}".format(lines[0]) if lines[0] else _option(error)
    return "{0}: {1}".format(place, _said(error)) if place else _said(error)


def _option(error):
    section, option = getattr(error, "section", None), getattr(error, "option", None)
    return "option {0} of [{1}]".format(option, section) if option else None


def _said(error):
    for kind, words in (
        (configparser.MissingSectionHeaderError, "no section is open here"),
        (configparser.ParsingError, "neither an option nor a section"),
        (configparser.DuplicateSectionError, "a section for the second time"),
        (configparser.DuplicateOptionError, "an option for the second time"),
        (configparser.InterpolationError, "a per cent sign begins a reference that does not exist"),
        (UnicodeError, "not UTF-8 text"),
        (ValueError, "a value is not a number"),
    ):
        if isinstance(error, kind):
            return words
    return type(error).__name__


def surprise(error):
    """What an exception that nothing expected is, and where it was raised."""
    at = error.__traceback__
    while at.tb_next:
        at = at.tb_next
    file = os.path.basename(at.tb_frame.f_code.co_filename)
    words = getattr(error, "strerror", None)
    return "{0}{1} at {2}:{3}".format(type(error).__name__, " ({0})".format(words) if words else "", file, at.tb_lineno)
