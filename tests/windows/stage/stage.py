# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-ins for Windows Azure VMs on Linux: Wine, a real PowerShell engine, WinRM.  See README.md.

    stage.py template [--force]              build the template prefix (once; kept in $STAGE_DIR)
    stage.py up NAME[=SCENARIO] ...          start stand-ins (keeps the state of an earlier run)
    stage.py down [NAME ...]                 stop them cleanly (registry is written), all if none is named
    stage.py reboot NAME ...                 down + up, state kept
    stage.py reset NAME[=SCENARIO] ...       back to the scenario's seeded state
    stage.py status                          one line each
    stage.py inventory [NAME ...]            an Ansible inventory (INI) for those that run
    stage.py exec NAME COMMAND ...           run a Windows program inside: exec web1 reg query 'HKLM\\SOFTWARE'
    stage.py apply NAME SCENARIO             lay a scenario's registry and files over a running one (services at boot)
    stage.py scenarios                       the scenarios there are

Environment: STAGE_DIR (state), STAGE_PSHOST (folder with powershell.exe), STAGE_BIN (what src/build.sh built),
STAGE_PREWARM=0|1, STAGE_USER, STAGE_PASSWORD, STAGE_NET=own|host|/run/netns/X.
"""

import argparse
import base64
import concurrent.futures
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BIN = os.environ.get("STAGE_BIN") or os.path.join(HERE, "bin")
sys.path[:0] = [HERE, os.path.dirname(HERE)]
STATE = os.environ.get("STAGE_DIR", "/var/tmp/azure-stage")
USER = os.environ.get("STAGE_USER", "azureuser")
PASSWORD = os.environ.get("STAGE_PASSWORD", "Stage-only-1")
SHIMS = ("sechost", "iphlpapi")
TOOLS = ("sc.exe", "netsh.exe", "vssadmin.exe")
OVERRIDES = "winemenubuilder.exe=d;mshtml=d;" + ",".join(SHIMS + TOOLS + ("powershell.exe",)) + "=n,b"
PS_DIR = "windows/system32/WindowsPowerShell/v1.0"
PATIENCE = 600  # seconds for what comes by itself: how long it takes is up to the machine


# ------------------------------------------------------------------ small helpers
def die(msg):
    sys.exit("stage: " + msg)


def host_dir(name):
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,14}", name):
        die(f"{name!r} is no usable host name (15 letters, digits, hyphens)")
    return os.path.join(STATE, "hosts", name)


def wine_env(prefix):
    e = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "HOME", "TERM")}
    e.update(
        WINEPREFIX=prefix,
        WINEDEBUG=os.environ.get("STAGE_WINEDEBUG", "-all"),
        WINEARCH="win64",
        WINEDLLOVERRIDES=OVERRIDES,
        HOME=os.environ.get("HOME", "/root"),
        LANG="C.UTF-8",
        LC_ALL="C.UTF-8",
        XDG_RUNTIME_DIR="/tmp",
        STAGE_CP="65001",
        DOTNET_EnableDiagnostics="0",
        DOTNET_TieredPGO="0",
        # PowerShell makes code for each expression, in a process of seconds: to optimise it costs more than it saves.
        DOTNET_JITMinOpts="1",
        DOTNET_EnableWriteXorExecute="0",
        DOTNET_GCgen0size="0x10000000",
        POWERSHELL_TELEMETRY_OPTOUT="1",
    )
    for k in list(os.environ):
        if k.startswith("STAGE_E_"):  # STAGE_E_X=y puts X=y into the guest's environment
            e[k[8:]] = os.environ[k]
    return e


def wine(prefix, *argv, check=True, **kw):
    # files, not pipes: whatever the command starts in the background (services.exe the first time) keeps them open
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        r = subprocess.run(
            ["wine", *argv],
            env=wine_env(prefix),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            timeout=PATIENCE,
            check=False,
            **kw,
        )
        for f in (out, err):
            f.seek(0)
        r.stdout, r.stderr = out.read(), err.read()
    if check and r.returncode:
        raise RuntimeError(
            f"wine {' '.join(argv)}: rc {r.returncode}\n"
            + r.stdout.decode("utf-8", "replace")
            + r.stderr.decode("utf-8", "replace")
        )
    return r


def unix_path(prefix, win):
    """C:\\a\\b -> a path below the prefix, matching what exists without regard to case"""
    if not re.match(r"(?i)c:\\", win):
        die("only C: in scenarios: " + win)
    p = os.path.join(prefix, "drive_c")
    for part in [x for x in win[3:].split("\\") if x]:
        if os.path.isdir(p):
            low = {x.lower(): x for x in os.listdir(p)}
            part = low.get(part.lower(), part)
        p = os.path.join(p, part)
    return p


# ------------------------------------------------------------------ scenarios -> .reg text, files
def scenario_file(name):
    """a scenario of this folder by its name, or any file by its path (give it with a slash)"""
    return os.path.abspath(name) if os.sep in name else os.path.join(HERE, "scenarios", name + ".json")


def load(name):
    p = scenario_file(name)
    if not os.path.isfile(p):
        die("no scenario {!r}; there are: {}".format(name, ", ".join(scenarios())))
    with open(p, encoding="utf-8") as f:
        return json.load(f)


def scenarios():
    return sorted(
        x[:-5] for x in os.listdir(os.path.join(HERE, "scenarios")) if x.endswith(".json") and x != "base.json"
    )


ROOTS = {"HKLM": "HKEY_LOCAL_MACHINE", "HKCU": "HKEY_CURRENT_USER", "HKU": "HKEY_USERS", "HKCR": "HKEY_CLASSES_ROOT"}
SVC = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\"


def hexbytes(data):
    return ",".join(f"{b:02x}" for b in data)


def reg_value(v):
    if v is None:
        return "-"
    if isinstance(v, bool):
        return f"dword:{v:08x}"
    if isinstance(v, int):
        return f"dword:{v:08x}"
    if isinstance(v, str):
        if "\n" in v or "\r" in v:
            return "hex(1):" + hexbytes((v + "\0").encode("utf-16-le"))
        return '"{}"'.format(v.replace("\\", "\\\\").replace('"', '\\"'))
    if isinstance(v, list):  # REG_MULTI_SZ
        return "hex(7):" + hexbytes(("".join(x + "\0" for x in v) + "\0").encode("utf-16-le"))
    if "hex" in v:
        return "hex:" + hexbytes(bytes.fromhex(v["hex"].replace(" ", "")))
    if "expand" in v:
        return "hex(2):" + hexbytes((v["expand"] + "\0").encode("utf-16-le"))
    if "qword" in v:
        return "hex(b):" + hexbytes(v["qword"].to_bytes(8, "little"))
    if "winhttp" in v:  # {"winhttp": {"proxy": "h:p", "bypass": "..", "size": 24}}
        w = v["winhttp"] or {}
        p, b = w.get("proxy", "").encode(), w.get("bypass", "").encode()
        blob = b"".join(
            x.to_bytes(4, "little")
            for x in (w.get("size", 0x18), w.get("counter", 0), w.get("flags", 3 if p else 1), len(p))
        )
        return "hex:" + hexbytes(blob + p + len(b).to_bytes(4, "little") + b + bytes(w.get("pad", 0)))
    raise ValueError(v)


def expand_services(spec):
    """ "services": {NAME: {...}} -> registry keys of the SCM and of the service program"""
    reg = {}
    for name, s in spec.get("services", {}).items():
        if s is None:
            reg[SVC + name] = None
            continue
        k = reg.setdefault(SVC + name, {})
        for a, b in (
            ("start", "Start"),
            ("account", "ObjectName"),
            ("display", "DisplayName"),
            ("description", "Description"),
            ("depends", "DependOnService"),
            ("delayed", "DelayedAutostart"),
            ("type", "Type"),
        ):
            if a in s:
                k[b] = s[a]
        if "image" in s:
            k["ImagePath"] = {"expand": s["image"]}
            k.setdefault("Type", 16)
            k.setdefault("ErrorControl", 1)
            k.setdefault("ObjectName", "LocalSystem")
        if "recovery" in s:  # {"reset": 86400, "actions": [["restart", 60000], ...]}
            r = s["recovery"]
            if r is None:
                k["FailureActions"] = None
            else:
                kinds = {"none": 0, "restart": 1, "reboot": 2, "run": 3}
                flat = [r.get("reset", 86400), 0, 0, len(r["actions"]), 0x14]
                for kind, delay in r["actions"]:
                    flat += [kinds[kind], delay]
                k["FailureActions"] = {"hex": b"".join(x.to_bytes(4, "little") for x in flat).hex()}
        for a, b in (("behaviour", "Behaviour"), ("code", "Code"), ("delay", "Delay")):
            if a in s:
                reg.setdefault("HKLM\\SOFTWARE\\Stage\\Services\\" + name, {})[b] = s[a]
    return reg


def reg_text(spec):
    keys = {}
    for part in (expand_services(spec), spec.get("registry", {})):
        for k, vals in part.items():
            if vals is None:
                keys[k] = None
            else:
                keys.setdefault(k, {})
                keys[k] = dict(keys[k] or {}, **vals)
    out = ["Windows Registry Editor Version 5.00", ""]
    for k, vals in keys.items():
        root, _mark, rest = k.partition("\\")
        full = ROOTS.get(root, root) + "\\" + rest
        if vals is None:
            out += [f"[-{full}]", ""]
            continue
        out.append(f"[{full}]")
        for n, v in vals.items():
            quoted = n.replace("\\", "\\\\").replace('"', '\\"')
            out.append(f'"{quoted}"={reg_value(v)}' if n else f"@={reg_value(v)}")
        out.append("")
    return "\r\n".join(out)


def put_files(prefix, spec):
    for win, v in spec.get("files", {}).items():
        p = unix_path(prefix, win)
        if v is None:
            if os.path.isdir(p) and not os.path.islink(p):
                shutil.rmtree(p)
            elif os.path.lexists(p):
                os.unlink(p)
            continue
        os.makedirs(os.path.dirname(p), exist_ok=True)
        if v == {}:
            os.makedirs(p, exist_ok=True)
        elif isinstance(v, dict) and "copy" in v:
            shutil.copyfile(os.path.join(BIN, os.path.basename(v["copy"])), p)
        else:
            if isinstance(v, str):
                data = v.replace("\n", "\r\n").encode("utf-8")
            elif isinstance(v, list):  # a list of lines
                data = "".join(x + "\r\n" for x in v).encode("utf-8")
            elif "json" in v:
                data = json.dumps(v["json"], indent=1).encode("utf-8") + bytes(v.get("nul", 0))
            else:
                data = base64.b64decode(v["base64"])
            with open(p, "wb") as f:
                f.write(data)


def apply_spec(prefix, spec):
    """with a wineserver running for the prefix"""
    put_files(prefix, spec)
    if spec.get("registry") or spec.get("services"):
        name = f"stage-{os.getpid()}.reg"
        p = os.path.join(prefix, "drive_c", name)
        with open(p, "wb") as f:
            f.write(b"\xff\xfe" + reg_text(spec).encode("utf-16-le"))
        try:
            wine(prefix, "reg", "import", "C:\\" + name)
        finally:
            os.unlink(p)
    for argv in spec.get("run", []):
        wine(prefix, *argv, check=False)


# ------------------------------------------------------------------ namespaces
def have_ns():
    if os.environ.get("STAGE_ISOLATE") == "0" or os.geteuid():
        return False
    trial = ["unshare", "--mount", "--pid", "--uts", "--net", "--fork", "true"]
    r = subprocess.run(trial, stderr=subprocess.DEVNULL, check=False)
    return r.returncode == 0


def inner_setup(conf):
    """runs as the first Python process inside the new namespaces"""
    if conf["ns"]:
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)
        subprocess.run(["mount", "-t", "proc", "proc", "/proc"], check=True)
        pw = os.path.join(conf["dir"], "passwd")
        with open("/etc/passwd") as f, open(pw, "w") as g:
            g.write(f"{USER}:x:{os.geteuid()}:0::/root:/bin/sh\n")
            g.writelines(x for x in f if x.split(":")[2] != str(os.geteuid()))
        subprocess.run(["mount", "--bind", pw, "/etc/passwd"], check=True)
        socket.sethostname(conf["name"])
        # without these each start of the prefix waits 10 s for a name server that is not there
        own = {"hosts": "127.0.0.1 localhost\n{} {}\n".format(conf["ip"], conf["name"])}
        if conf.get("net") == "own":
            own["resolv.conf"] = "nameserver 168.63.129.16\noptions timeout:1 attempts:1\n"
        for n, text in own.items():
            with open(os.path.join(conf["dir"], n), "w") as f:
                f.write(text)
            if os.path.exists("/etc/" + n):
                subprocess.run(
                    ["mount", "--bind", os.path.join(conf["dir"], n), os.path.realpath("/etc/" + n)], check=True
                )
        if conf.get("net") == "own":
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            end = time.monotonic() + PATIENCE
            while subprocess.run(
                ["ip", "link", "show", "eth0"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            ).returncode:
                if time.monotonic() > end:
                    raise RuntimeError("eth0 did not arrive")
                time.sleep(0.02)
            for c in (
                ["addr", "add", conf["ip"] + "/24", "dev", "eth0"],
                ["link", "set", "eth0", "up"],
                ["route", "add", "default", "via", "10.0.0.1"],
            ):
                subprocess.run(["ip"] + c, check=True)
    if conf.get("lower"):
        for d in ("upper", "work", "prefix"):
            os.makedirs(os.path.join(conf["dir"], d), exist_ok=True)
        conf["prefix"] = os.path.join(conf["dir"], "prefix")
        subprocess.run(
            [
                "mount",
                "-t",
                "overlay",
                "overlay",
                "-o",
                f"lowerdir={':'.join(conf['lower'])},upperdir={conf['dir']}/upper,workdir={conf['dir']}/work",
                conf["prefix"],
            ],
            check=True,
        )


def boot(prefix, wait=60):
    """Starts a guest, in three tries: on a busy machine, Wine does not get its first programs to run now and then."""
    for left in (2, 1, 0):
        try:
            start(prefix, wait)
            return
        except RuntimeError as error:
            if not left:
                raise
            print(f"started again: {error}", flush=True)
            halt(prefix)


def start(prefix, wait):
    t = time.monotonic()
    subprocess.run(["wineserver", "-p"], env=wine_env(prefix), check=True, stderr=subprocess.DEVNULL)
    wine(prefix, "cmd", "/c", "ver")
    t1 = time.monotonic()
    wine(prefix, "C:\\windows\\stagectl.exe", "ready", str(wait))
    print(f"first program after {t1 - t:.1f} s, service manager ready after {time.monotonic() - t:.1f} s", flush=True)


def halt(prefix):
    subprocess.run(["wineserver", "-k"], env=wine_env(prefix), stderr=subprocess.DEVNULL, check=False)
    subprocess.run(["wineserver", "-w"], env=wine_env(prefix), stderr=subprocess.DEVNULL, timeout=30, check=False)


def strip_signature(path):
    with open(path, "r+b") as f:
        head = f.read(0x100)
        i = head.find(b"Wine builtin DLL")
        if i >= 0:
            f.seek(i)
            f.write(bytes(16))


def pshost():
    for d in (
        os.environ.get("STAGE_PSHOST"),
        os.path.join(os.path.dirname(HERE), "pshost", "unpacked", "win"),
        os.path.join(STATE, "pshost"),
    ):
        if d and any(os.path.isfile(os.path.join(d, n)) for n in ("powershell.exe", "pwsh.exe")):
            return d
    return None


def inner_template(conf):
    inner_setup(conf)
    prefix = conf["prefix"]
    os.makedirs(prefix, exist_ok=True)
    env = wine_env(prefix)
    env.pop("WINEDLLOVERRIDES")
    subprocess.run(["wineserver", "-p"], env=env, check=True, stderr=subprocess.DEVNULL)
    subprocess.run(
        ["wineboot", "--init"],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    subprocess.run(
        ["wine", "winecfg", "-v", "win10"],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    subprocess.run(["wineserver", "-k"], env=env, check=False)
    subprocess.run(["wineserver", "-w"], env=env, check=False)
    s32 = os.path.join(prefix, "drive_c/windows/system32")
    for d in SHIMS:
        shutil.copyfile(os.path.join(s32, d + ".dll"), os.path.join(s32, d + "_w.dll"))
        strip_signature(os.path.join(s32, d + "_w.dll"))
        shutil.copyfile(os.path.join(BIN, d + ".dll"), os.path.join(s32, d + ".dll"))
    for t in TOOLS:
        shutil.copyfile(os.path.join(BIN, t), os.path.join(s32, t))
    shutil.copyfile(os.path.join(BIN, "stagectl.exe"), os.path.join(prefix, "drive_c/windows/stagectl.exe"))
    install_host(prefix)
    boot(prefix)
    apply_spec(prefix, load("base"))
    halt(prefix)


def install_host(prefix):
    src = pshost()
    if not src:
        return
    dst = os.path.join(prefix, "drive_c", PS_DIR)
    low = os.path.join(prefix, "drive_c/windows/system32")
    for x in os.listdir(low):  # Wine spells the folder WindowsPowerShell, be sure
        if x.lower() == "windowspowershell":
            dst = os.path.join(low, x, "v1.0")
    shutil.rmtree(dst, ignore_errors=True)
    shutil.copytree(src, dst)
    for n in os.listdir(dst):
        if n.endswith(".runtimeconfig.json"):
            # Under Wine, an exception that leaves reflection's native call path hangs the next garbage collection.
            p = os.path.join(dst, n)
            with open(p) as f:
                c = json.load(f)
            c["runtimeOptions"].setdefault("configProperties", {})["Switch.System.Reflection.ForceEmitInvoke"] = True
            os.unlink(p)
            with open(p, "w") as f:
                json.dump(c, f, indent=1)
    exe = os.path.join(dst, "powershell.exe")
    if not os.path.exists(exe):
        os.link(os.path.join(dst, "pwsh.exe"), exe)


def inner_layer(conf):
    inner_setup(conf)
    boot(conf["prefix"])
    apply_spec(conf["prefix"], load(conf["scenario"]))
    halt(conf["prefix"])


def inner_host(conf):
    import wsman_server
    from stage_backend import StageBackend

    inner_setup(conf)
    prefix, spec = conf["prefix"], conf["spec"]
    t0 = time.monotonic()
    if conf.get("apply"):  # without overlay: the scenario is laid over the copied template here
        boot(prefix)
        apply_spec(prefix, spec)
        halt(prefix)
    boot(prefix)
    for argv in spec.get("boot", []):
        wine(prefix, *argv, check=False)
    backend = StageBackend(prefix, wine_env(prefix), prewarm=conf["prewarm"], user=USER)
    log = open(os.path.join(conf["dir"], "journal.jsonl"), "a") if conf.get("journal") else None
    ws = wsman_server.WSMan(backend, log, max_receive=20.0)
    stop = threading.Event()
    servers = []
    for fd, tls in conf["fds"]:
        sock = socket.socket(fileno=fd)
        srv = wsman_server.Server.__new__(wsman_server.Server)
        wsman_server.socketserver.TCPServer.__init__(
            srv, sock.getsockname(), wsman_server.Handler, bind_and_activate=False
        )
        srv.socket.close()
        if tls:
            import ssl

            ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            ctx.load_cert_chain(*conf["tls"])
            sock = ctx.wrap_socket(sock, server_side=True)
        srv.socket, srv.wsman, srv.cred = sock, ws, (USER, PASSWORD)
        srv.server_name, srv.server_port = sock.getsockname()[:2]
        threading.Thread(target=srv.serve_forever, daemon=True).start()
        servers.append(srv)
    ctl_path = os.path.join(conf["dir"], "ctl")
    if os.path.exists(ctl_path):
        os.unlink(ctl_path)
    ctl = socket.socket(socket.AF_UNIX)
    ctl.bind(ctl_path)
    ctl.listen(8)

    def serve_ctl():
        while True:
            c, _from = ctl.accept()
            threading.Thread(target=one, args=(c,), daemon=True).start()

    def one(c):
        with c, c.makefile("rwb") as f:
            req = json.loads(f.readline())
            try:
                res = {"ok": True}
                if req["op"] == "exec":
                    env = dict(wine_env(prefix), **req.get("env", {}))
                    argv = req["argv"] if req.get("unix") else ["wine"] + req["argv"]
                    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
                        r = subprocess.run(
                            argv,
                            env=env,
                            cwd=os.path.join(prefix, "drive_c"),
                            stdin=subprocess.DEVNULL,
                            stdout=out,
                            stderr=err,
                            check=False,
                        )
                        for x in (out, err):
                            x.seek(0)
                        res.update(
                            rc=r.returncode,
                            out=base64.b64encode(out.read()).decode(),
                            err=base64.b64encode(err.read()).decode(),
                        )
                elif req["op"] == "apply":
                    apply_spec(prefix, req["spec"])
                    backend.drop_warm()
                elif req["op"] == "stats":
                    res.update(backend.stats())
                elif req["op"] == "stop":
                    stop.set()
            except Exception as e:
                res = {"ok": False, "error": str(e)}
            f.write(json.dumps(res).encode() + b"\n")
            f.flush()

    threading.Thread(target=serve_ctl, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with open(os.path.join(conf["dir"], "ready"), "w") as f:
        json.dump({"boot_s": round(time.monotonic() - t0, 2), "at": time.time()}, f)
    stop.wait()
    backend.close()
    halt(prefix)


def launch(mode, conf, fds=(), log=None):
    """start `stage.py _inner` in its namespaces; -> Popen of the outermost process (its end ends all inside)"""
    path = os.path.join(conf["dir"], f"conf-{mode}.json")
    with open(path, "w") as f:
        json.dump(conf, f)
    me = [sys.executable, os.path.abspath(__file__)]
    argv = me + ["_inner", mode, path]
    if conf["ns"]:
        # a shell as first process reaps the orphans of the pid namespace
        argv = (
            ["unshare", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child"]
            + (["--net"] if conf.get("net") == "own" else [])
            + ["sh", "-c", '"$@"; rc=$?; exit $rc', "sh"]
            + argv
        )
        if conf.get("net") == "own":
            argv = ["unshare", "--net"] + me + ["_outer", json.dumps(argv)]
        elif conf.get("net", "").startswith("/"):
            argv = ["nsenter", "--net=" + conf["net"]] + argv
    out = open(log, "ab") if log else subprocess.DEVNULL
    return subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out, pass_fds=fds, start_new_session=True
    )


def outer(argv):
    """in the fabric's network namespace: the far end of the wire (10.0.0.1, 168.63.129.16, 169.254.169.254)"""
    import ctypes

    fds = [int(x) for x in os.listdir("/proc/self/fd") if int(x) > 2]
    fds = [
        x
        for x in fds
        if os.path.exists(f"/proc/self/fd/{x}") and os.readlink(f"/proc/self/fd/{x}").startswith("socket:")
    ]
    signal.signal(signal.SIGTERM, lambda *_: None)
    p = subprocess.Popen(argv, pass_fds=fds, preexec_fn=lambda: ctypes.CDLL(None).prctl(1, signal.SIGKILL))
    for f in fds:
        os.close(f)
    mine = os.readlink("/proc/self/ns/net")
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and os.readlink(f"/proc/{p.pid}/ns/net") == mine:
        time.sleep(0.01)
    for c in (
        ["link", "set", "lo", "up"],
        ["addr", "add", "168.63.129.16/32", "dev", "lo"],
        ["addr", "add", "169.254.169.254/32", "dev", "lo"],
        ["link", "add", "name", "eth0", "index", "7", "type", "veth", "peer", "name", "fab0", "index", "8"],
        ["addr", "add", "10.0.0.1/24", "dev", "fab0"],
        ["link", "set", "fab0", "up"],
        ["link", "set", "eth0", "netns", str(p.pid)],
    ):
        subprocess.run(["ip"] + c, check=True)
    sys.exit(p.wait())


