# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Where this process and its commands run: never in surroundings chosen by the account that signed in.

sudo and su may keep that account's environment and directory, and a guest's commands take code from both: by PATH, from
~/.rpmmacros, by OPENSSL_CONF, as a Python module of the current directory.
"""

import os

# /usr/local is last: on some distributions a group may write there.
PATH = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"


def settle():
    """Give this process, and with it every command that it starts, a fixed environment and the root directory."""
    os.environ.clear()
    os.environ.update(PATH=PATH, HOME="/", LANG="C", LC_ALL="C")
    os.chdir("/")
