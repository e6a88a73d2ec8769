# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# writes Modules/<name>/<name>.psd1 from the [Cmdlet(...)] attributes of the sources
import pathlib
import re
import sys

src, out = sys.argv[1], sys.argv[2]
verbs = {}
names = set()
for f in sorted(pathlib.Path(src).glob("*.cs")):
    for m in re.finditer(r'\[Cmdlet\(\s*(?:Verbs\w+\.(\w+)|"(\w+)")\s*,\s*"(\w+)"', f.read_text()):
        names.add(f"{m[1] or m[2]}-{m[3]}")
mgmt_nouns = {
    "Item",
    "ChildItem",
    "Content",
    "ItemProperty",
    "ItemPropertyValue",
    "Path",
    "Location",
    "PSDrive",
    "PSProvider",
    "Process",
    "Service",
    "TimeZone",
    "ComputerInfo",
    "EventLog",
    "WmiObject",
}
sec_nouns = {"Acl", "SecureString", "ExecutionPolicy", "Credential", "AuthenticodeSignature"}
cim_nouns = {"CimInstance", "CimMethod", "CimClass", "CimSession"}
diag = {"WinEvent"}
mods = {
    "Microsoft.PowerShell.Management": [],
    "Microsoft.PowerShell.Utility": [],
    "Microsoft.PowerShell.Security": [],
    "CimCmdlets": [],
    "Microsoft.PowerShell.Diagnostics": [],
}
for n in sorted(names):
    noun = n.split("-")[1]
    k = (
        "Microsoft.PowerShell.Management"
        if noun in mgmt_nouns
        else "Microsoft.PowerShell.Security"
        if noun in sec_nouns
        else "CimCmdlets"
        if noun in cim_nouns
        else "Microsoft.PowerShell.Diagnostics"
        if noun in diag
        else "Microsoft.PowerShell.Utility"
    )
    mods[k].append(n)
guids = {
    "Microsoft.PowerShell.Management": "0b1c2c6e-6d1c-4e6e-9c0a-70736f737401",
    "Microsoft.PowerShell.Utility": "0b1c2c6e-6d1c-4e6e-9c0a-70736f737402",
    "Microsoft.PowerShell.Security": "0b1c2c6e-6d1c-4e6e-9c0a-70736f737403",
    "CimCmdlets": "0b1c2c6e-6d1c-4e6e-9c0a-70736f737404",
    "Microsoft.PowerShell.Diagnostics": "0b1c2c6e-6d1c-4e6e-9c0a-70736f737405",
}
aliases = {"CimCmdlets": ["gcim", "icim"], "Microsoft.PowerShell.Management": ["gwmi"]}
for k, v in mods.items():
    d = pathlib.Path(out) / k
    d.mkdir(parents=True, exist_ok=True)
    cmdlets = "\n".join(f"        '{n}'" for n in v)
    (d / (k + ".psd1")).write_text(f"""@{{
    GUID = '{guids[k]}'
    Author = 'pshost'
    CompanyName = 'pshost'
    ModuleVersion = '7.0.0.0'
    CompatiblePSEditions = @('Core')
    PowerShellVersion = '3.0'
    Description = 'pshost: own implementation of a subset of the cmdlets of this module'
    NestedModules = '../../Microsoft.PowerShell.Commands.Utility.dll'
    FunctionsToExport = @()
    AliasesToExport = @()
    CmdletsToExport = @(
{cmdlets}
    )
}}
""")
print(sum(map(len, mods.values())), "cmdlets")
