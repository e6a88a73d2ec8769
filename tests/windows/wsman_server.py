# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small WS-Management (WinRS shell) server for tests.  Standard library only.

Speaks the six operations that WinRS clients (pywinrm, pypsrp, Ansible's winrm
connection plugin) use on the resource .../windows/shell/cmd:
Create, Command, Send, Receive, Signal, Delete; Basic auth over HTTP.
Commands are executed by a pluggable backend.

    python3 wsman_server.py --port 15985 --user u --password p \
        --backend wine|record|pwsh [--log FILE.jsonl]
"""

from __future__ import annotations

import argparse
import base64
import hmac
import json
import os
import re
import shlex
import signal
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import xml.etree.ElementTree as ET
from http.server import BaseHTTPRequestHandler, HTTPServer
from xml.sax.saxutils import escape

NS = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
    "p": "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd",
    "rsp": "http://schemas.microsoft.com/wbem/wsman/1/windows/shell",
    "x": "http://schemas.xmlsoap.org/ws/2004/09/transfer",
}
SHELL = NS["rsp"]
CMD_RESOURCE = SHELL + "/cmd"
TRANSFER = NS["x"]
ANON = NS["a"] + "/role/anonymous"
# WSMan fault codes: (numeric code, SOAP subcode, text)
F_TIMEOUT = (
    2150858793,
    "w:TimedOut",
    "The WS-Management service cannot complete the operation within the time specified in OperationTimeout.",
)
F_SHELL_NOT_FOUND = (
    2150858843,
    "w:InvalidSelectors",
    "The request for the Windows Remote Shell with ShellId %s failed because the shell was not found on the server.",
)
F_INVALID = (2150858778, "a:ActionNotSupported", "The action %s is not supported by the service.")
F_BAD_RESOURCE = (2150858752, "a:DestinationUnreachable", "The resource URI %s was not found.")
F_QUOTA_OPS = (
    2150859174,
    "w:InternalError",
    "This user is allowed a maximum number of concurrent operations, which has been exceeded.",
)
F_PARAM = (87, "w:InvalidParameter", "The parameter is incorrect.")


class Fault(Exception):
    def __init__(self, fault, detail=""):
        self.code, self.subcode, text = fault
        self.text = text % detail if "%s" in text else text
        super().__init__(self.text)


# --------------------------------------------------------------------------- backends
class Proc:
    """What a backend returns: a running command."""

    def __init__(self):
        self.cond = threading.Condition()
        self.out = {"stdout": bytearray(), "stderr": bytearray()}
        self.rc: int | None = None

    # called by the backend
    def feed(self, stream, data):
        with self.cond:
            self.out[stream] += data
            self.cond.notify_all()

    def finish(self, rc):
        with self.cond:
            self.rc = rc & 0xFFFFFFFF
            self.cond.notify_all()

    # called by the server
    def write(self, data: bytes, end: bool):
        """Input for the command."""

    def terminate(self):
        """End the command."""

    def receive(self, timeout):
        """-> (dict stream->bytes, rc or None) ; None on time-out."""
        limit = time.monotonic() + timeout
        with self.cond:
            while True:
                if self.rc is not None or self.out["stdout"] or self.out["stderr"]:
                    data = {k: bytes(v) for k, v in self.out.items()}
                    for v in self.out.values():
                        v.clear()
                    return data, self.rc
                left = limit - time.monotonic()
                if left <= 0:
                    return None
                self.cond.wait(left)


class PopenProc(Proc):
    def __init__(self, argv, env=None, cwd=None, cleanup=None, recode=None):
        super().__init__()
        self.cleanup = cleanup
        self.recode = recode  # (single-byte codec the child writes, codec the client asked for)
        self.p = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
            cwd=cwd,
            start_new_session=True,
        )
        ts = [
            threading.Thread(target=self._pump, args=(n, f), daemon=True)
            for n, f in (("stdout", self.p.stdout), ("stderr", self.p.stderr))
        ]
        for t in ts:
            t.start()
        threading.Thread(target=self._wait, args=(ts,), daemon=True).start()

    def _pump(self, name, f):
        while True:
            d = os.read(f.fileno(), 65536)
            if not d:
                return
            if self.recode:
                d = d.decode(self.recode[0], "replace").encode(self.recode[1], "replace")
            self.feed(name, d)

    def _wait(self, ts):
        rc = self.p.wait()
        for t in ts:
            t.join(10)
        if self.cleanup:
            self.cleanup()
        self.finish(rc)

    def write(self, data, end):
        try:
            if data:
                self.p.stdin.write(data)
                self.p.stdin.flush()
            if end:
                self.p.stdin.close()
        except (BrokenPipeError, ValueError):
            pass

    def terminate(self):
        if self.p.poll() is None:
            os.killpg(self.p.pid, signal.SIGKILL)  # only the session that we started


class RecordProc(Proc):
    """Collects stdin, then asks a handler for (rc, stdout, stderr)."""

    def __init__(self, cmdline, needs_stdin, handler, rec):
        super().__init__()
        self.cmdline, self.handler, self.rec = cmdline, handler, rec
        self.stdin = bytearray()
        self.done = False
        if not needs_stdin:
            self._answer()

    def write(self, data, end):
        self.stdin += data
        if end:
            self._answer()

    def _answer(self):
        if self.done:
            return
        self.done = True
        self.rec["stdin"] = base64.b64encode(bytes(self.stdin)).decode()
        rc, out, err = self.handler(self.cmdline, bytes(self.stdin))
        self.feed("stdout", out)
        self.feed("stderr", err)
        self.finish(rc)

    def terminate(self):
        if self.rc is None:
            self.finish(0x40010004)


class WineBackend:
    """Runs every command line with Wine's own cmd.exe (no PowerShell there: powershell.exe is a stub)."""

    name = "wine"

    def __init__(self, wine="wine", prefix=None):
        self.wine = wine
        self.env = dict(os.environ, WINEDEBUG="-all")
        if prefix:
            self.env["WINEPREFIX"] = prefix
        self.prefix = self.env.get("WINEPREFIX", os.path.expanduser("~/.wine"))
        self.dir = os.path.join(self.prefix, "drive_c", "winrs")
        os.makedirs(self.dir, exist_ok=True)

    def start(self, shell, cmdline, skip_cmd, console_stdin, rec):
        # A batch file keeps the command line byte for byte: argv would be re-quoted by Wine's loader.
        fd, path = tempfile.mkstemp(".cmd", dir=self.dir)
        body = "@echo off\r\n" + "".join('set "{}={}"\r\n'.format(*kv) for kv in shell.env.items()) + cmdline + "\r\n"
        os.write(fd, body.encode("cp437", "replace"))  # Wine's cmd reads batch files in its OEM code page
        os.close(fd)
        want = {"65001": "utf-8", "437": "cp437"}.get(shell.codepage, "cp" + shell.codepage)
        return PopenProc(
            [self.wine, "cmd", "/c", "C:\\winrs\\" + os.path.basename(path)],
            env=self.env,
            cleanup=lambda: os.unlink(path),
            recode=("cp437", want) if want != "cp437" else None,
        )  # reg, sc, net write OEM; cmd's own echo writes ANSI: keep tests ASCII


