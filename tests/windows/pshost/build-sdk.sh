#!/bin/sh
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# build-sdk.sh OUTDIR: full build with the .NET SDK 10 and a NuGet source: OUTDIR/linux, OUTDIR/win and dist/*.tar.xz.
set -e
here=$(cd "$(dirname "$0")" && pwd); O=${1:?usage: build-sdk.sh OUTDIR}
mkdir -p "$O" "$here/dist"; rm -rf "$O/src"; cp -r "$here/src" "$O/src"
pk=$(dotnet nuget locals global-packages --list | sed 's/.*: //')
for p in linux win; do
  (cd "$O/src/host" && dotnet publish -c Release -r $p-x64 -p:PublishReadyToRun=true -o "$O/$p")
  mkdir -p "$O/$p/ref"
  sdk=$(dirname "$(readlink -f "$(command -v dotnet)")")
  cp "$(ls -d "$sdk"/packs/Microsoft.NETCore.App.Ref/*/ref/net10.0 | tail -1)"/*.dll "$O/$p/ref/"
  cp "$pk"/microsoft.codeanalysis.csharp/4.14.0/lib/net9.0/Microsoft.CodeAnalysis.CSharp.dll "$pk"/microsoft.codeanalysis.common/4.14.0/lib/net9.0/Microsoft.CodeAnalysis.dll "$O/$p/"
  (cd "$O/$p" && rm -f createdump* *.pdb *.xml libcoreclrtraceptprovider.so mscordaccore*.dll mscordbi.dll libmscordaccore.so libmscordbi.so)
done
"$O/linux/pwsh" -CompileHost -internals -out "$O/Microsoft.PowerShell.Commands.Utility.dll" "$O"/src/cmdlets/*.cs
for n in Microsoft.PowerShell.Commands.Management Microsoft.PowerShell.Commands.Diagnostics Microsoft.PowerShell.ConsoleHost Microsoft.PowerShell.Security Microsoft.WSMan.Management; do
  for p in linux win; do "$O/linux/pwsh" -CompileHost -out "$O/$p/$n.dll" "$O/src/facade/facade.cs"; done
done
# the Windows Management.Infrastructure binaries have a licence of their own: use the MIT ones of the Unix package
rm -f "$O"/win/[Mm]icrosoft.[Mm]anagement.[Ii]nfrastructure* "$O/win/mi.dll" "$O/win/miutils.dll"
cp "$pk"/microsoft.management.infrastructure.runtime.unix/3.0.0/runtimes/unix/lib/netstandard1.6/Microsoft.Management.Infrastructure.dll "$O/win/"
cg=$(ls -d "$pk"/microsoft.netcore.app.crossgen2.linux-x64/*/tools | tail -1)/crossgen2
for p in linux win; do
  python3 "$O/src/mkmodules.py" "$O/src/cmdlets" "$O/$p/Modules"
  os=$p; [ $p = win ] && os=windows
  "$cg" "$O/Microsoft.PowerShell.Commands.Utility.dll" -o "$O/$p/Microsoft.PowerShell.Commands.Utility.dll" -r "$O/$p/*.dll" --targetos $os --targetarch x64 -O >/dev/null || cp "$O/Microsoft.PowerShell.Commands.Utility.dll" "$O/$p/"
  cp "$here/LICENSES.txt" "$O/$p/"
  tar --sort=name --owner=0 --group=0 --exclude=./powershell.exe -C "$O/$p" -cf - . | xz -T2 -6 > "$here/dist/pshost-$p-x64.tar.xz"
done
ls -l "$here/dist"