def digest(*names):
    h = hashlib.sha256()
    for n in names:
        with open(n, "rb") as f:
            h.update(f.read())
    return h.hexdigest()[:12]


def template_id():
    files = [os.path.join(HERE, "scenarios", "base.json")] + sorted(os.path.join(BIN, x) for x in os.listdir(BIN))
    src = pshost()
    tag = digest(*files)
    if src:
        h = hashlib.sha256()
        for n in sorted(os.listdir(src)):
            st = os.stat(os.path.join(src, n))
            h.update(f"{n} {st.st_size} {int(st.st_mtime)}\n".encode())
        tag += "-" + h.hexdigest()[:8]
    return tag


def template(force=False):
    ns = have_ns()
    d = os.path.join(STATE, "template-" + template_id())
    if os.path.exists(os.path.join(d, "done")) and not force:
        return d
    shutil.rmtree(d, ignore_errors=True)
    os.makedirs(d)
    t = time.monotonic()
    conf = {
        "ns": ns,
        "dir": d,
        "name": "stage",
        "prefix": os.path.join(d, "prefix"),
        "ip": "10.0.0.4",
        "net": "own" if ns else "host",
    }
    log = os.path.join(d, "log")
    if launch("template", conf, log=log).wait():
        die("template failed, see " + log)
    with open(os.path.join(d, "done"), "w") as f:
        f.write(f"{time.monotonic() - t:.1f}\n")
    print(
        f"template {os.path.basename(d)} built in {time.monotonic() - t:.1f} s"
        + ("" if pshost() else " WITHOUT a PowerShell host"),
        flush=True,
    )
    return d