class PwshBackend:
    """Runs `powershell ...`/`pwsh ...` command lines with a real pwsh on PATH, refuses anything else."""

    name = "pwsh"

    def __init__(self, pwsh="pwsh"):
        self.pwsh = pwsh

    def start(self, shell, cmdline, skip_cmd, console_stdin, rec):
        argv = shlex.split(cmdline)
        if os.path.basename(argv[0]).lower().removesuffix(".exe") not in ("powershell", "pwsh"):
            raise Fault(F_PARAM)
        args = []
        it = iter(argv[1:])
        for a in it:
            if a.lower() == "-executionpolicy":  # not supported off Windows
                next(it, None)
                continue
            args.append(a)
        return PopenProc([self.pwsh, *args], env=dict(os.environ, **shell.env))


class RecordBackend:
    """Runs nothing.  `handler(cmdline, stdin) -> (rc, stdout, stderr)`."""

    name = "record"

    def __init__(self, handler=None):
        self.handler = handler or (lambda c, i: (0, b"", b""))

    def start(self, shell, cmdline, skip_cmd, console_stdin, rec):
        return RecordProc(cmdline, needs_stdin=not console_stdin, handler=self.handler, rec=rec)


# --------------------------------------------------------------------------- protocol
class Shell:
    def __init__(self, env, cwd, codepage):
        self.id = str(uuid.uuid4()).upper()
        self.env, self.cwd, self.codepage = env, cwd, codepage
        self.commands: dict[str, Proc] = {}


