# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build what ansible-core sends for one PowerShell module, without any connection.

usage: mkpayload.py OUTDIR MODULE ['{"json": "arguments"}']
  MODULE  a collection name (ansible.windows.win_ping) or the path of a .ps1
writes OUTDIR/command.b64 (the argument of -EncodedCommand), OUTDIR/stdin (the standard input).
Needs ansible-core >= 2.20 importable; the payload is made by its own module_manifest.
"""

import base64
import inspect
import json
import os
import sys

from ansible.executor.powershell import module_manifest as mm
from ansible.plugins.loader import init_plugin_loader, module_loader

out, module = sys.argv[1], sys.argv[2]
args = json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}
check = args.pop("_check", False)
init_plugin_loader()
if os.path.exists(module):
    path, fqn = module, os.path.splitext(os.path.basename(module))[0]
else:
    ctx = module_loader.find_plugin_with_context(module, mod_type=".ps1")
    if not ctx.resolved or not ctx.plugin_resolved_path:
        sys.exit(f"module {module} not found")
    path, fqn = (
        ctx.plugin_resolved_path,
        "ansible_collections." + ctx.plugin_resolved_collection + ".plugins.modules." + module.split(".")[-1]
        if ctx.plugin_resolved_collection
        else module,
    )
margs = dict(args)
margs.update(
    {
        "_ansible_check_mode": bool(check),
        "_ansible_diff": True,
        "_ansible_debug": False,
        "_ansible_verbosity": 0,
        "_ansible_no_log": False,
        "_ansible_version": "2.22.0",
        "_ansible_module_name": fqn,
        "_ansible_syslog_facility": "LOG_USER",
        "_ansible_selinux_special_fs": [],
        "_ansible_socket": None,
        "_ansible_shell_executable": "/bin/sh",
        "_ansible_keep_remote_files": False,
        "_ansible_tmpdir": None,
        "_ansible_remote_tmp": "%TEMP%",
        "_ansible_ignore_unknown_opts": False,
        "_ansible_target_log_info": None,
        "_ansible_tracebacks_for": [],
    }
)
kw = dict(
    name=fqn,
    module_data=open(path, "rb").read(),
    module_path=path,
    module_args=margs,
    environment={},
    async_timeout=0,
    become_plugin=None,
    substyle="powershell",
    task_vars={},
    profile="legacy",
    pwsh_interpreter=None,
)
sig = inspect.signature(mm._create_powershell_wrapper).parameters
data = mm._create_powershell_wrapper(**{k: v for k, v in kw.items() if k in sig})
boot = mm._get_powershell_script("bootstrap_wrapper.ps1").decode()
os.makedirs(out, exist_ok=True)
open(os.path.join(out, "command.b64"), "w").write(base64.b64encode(boot.encode("utf-16-le")).decode())
open(os.path.join(out, "stdin"), "wb").write(data)