def layer(tpl, scenario, ns):
    """the scenario's own files and registry as an overlay layer, built once"""
    p = scenario_file(scenario)
    d = os.path.join(STATE, f"layer-{os.path.basename(tpl)[9:]}-{os.path.basename(p)[:-5]}-{digest(p)}")
    if os.path.exists(os.path.join(d, "done")):
        return os.path.join(d, "upper")
    shutil.rmtree(d, ignore_errors=True)
    os.makedirs(d)
    t = time.monotonic()
    conf = {
        "ns": ns,
        "dir": d,
        "name": "stage",
        "lower": [os.path.join(tpl, "prefix")],
        "scenario": scenario,
        "ip": "10.0.0.4",
        "net": "own",
    }
    log = os.path.join(d, "log")
    if launch("layer", conf, log=log).wait():
        die("layer failed, see " + log)
    open(os.path.join(d, "done"), "w").close()
    print(f"layer {scenario} built in {time.monotonic() - t:.1f} s", flush=True)
    return os.path.join(d, "upper")


def read_conf(name):
    try:
        with open(os.path.join(host_dir(name), "host.json")) as f:
            return json.load(f)
    except OSError:
        return None


def running(name):
    c = read_conf(name)
    if not c or not c.get("pid"):
        return None
    try:
        with open(f"/proc/{c['pid']}/stat") as f:
            if f.read().rsplit(")", 1)[1].split()[19] == c["born"]:
                return c
    except OSError:
        pass
    return None


