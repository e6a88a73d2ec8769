# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The code of this package as one file, for a process that outlives the module and with it the module's payload."""

import io
import sys
import zipfile

ROOT = __name__.rsplit(".", 2)[0]
_MAIN = "import sys\nfrom vmbackup.{module} import {function}\n{function}(*sys.argv[1:])\n"


def program(function):
    """Return the bytes of a program that calls a function of this package with its arguments.

    It holds both packages as far as they are loaded.
    """
    main = _MAIN.format(module=function.__module__[len(ROOT) + 1 :], function=function.__name__)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        files = {"__main__.py": main, "vmbackup/__init__.py": ""}
        for name, module in sorted(sys.modules.items()):
            if name.startswith((ROOT + "._change", ROOT + "._guest")):
                path = "vmbackup" + name[len(ROOT) :].replace(".", "/")
                path += "/__init__.py" if hasattr(module, "__path__") else ".py"
                files[path] = module.__spec__.loader.get_source(name)
        for path, source in files.items():
            # With the date of a ZipInfo: the host's clock may show a year that no archive can hold.
            archive.writestr(zipfile.ZipInfo(path), source)
    return packed.getvalue()
