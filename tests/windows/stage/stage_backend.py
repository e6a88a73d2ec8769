# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backend of wsman_server.py for one stand-in: runs command lines with Wine, PowerShell ones directly.

* ``powershell ... -EncodedCommand X`` (what Ansible's winrm connection sends, always the same bootstrap) is started
  without cmd.exe between. After each command one more is started in advance and waits at its stdin for the next task.
  It is only used when command line, environment and code page are the same, and it is started after the last command
  has ended, so that it sees what that command left behind (environment in the registry, for example).
* Everything else goes through Wine's cmd.exe by a batch file, so that quoting is kept byte for byte.
"""

import os
import re
import tempfile
import threading
import time

from wsman_server import PopenProc

PS = re.compile(r'(?i)^\s*"?(?:[a-z]:\\[^"&|<>^%]*\\)?(powershell|pwsh)(\.exe)?"?(?=\s|$)')
META = re.compile(r"[&|<>^%]")


class StageBackend:
    name = "stage"

    def __init__(self, prefix, env, prewarm=True, user="azureuser"):
        self.prefix, self.base, self.prewarm = prefix, env, prewarm
        self.dir = os.path.join(prefix, "drive_c", "windows", "temp", "winrs")
        os.makedirs(self.dir, exist_ok=True)
        home = os.path.join(prefix, "drive_c", "users", user)
        self.cwd = home if os.path.isdir(home) else os.path.join(prefix, "drive_c")
        self.ps = os.path.join(prefix, "drive_c", "windows", "system32", "WindowsPowerShell", "v1.0", "powershell.exe")
        self.lock = threading.Lock()
        self.warm = None  # (key, PopenProc, started)
        self.active = 0
        self.n = {"commands": 0, "warm_used": 0, "warm_started": 0}
        self.closed = False

    def _env(self, shell):
        env = dict(self.base, STAGE_CP=shell.codepage)
        env.update(shell.env)
        return env

    def _split(self, cmdline):
        """argv of a plain PowerShell command line, None if cmd.exe is needed"""
        if not PS.match(cmdline) or META.search(cmdline):
            return None
        argv, cur, quote, some = [], "", False, False
        for c in cmdline:
            if c == '"':
                quote, some = not quote, True
            elif c in " \t" and not quote:
                if cur or some:
                    argv.append(cur)
                cur, some = "", False
            else:
                cur += c
        if cur or some:
            argv.append(cur)
        return argv

    def _spawn(self, argv, env, done):
        return PopenProc(["wine", self.ps] + argv[1:], env=env, cwd=self.cwd, cleanup=done)

    def start(self, shell, cmdline, skip_cmd, console_stdin, rec):
        env = self._env(shell)
        argv = self._split(cmdline) if os.path.exists(self.ps) else None
        with self.lock:
            self.active += 1
            self.n["commands"] += 1
        if argv is None:
            fd, path = tempfile.mkstemp(".cmd", dir=self.dir)
            os.write(fd, ("@echo off\r\n" + cmdline + "\r\n").encode("utf-8"))
            os.close(fd)

            def done():
                os.unlink(path)
                self._ended(None, None)

            return PopenProc(
                ["wine", "cmd", "/c", "C:\\windows\\temp\\winrs\\" + os.path.basename(path)],
                env=env,
                cwd=self.cwd,
                cleanup=done,
            )
        key = (tuple(argv[1:]), tuple(sorted(env.items())))
        proc = None
        with self.lock:
            if self.warm and self.warm[0] == key and self.warm[1].p.poll() is None:
                proc, self.warm = self.warm[1], None
                self.n["warm_used"] += 1
        encoded = "-encodedcommand" in (a.lower() for a in argv)
        if proc is None:
            proc = self._spawn(
                argv, env, lambda: self._ended(argv, env, key, proc=None) if encoded else self._ended(None, None)
            )
        else:
            proc.cleanup = lambda: self._ended(argv, env, key)
        return proc

    def _ended(self, argv, env, key=None, proc=None):
        with self.lock:
            self.active -= 1
            if self.closed or not self.prewarm or self.active:
                return
            old = None
            if key is None:
                old, self.warm = (
                    self.warm,
                    None,
                )  # another command may have changed what the waiting one saw at its start
                if old is None:
                    return
                key = old[0]
                argv, env = ["powershell"] + list(key[0]), dict(key[1])
        if old:
            old[1].terminate()
        self._warm(argv, env, key)

    def _warm(self, argv, env, key):
        try:
            proc = self._spawn(argv, env, None)
        except OSError:
            return
        with self.lock:
            old, self.warm = self.warm, (key, proc, time.time())
            self.n["warm_started"] += 1
            closed = self.closed
        if old:
            old[1].terminate()
        if closed:
            proc.terminate()

    def drop_warm(self):
        with self.lock:
            old, self.warm = self.warm, None
        if old:
            old[1].terminate()

    def close(self):
        self.closed = True
        self.drop_warm()

    def stats(self):
        return dict(self.n, warm=bool(self.warm))
