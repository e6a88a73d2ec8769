#!/bin/sh
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# build.sh LINUXDIR [WINDIR]: rebuild the host (pwsh.dll) and the cmdlets (Microsoft.PowerShell.Commands.Utility.dll) from src/ with the
# compiler inside an unpacked linux build. Needs no .NET SDK, only LINUXDIR itself and python3 (module manifests).
# The new assemblies replace those in LINUXDIR and WINDIR (IL only: about 0.1 s slower to start than the packed ones).
set -e
here=$(cd "$(dirname "$0")" && pwd)
L=$1; W=$2
[ -x "$L/pwsh" ] || { echo "usage: $0 LINUXDIR [WINDIR]   (see unpack.sh)" >&2; exit 64; }
t=$(mktemp -d); trap 'rm -rf "$t"' EXIT
"$L/pwsh" -CompileHost -internals -out "$t/Microsoft.PowerShell.Commands.Utility.dll" "$here"/src/cmdlets/*.cs
"$L/pwsh" -CompileHost -exe -out "$t/pwsh.dll" "$here"/src/host/*.cs
for n in Microsoft.PowerShell.Commands.Management Microsoft.PowerShell.Commands.Diagnostics Microsoft.PowerShell.ConsoleHost Microsoft.PowerShell.Security Microsoft.WSMan.Management; do
  "$L/pwsh" -CompileHost -out "$t/$n.dll" "$here/src/facade/facade.cs" >/dev/null
done
for d in "$L" $W; do
  cp "$t"/Microsoft.PowerShell.Commands.[MD]*.dll "$t/Microsoft.PowerShell.ConsoleHost.dll" "$t/Microsoft.PowerShell.Security.dll" "$t/Microsoft.WSMan.Management.dll" "$d/"
  cp "$t/Microsoft.PowerShell.Commands.Utility.dll" "$d/Microsoft.PowerShell.Commands.Utility.dll.new"; mv "$d/Microsoft.PowerShell.Commands.Utility.dll.new" "$d/Microsoft.PowerShell.Commands.Utility.dll"
  cp "$t/pwsh.dll" "$d/pwsh.dll.new"; mv "$d/pwsh.dll.new" "$d/pwsh.dll"
  python3 "$here/src/mkmodules.py" "$here/src/cmdlets" "$d/Modules"
done
