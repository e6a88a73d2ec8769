# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium, driven over its debugging pipe with nothing but the standard library."""

import json
import os
import select
import shutil
import subprocess
import time

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

_FLAGS = """--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update
--disable-default-apps --disable-extensions --disable-sync --no-first-run --no-default-browser-check
--remote-debugging-pipe""".split()
_PATIENCE = 300


class Browser:
    """One page. ``requests`` are the addresses that it asked for, ``problems`` what its console complained of."""

    def __init__(self, profile):
        to_browser, self._commands = os.pipe()
        self._answers, from_browser = os.pipe()
        # The browser reads commands from descriptor 3 and answers on descriptor 4.
        script = 'exec 3<&"$0" 4>&"$1"; shift; exec "$@"'
        command = [
            "bash",
            "-c",
            script,
            str(to_browser),
            str(from_browser),
            CHROMIUM,
            *_FLAGS,
            f"--user-data-dir={profile}",
        ]
        self._process = subprocess.Popen(
            [*command, "about:blank"],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._pending, self._number, self._session, self._answered = b"", 0, None, {}
        self.requests, self.problems, self._loaded = [], [], False
        self._session = self.call("Target.attachToTarget", targetId=self._page(), flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log", "Performance"):
            self.call(f"{domain}.enable")

    def open(self, url):
        """Opens an address and waits until it is loaded. Earlier requests and problems are forgotten."""
        # By way of an empty page, since a step to another fragment of the same page loads nothing.
        for address in ("about:blank", url):
            self.requests.clear()
            self.problems.clear()
            self._loaded = False
            self.call("Page.navigate", url=address)
            self._until(lambda: self._loaded)

    def run(self, script):
        """The value of a script; of a promise, what it is fulfilled with."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, script):
        """Polls a script until it is true."""
        end = time.monotonic() + _PATIENCE
        while not self.run(f"Boolean({script})"):
            assert time.monotonic() < end, f"never true: {script}"
            self.run("new Promise((done) => setTimeout(done, 20))")

    def call(self, method, **params):
        """One command of the DevTools protocol."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        answer = {}
        self._until(lambda: answer or answer.update(self._answered.pop(message["id"], {})) or answer)
        assert "error" not in answer, (method, answer)
        return answer["result"]

    def _page(self):
        """The page, which a browser that has just started may not have yet."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            for one in self.call("Target.getTargets")["targetInfos"]:
                if one["type"] == "page":
                    return one["targetId"]
            time.sleep(0.02)
        raise AssertionError("Chromium opens no page")

    def close(self):
        self._process.terminate()
        self._process.wait(_PATIENCE)
        os.close(self._commands)
        os.close(self._answers)

    def _until(self, done):
        end = time.monotonic() + _PATIENCE
        while not done():
            left = end - time.monotonic()
            assert left > 0 and select.select([self._answers], [], [], left)[0], "Chromium does not answer"
            data = os.read(self._answers, 1 << 20)
            assert data, "Chromium ended"
            *messages, self._pending = (self._pending + data).split(b"\0")
            for message in messages:
                self._take(json.loads(message))

    def _take(self, message):
        method, params = message.get("method"), message.get("params")
        if "id" in message:
            self._answered[message["id"]] = message
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Page.loadEventFired":
            self._loaded = True
        elif method in ("Runtime.exceptionThrown", "Log.entryAdded"):
            self.problems.append(params)