def ask(name, req, timeout=600):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(timeout)
    s.connect(os.path.join(host_dir(name), "ctl"))
    with s, s.makefile("rwb") as f:
        f.write(json.dumps(req).encode() + b"\n")
        f.flush()
        line = f.readline()
    return json.loads(line) if line else {"ok": False, "error": "no answer"}


def address(name):
    used = set()
    base = os.path.join(STATE, "hosts")
    for n in os.listdir(base) if os.path.isdir(base) else []:
        c = read_conf(n)
        if c:
            used.add(c["addr"])
    i = 11
    while f"127.0.20.{i}" in used:
        i += 1
    return f"127.0.20.{i}"


def cert(d):
    c, k = os.path.join(STATE, "stage.crt"), os.path.join(STATE, "stage.key")
    if not os.path.exists(c):
        r = subprocess.run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                k,
                "-out",
                c,
                "-days",
                "3650",
                "-subj",
                "/CN=azure-stage",
                "-addext",
                "subjectAltName=" + ",".join(f"IP:127.0.20.{i}" for i in range(11, 60)),
            ],
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if r.returncode:
            return None
    return [c, k]


def prepare(spec_name):
    name, _mark, scenario = spec_name.partition("=")
    d = host_dir(name)
    old = read_conf(name) or {}
    scenario = scenario or old.get("scenario") or "healthy"
    if os.sep in scenario:
        scenario = scenario_file(scenario)
    load(scenario)
    os.makedirs(d, exist_ok=True)
    addr = old.get("addr") or address(name)
    conf = dict(old, name=name, scenario=scenario, addr=addr)
    with open(os.path.join(d, "host.json"), "w") as f:
        json.dump(conf, f)
    return name, scenario, addr