def q(prefix, tag):
    return f"{{{NS[prefix]}}}{tag}"


def iso_seconds(text, default=60.0):
    m = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?", text or "")
    if not m:
        return default
    h, mi, s = m.groups()
    return int(h or 0) * 3600 + int(mi or 0) * 60 + float(s or 0)


class WSMan:
    """The service: no HTTP in here, so it can be unit-tested."""

    def __init__(self, backend, log=None, max_receive=20.0):
        self.backend, self.log, self.max_receive = backend, log, max_receive
        self.shells: dict[str, Shell] = {}
        self.lock = threading.Lock()
        self.journal: list[dict] = []
        self.faults: list = []  # [(action suffix, Fault tuple)]: injected once each

    def note(self, **kw):
        kw["t"] = round(time.time(), 3)
        with self.lock:
            self.journal.append(kw)
            if self.log:
                self.log.write(json.dumps(kw) + "\n")
                self.log.flush()

    def handle(self, body: bytes):
        """-> (http status, xml bytes)"""
        root = ET.fromstring(body)
        head = root.find("s:Header", NS)
        mid = head.findtext("a:MessageID", "", NS)
        action = head.findtext("a:Action", "", NS)
        try:
            for i, (suffix, fault) in enumerate(self.faults):
                if action.endswith(suffix):
                    del self.faults[i]
                    raise Fault(fault)
            resource = head.findtext("w:ResourceURI", "", NS)
            if resource.rstrip("/") != CMD_RESOURCE:
                raise Fault(F_BAD_RESOURCE, resource)
            op = {
                TRANSFER + "/Create": self.create,
                TRANSFER + "/Delete": self.delete,
                SHELL + "/Command": self.command,
                SHELL + "/Send": self.send,
                SHELL + "/Receive": self.receive,
                SHELL + "/Signal": self.signal,
            }.get(action)
            if not op:
                raise Fault(F_INVALID, action)
            inner = op(root, head)
            status = 200
            raction = action + "Response"
        except Fault as f:
            status = 500
            raction = NS["w"].replace("/wsman.xsd", "") + "/fault"
            text, fault = escape(f.text), "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
            wmi = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError"
            inner = (
                f"<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>{f.subcode}</s:Value></s:Subcode>"
                f'</s:Code><s:Reason><s:Text xml:lang="en-US">{text}</s:Text></s:Reason><s:Detail>'
                f'<f:WSManFault xmlns:f="{fault}" Code="{f.code}" Machine="127.0.0.1">'
                f"<f:Message>{text}</f:Message></f:WSManFault>"
                f'<e:MSFT_WmiError xmlns:e="{wmi}"><e:error_Code>{f.code}</e:error_Code>'
                "</e:MSFT_WmiError></s:Detail></s:Fault>"
            )
            self.note(op="fault", code=f.code, action=action, text=f.text)
        xml = (
            '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xml:lang="en-US" '
            + " ".join('xmlns:{}="{}"'.format(*kv) for kv in NS.items())
            + f"><s:Header><a:Action>{raction}</a:Action>"
            f"<a:MessageID>uuid:{str(uuid.uuid4()).upper()}</a:MessageID><a:To>{ANON}</a:To>"
            f"<a:RelatesTo>{escape(mid)}</a:RelatesTo></s:Header><s:Body>{inner}</s:Body></s:Envelope>"
        )
        return status, xml.encode("utf-8")

    def _options(self, head):
        return {o.get("Name"): (o.text or "") for o in head.iterfind("w:OptionSet/w:Option", NS)}

    def _shell(self, head) -> Shell:
        sid = ""
        for s in head.iterfind("w:SelectorSet/w:Selector", NS):
            if s.get("Name") == "ShellId":
                sid = s.text or ""
        with self.lock:
            sh = self.shells.get(sid.upper())
        if not sh:
            raise Fault(F_SHELL_NOT_FOUND, sid)
        return sh

    def create(self, root, head):
        s = root.find("s:Body/rsp:Shell", NS)
        env = {v.get("Name"): v.text or "" for v in s.iterfind("rsp:Environment/rsp:Variable", NS)}
        opts = self._options(head)
        sh = Shell(env, s.findtext("rsp:WorkingDirectory", None, NS), opts.get("WINRS_CODEPAGE", "437"))
        if s.get("ShellId"):
            sh.id = s.get("ShellId").upper()
        with self.lock:
            self.shells[sh.id] = sh
        self.note(op="create", shell=sh.id, env=env, options=opts)
        return (
            "<x:ResourceCreated><a:Address>http://127.0.0.1/wsman</a:Address><a:ReferenceParameters>"
            f"<w:ResourceURI>{CMD_RESOURCE}</w:ResourceURI>"
            f'<w:SelectorSet><w:Selector Name="ShellId">{sh.id}</w:Selector></w:SelectorSet>'
            "</a:ReferenceParameters></x:ResourceCreated>"
            f"<rsp:Shell><rsp:ShellId>{sh.id}</rsp:ShellId><rsp:ResourceUri>{CMD_RESOURCE}</rsp:ResourceUri>"
            "<rsp:Owner>test</rsp:Owner>"
            "<rsp:ClientIP>127.0.0.1</rsp:ClientIP><rsp:IdleTimeOut>PT7200.000S</rsp:IdleTimeOut>"
            "<rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams></rsp:Shell>"
        )

    def command(self, root, head):
        sh = self._shell(head)
        c = root.find("s:Body/rsp:CommandLine", NS)
        opts = self._options(head)
        parts = [c.findtext("rsp:Command", "", NS)] + [a.text or "" for a in c.iterfind("rsp:Arguments", NS)]
        cmdline = " ".join(parts)
        cid = (c.get("CommandId") or str(uuid.uuid4())).upper()
        rec = dict(op="command", shell=sh.id, command=cid, cmdline=cmdline, options=opts)
        self.note(**rec)
        rec = dict(op="stdin", command=cid)
        sh.commands[cid] = self.backend.start(
            sh,
            cmdline,
            opts.get("WINRS_SKIP_CMD_SHELL", "FALSE").upper() == "TRUE",
            opts.get("WINRS_CONSOLEMODE_STDIN", "TRUE").upper() == "TRUE",
            rec,
        )
        return f"<rsp:CommandResponse><rsp:CommandId>{cid}</rsp:CommandId></rsp:CommandResponse>"

    def _cmd(self, sh, cid) -> Proc:
        proc = sh.commands.get((cid or "").upper())
        if proc is None:
            raise Fault(F_PARAM)
        return proc

    def send(self, root, head):
        sh = self._shell(head)
        for st in root.iterfind("s:Body/rsp:Send/rsp:Stream", NS):
            data = base64.b64decode(st.text or "")
            end = (st.get("End") or "").lower() in ("true", "1")
            self.note(
                op="send", command=st.get("CommandId"), bytes=len(data), end=end, data=base64.b64encode(data).decode()
            )
            self._cmd(sh, st.get("CommandId")).write(data, end)
        return "<rsp:SendResponse/>"

    def receive(self, root, head):
        sh = self._shell(head)
        ds = root.find("s:Body/rsp:Receive/rsp:DesiredStream", NS)
        cid = ds.get("CommandId")
        proc = self._cmd(sh, cid)
        got = proc.receive(min(self.max_receive, iso_seconds(head.findtext("w:OperationTimeout", "", NS))))
        if got is None:
            raise Fault(F_TIMEOUT)
        data, rc = got
        self.note(
            op="receive",
            command=cid,
            stdout=data["stdout"].decode("utf-8", "replace"),
            stderr=data["stderr"].decode("utf-8", "replace"),
            rc=rc,
        )
        out = ""
        for name in ("stdout", "stderr"):
            for i in range(0, len(data[name]), 90000):  # keeps under MaxEnvelopeSize 153600
                piece = base64.b64encode(data[name][i : i + 90000]).decode()
                out += f'<rsp:Stream Name="{name}" CommandId="{cid}">{piece}</rsp:Stream>'
            if rc is not None:
                out += f'<rsp:Stream Name="{name}" CommandId="{cid}" End="true"/>'
        state = SHELL + "/CommandState/" + ("Done" if rc is not None else "Running")
        code = f"<rsp:ExitCode>{rc}</rsp:ExitCode>" if rc is not None else ""
        return (
            f'<rsp:ReceiveResponse>{out}<rsp:CommandState CommandId="{cid}" State="{state}">{code}'
            "</rsp:CommandState></rsp:ReceiveResponse>"
        )

    def signal(self, root, head):
        sh = self._shell(head)
        sig = root.find("s:Body/rsp:Signal", NS)
        cid = (sig.get("CommandId") or "").upper()
        self.note(op="signal", command=cid, code=(sig.findtext("rsp:Code", "", NS)).rsplit("/", 1)[-1])
        proc = sh.commands.pop(cid, None)
        if proc and proc.rc is None:
            proc.terminate()
        return "<rsp:SignalResponse/>"

    def delete(self, root, head):
        sh = self._shell(head)
        with self.lock:
            self.shells.pop(sh.id, None)
        for proc in sh.commands.values():
            if proc.rc is None:
                proc.terminate()
        self.note(op="delete", shell=sh.id)
        return ""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Microsoft-HTTPAPI/2.0"
    sys_version = ""

    def log_message(self, *a):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        want = base64.b64encode(("{}:{}".format(*self.server.cred)).encode()).decode()
        kind, _mark, got = (self.headers.get("Authorization") or "").partition(" ")
        if kind.lower() != "basic" or not hmac.compare_digest(got.strip(), want):
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="WSMAN"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.path.split("?")[0].rstrip("/") != "/wsman":
            self.send_error(404)
            return
        status, xml = self.server.wsman.handle(body)
        self.send_response(status)
        self.send_header("Content-Type", "application/soap+xml;charset=UTF-8")
        self.send_header("Content-Length", str(len(xml)))
        self.end_headers()
        self.wfile.write(xml)


