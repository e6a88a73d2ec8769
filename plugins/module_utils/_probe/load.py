# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Section ``load``: how busy processors and memory have been over the last minutes, by what the kernel keeps of it."""

from .._guest.host import Missing


def collect(host, options, facts):
    host.need_live()
    facts.take("memory", lambda: memory(host.text("/proc/meminfo")))
    for resource in ("cpu", "memory", "io"):
        path = "/proc/pressure/" + resource
        facts.take("pressure_" + resource, lambda path=path: _pressure(host, path))
    facts["cpu"] = cpu(host.text("/proc/stat"), host.text("/proc/loadavg"))


def cpu(stat, averages):
    """The load averages, and for how many processors they are."""
    cores = sum(line.startswith("cpu") and line[3:4].isdigit() for line in stat.splitlines()) or 1
    loads = [float(word) for word in averages.split()[:3]]
    return {
        "cores": cores,
        "load_1m": loads[0],
        "load_5m": loads[1],
        "load_15m": loads[2],
        "load_per_core": round(loads[1] / cores, 2),
        "read_from": "/proc/loadavg",
    }


def memory(text):
    """``{total_mib, available_mib, used_percent, swap_total_mib, swap_free_mib}``."""
    values = {}
    for line in text.splitlines():
        name, _mark, rest = line.partition(":")
        if rest.split():
            values[name] = int(rest.split()[0])
    total = values["MemTotal"]
    # Kernels before 3.14 do not say it: then free memory and what can be dropped at once.
    free = values.get("MemAvailable", values["MemFree"] + values.get("Cached", 0) + values.get("Buffers", 0))
    return {
        "total_mib": total // 1024,
        "available_mib": free // 1024,
        "used_percent": round(100.0 * (total - free) / total, 1),
        "swap_total_mib": values.get("SwapTotal", 0) // 1024,
        "swap_free_mib": values.get("SwapFree", 0) // 1024,
        "read_from": "/proc/meminfo",
    }


def _pressure(host, path):
    try:
        text = host.text(path, 4096)
    except Missing:
        # Kernels that can keep it, and were told not to, have the file and refuse to read it.
        return None
    return None if text is None else dict(pressure(text), read_from=path)


def pressure(text):
    """``{some_avg60, some_avg300, full_avg60, full_avg300}`` in per cent: how long tasks waited for the resource."""
    stated = {}
    for line in text.splitlines():
        words = line.split()
        for word in words[1:]:
            name, _mark, value = word.partition("=")
            if name in ("avg60", "avg300"):
                stated["{0}_{1}".format(words[0], name)] = float(value)
    return stated