def up_one(name, scenario, addr, tpl, ns, journal=True):
    d = host_dir(name)
    if running(name):
        return f"{name} is up already"
    spec = load(scenario)
    conf = {
        "ns": ns,
        "dir": d,
        "name": name,
        "ip": "10.0.0.4",
        "net": os.environ.get("STAGE_NET", "own") if ns else "host",
        "spec": spec,
        "prewarm": os.environ.get("STAGE_PREWARM", "1") != "0",
        "journal": journal,
        "tls": cert(d),
    }
    if ns:
        pin = os.path.join(d, "lower")  # a stand-in keeps the layers it was made from
        if os.path.exists(pin):
            with open(pin) as f:
                conf["lower"] = json.load(f)
        else:
            conf["lower"] = [layer(tpl, scenario, ns), os.path.join(tpl, "prefix")]
            with open(pin, "w") as f:
                json.dump(conf["lower"], f)
    else:
        conf["prefix"] = os.path.join(d, "prefix")
        if not os.path.exists(conf["prefix"]):
            subprocess.run(["cp", "-a", "--reflink=auto", os.path.join(tpl, "prefix"), conf["prefix"]], check=True)
            conf["apply"] = True
    socks = []
    for port, tls in ((5985, False), (5986, True)):
        if tls and not conf["tls"]:
            continue
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((addr, port))
        s.listen(64)
        socks.append((s, tls))
    conf["fds"] = [(s.fileno(), tls) for s, tls in socks]
    ready = os.path.join(d, "ready")
    if os.path.exists(ready):
        os.unlink(ready)
    t = time.monotonic()
    p = launch("host", conf, fds=[s.fileno() for s, _port in socks], log=os.path.join(d, "log"))
    for s, _port in socks:
        s.close()
    with open(f"/proc/{p.pid}/stat") as f:
        born = f.read().rsplit(")", 1)[1].split()[19]
    h = dict(read_conf(name), pid=p.pid, born=born)
    with open(os.path.join(d, "host.json"), "w") as f:
        json.dump(h, f)
    while not os.path.exists(ready):
        if p.poll() is not None or time.monotonic() - t > PATIENCE:
            return "{} FAILED, see {}".format(name, os.path.join(d, "log"))
        time.sleep(0.05)
    return f"{name} {scenario} up at {addr} (5985, 5986) after {time.monotonic() - t:.1f} s"


