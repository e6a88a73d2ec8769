// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
/* iphlpapi.dll for the stage: forwards everything to Wine's own (kept as iphlpapi_w.dll); in the answers of
   GetAdaptersAddresses and GetAdaptersInfo the DHCP flag, the DHCP server and the connection's name come from where Windows
   keeps them: ...\Tcpip\Parameters\Interfaces\{GUID} EnableDHCP, DhcpServer and
   ...\Control\Network\{4D36E972-E325-11CE-BFC1-08002BE10318}\{GUID}\Connection Name.  Addresses, gateways, MAC stay real. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <iphlpapi.h>
#include <stdio.h>

static void *real(const char *fn)
{
    static HMODULE m;
    if (!m) m = LoadLibraryW(L"iphlpapi_w.dll");
    return (void *)GetProcAddress(m, fn);
}

static int dhcp(const char *guid, char *server, DWORD n)
{
    char key[300]; DWORD d = 1, m = sizeof d;
    snprintf(key, sizeof key, "SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces\\%s", guid);
    *server = 0;
    if (RegGetValueA(HKEY_LOCAL_MACHINE, key, "EnableDHCP", RRF_RT_REG_DWORD, 0, &d, &m)) return 0;
    RegGetValueA(HKEY_LOCAL_MACHINE, key, "DhcpServer", RRF_RT_REG_SZ, 0, server, &n);
    return d;
}

static void name(const char *guid, WCHAR *out, DWORD bytes)
{
    WCHAR key[300]; DWORD n = bytes; WCHAR b[200];
    _snwprintf(key, 300, L"SYSTEM\\CurrentControlSet\\Control\\Network\\{4D36E972-E325-11CE-BFC1-08002BE10318}\\%hs\\Connection", guid);
    n = sizeof b;
    if (!RegGetValueW(HKEY_LOCAL_MACHINE, key, L"Name", RRF_RT_REG_SZ, 0, b, &n) && n <= bytes) lstrcpyW(out, b);
}

ULONG WINAPI GetAdaptersAddresses(ULONG family, ULONG flags, void *reserved, IP_ADAPTER_ADDRESSES *a, ULONG *size)
{
    static const ULONG EXTRA = 65536;
    ULONG have = size ? *size : 0, e, inner = have > EXTRA ? have - EXTRA : 0;
    static ULONG (WINAPI *f)(ULONG, ULONG, void *, IP_ADAPTER_ADDRESSES *, ULONG *);
    IP_ADAPTER_ADDRESSES *p; BYTE *spare; struct sockaddr_in *sin; char server[64];
    if (!f) f = real("GetAdaptersAddresses");
    e = f(family, flags, reserved, inner ? a : 0, &inner);
    if (e) { if (size && e == ERROR_BUFFER_OVERFLOW) *size = inner + EXTRA; return e; }
    spare = (BYTE *)a + inner;
    spare += (16 - ((ULONG_PTR)spare & 15)) & 15;
    for (p = a; p; p = p->Next)
    {
        p->Flags &= ~4u;
        if (dhcp(p->AdapterName, server, sizeof server))
        {
            p->Flags |= 4;
            if (*server && p->Length >= offsetof(IP_ADAPTER_ADDRESSES, Dhcpv4Server) + sizeof p->Dhcpv4Server && spare + 16 < (BYTE *)a + *size)
            {
                sin = (void *)spare; spare += 16; memset(sin, 0, sizeof *sin);
                sin->sin_family = AF_INET;
                unsigned q[4];
                if (sscanf(server, "%u.%u.%u.%u", q, q + 1, q + 2, q + 3) == 4) sin->sin_addr.s_addr = q[0] | q[1] << 8 | q[2] << 16 | q[3] << 24;
                p->Dhcpv4Server.lpSockaddr = (void *)sin; p->Dhcpv4Server.iSockaddrLength = sizeof *sin;
            }
        }
        if (p->FriendlyName && p->IfType == IF_TYPE_ETHERNET_CSMACD && spare + 256 < (BYTE *)a + *size)
        {
            lstrcpynW((WCHAR *)spare, p->FriendlyName, 100);
            name(p->AdapterName, (WCHAR *)spare, 200);
            p->FriendlyName = (WCHAR *)spare; spare += 208;
        }
    }
    return 0;
}

ULONG WINAPI GetAdaptersInfo(IP_ADAPTER_INFO *a, ULONG *size)
{
    static ULONG (WINAPI *f)(IP_ADAPTER_INFO *, ULONG *); ULONG e; IP_ADAPTER_INFO *p; char server[64];
    if (!f) f = real("GetAdaptersInfo");
    if ((e = f(a, size))) return e;
    for (p = a; p; p = p->Next)
    {
        p->DhcpEnabled = dhcp(p->AdapterName, server, sizeof server);
        if (p->DhcpEnabled && *server) lstrcpynA(p->DhcpServer.IpAddress.String, server, 16);
        else if (!p->DhcpEnabled) memset(&p->DhcpServer, 0, sizeof p->DhcpServer);
    }
    return 0;
}