class Server(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, wsman, addr=("127.0.0.1", 0), cred=("user", "pass"), tls=None):
        self.wsman, self.cred = wsman, cred
        super().__init__(addr, Handler)
        if tls:  # (certificate file, key file)
            import ssl

            ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            ctx.load_cert_chain(*tls)
            self.socket = ctx.wrap_socket(self.socket, server_side=True)

    def server_bind(self):  # skip HTTPServer's reverse DNS look-up
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--port", type=int, default=15985)
    ap.add_argument("--user", default="user")
    ap.add_argument("--password", default="pass")
    ap.add_argument("--backend", default="wine", choices=["wine", "record", "pwsh", "wine+ps"])
    ap.add_argument("--log")
    ap.add_argument("--pidfile")
    ap.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    a = ap.parse_args()
    if a.backend == "record":
        sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
        try:
            from record_handler import handler
        except ImportError:
            handler = None
        be = RecordBackend(handler)
    elif a.backend == "pwsh":
        be = PwshBackend()
    elif a.backend == "wine+ps":
        sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
        from native_ps import NativeOnlyPowerShellOnWine

        be = NativeOnlyPowerShellOnWine(WineBackend())
    else:
        be = WineBackend()
    srv = Server(WSMan(be, open(a.log, "a") if a.log else None), ("127.0.0.1", a.port), (a.user, a.password), a.tls)
    if a.pidfile:
        open(a.pidfile, "w").write(str(os.getpid()))
    print(f"listening on 127.0.0.1:{srv.server_port} backend={be.name}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    srv.serve_forever()


if __name__ == "__main__":
    main()