def down_one(name, wipe=False):
    c = running(name)
    t = time.monotonic()
    if c:
        try:
            ask(name, {"op": "stop"}, 10)
        except OSError:
            pass
        while running(name) and time.monotonic() - t < 30:
            try:
                os.waitpid(c["pid"], os.WNOHANG)
            except ChildProcessError:
                pass
            time.sleep(0.05)
        if running(name):
            os.kill(c["pid"], signal.SIGKILL)  # --kill-child ends the namespace with it
            time.sleep(0.3)
    d = host_dir(name)
    if wipe:
        for x in ("upper", "work", "prefix", "lower", "journal.jsonl", "log"):
            p = os.path.join(d, x)
            if os.path.isdir(p):
                shutil.rmtree(p)
            elif os.path.exists(p):
                os.unlink(p)
    return f"{name} down after {time.monotonic() - t:.1f} s"


def names():
    base = os.path.join(STATE, "hosts")
    return sorted(os.listdir(base)) if os.path.isdir(base) else []


def each(fn, items, jobs=4):
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as ex:
        for line in ex.map(fn, items):
            print(line, flush=True)
            bad |= "FAILED" in line
    return bad


def main():
    if sys.argv[1:2] == ["_inner"]:
        with open(sys.argv[3]) as f:
            return {"template": inner_template, "layer": inner_layer, "host": inner_host}[sys.argv[2]](json.load(f))
    if sys.argv[1:2] == ["_outer"]:
        return outer(json.loads(sys.argv[2]))
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument(
        "verb", choices="template up down reboot reset status inventory exec apply scenarios destroy".split()
    )
    ap.add_argument("--force", action="store_true")
    ap.add_argument("--unix", action="store_true", help="exec: run a Linux program inside the stand-in")
    ap.add_argument("rest", nargs=argparse.REMAINDER)
    a = ap.parse_args()
    for opt in ("--force", "--unix"):
        if opt in a.rest[:2]:
            a.rest.remove(opt)
            setattr(a, opt[2:], True)
    os.makedirs(STATE, exist_ok=True)
    if a.verb == "template":
        print(template(a.force))
    elif a.verb == "scenarios":
        for s in scenarios():
            print(f"{s:22} {load(s).get('about', '')}")
    elif a.verb in ("up", "reset", "reboot"):
        if not a.rest:
            die("which?")
        ns = have_ns()
        if a.verb != "up":
            each(lambda n: down_one(n.partition("=")[0], wipe=a.verb == "reset"), a.rest)
        tpl = template()
        todo = [prepare(x) for x in a.rest]
        if ns:
            for s in sorted({s for _name, s, _dir in todo}):
                layer(tpl, s, ns)
        return each(lambda x: up_one(*x, tpl=tpl, ns=ns), todo, jobs=2)
    elif a.verb in ("down", "destroy"):
        r = each(lambda n: down_one(n, wipe=a.verb == "destroy"), a.rest or names())
        if a.verb == "destroy":
            for n in a.rest or names():
                shutil.rmtree(host_dir(n), ignore_errors=True)
        return r
    elif a.verb == "status":
        for n in names():
            c = running(n)
            x = ask(n, {"op": "stats"}, 10) if c else {}
            conf, stats = read_conf(n), {k: v for k, v in x.items() if k != "ok"}
            print(f"{n:15} {conf['scenario']:18} {conf['addr']:14} {f'up {stats}' if c else 'down'}")
    elif a.verb == "inventory":
        print("[windows]")
        for n in a.rest or names():
            if running(n):
                print("{} ansible_host={} stage_scenario={}".format(n, read_conf(n)["addr"], read_conf(n)["scenario"]))
        print(
            "[windows:vars]\nansible_connection=winrm\nansible_port=5985\nansible_winrm_scheme=http\nansible_winrm_transport=basic\n"
            f"ansible_user={USER}\nansible_password={PASSWORD}\nansible_winrm_operation_timeout_sec=50\nansible_winrm_read_timeout_sec={PATIENCE}"
        )
    elif a.verb == "exec":
        r = ask(
            a.rest[0],
            {
                "op": "exec",
                "argv": a.rest[1:],
                "unix": a.unix,
                "env": {k: v for k, v in os.environ.items() if k.startswith("STAGE_LANG")},
            },
        )
        if not r["ok"]:
            die(r["error"])
        sys.stdout.buffer.write(base64.b64decode(r["out"]))
        sys.stderr.buffer.write(base64.b64decode(r["err"]))
        return r["rc"]
    elif a.verb == "apply":
        r = ask(a.rest[0], {"op": "apply", "spec": load(a.rest[1])})
        if not r["ok"]:
            die(r["error"])


if __name__ == "__main__":
    sys.exit(main())
