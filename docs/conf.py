# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx for the site (docs/build_site.py). Its theme loads nothing from elsewhere."""

project = html_title = "vmbackup.azure"
extensions = ["myst_parser", "sphinx_antsibull_ext"]
myst_heading_anchors = 4
html_theme = "furo"
html_copy_source = False
html_use_index = False
html_show_copyright = False
# The reference names labels of Ansible's own documentation, which is not asked; lexers do not know every output.
suppress_warnings = ["ref.ref", "misc.highlighting_failure"]
