#!/bin/sh
# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# build.sh [DIR]: builds the programs from the sources here into DIR (../bin). Needs Debian's gcc-mingw-w64-x86-64-win32 and, for the lists of functions to pass on, wine.
set -e
cd "$(dirname "$0")"
CC=x86_64-w64-mingw32-gcc; command -v $CC >/dev/null || CC=x86_64-w64-mingw32-gcc-win32
DUMP=x86_64-w64-mingw32-objdump; WR=x86_64-w64-mingw32-windres
F="-Os -s -Wall -Wno-unused-result -municode -static -Wl,--no-insert-timestamp"
BIN=${1:-../bin}; mkdir -p "$BIN"; WORK=$(mktemp -d); trap 'rm -rf "$WORK"' EXIT
if [ -z "$WINEDLLS" ]; then
    for d in /usr/lib/*/wine/x86_64-windows; do [ -f "$d/sechost.dll" ] && WINEDLLS=$d; done
fi
for n in stagesvc netsh sc vssadmin stagectl; do
    l=; [ $n = netsh ] && l=-lwinhttp
    $CC $F -o "$BIN/$n.exe" $n.c -ladvapi32 $l
done
ver() {                 # ver OUT VERSION DESCRIPTION: the service program with a version resource, as the agent's programs have
    c=$(echo "$2" | tr . ,)
    printf '1 VERSIONINFO\nFILEVERSION %s\nPRODUCTVERSION %s\nBEGIN\nBLOCK "StringFileInfo"\nBEGIN\nBLOCK "040904b0"\nBEGIN\nVALUE "CompanyName", "stage stand-in, not Microsoft"\nVALUE "FileDescription", "%s"\nVALUE "FileVersion", "%s"\nVALUE "ProductVersion", "%s"\nVALUE "OriginalFilename", "%s"\nEND\nEND\nBLOCK "VarFileInfo"\nBEGIN\nVALUE "Translation", 0x409, 0x4b0\nEND\nEND\n' "$c" "$c" "$3" "$2" "$2" "$1" > "$WORK/ver.rc"
    $WR "$WORK/ver.rc" "$WORK/ver.o"
    $CC $F -o "$BIN/$1" stagesvc.c "$WORK/ver.o" -ladvapi32
}
ver WaAppAgent.exe 2.7.41491.1176 WaAppAgent
ver WindowsAzureGuestAgent.exe 2.7.41491.1176 WindowsAzureGuestAgent
ver WindowsAzureTelemetryService.exe 2.7.41491.901 WindowsAzureTelemetryService
ver IaasVmProvider.exe 1.0.100.0 IaasVmProvider
# shim NAME BASE "own functions": a .def that passes the rest on to NAME_w. The base is fixed because sechost patches ntdll
# with a relative jump, which reaches 2 GiB; the linker would choose one by the path of its output.
shim() {
    { echo "LIBRARY $1.dll"; echo EXPORTS
      $DUMP -p "$WINEDLLS/$1.dll" | awk '/Ordinal\/Name Pointer/{t=1;next} t&&/\[ *[0-9]+\]/{sub(/.*\] */,"");sub(/^\+base.*\] [0-9a-f]+ /,"");print $NF} t&&/^$/{exit}' |
      while read -r f; do
          case " $3 " in *" $f "*) echo "  $f";; *) echo "  $f = $1_w.$f";; esac
      done; } > "$WORK/$1.def"
    $CC -Os -s -Wall -Wno-attributes -shared -static -Wl,--no-insert-timestamp -Wl,--enable-stdcall-fixup -Wl,--image-base,$2 -o "$BIN/$1.dll" $1.c "$WORK/$1.def" $4
}
shim sechost 0x1d9ac0000 "OpenServiceA OpenServiceW CreateServiceW CloseServiceHandle ChangeServiceConfig2A ChangeServiceConfig2W QueryServiceConfig2W QueryServiceConfigW EnumDependentServicesW" -ladvapi32
shim iphlpapi 0x2c3d80000 "GetAdaptersAddresses GetAdaptersInfo" -ladvapi32
