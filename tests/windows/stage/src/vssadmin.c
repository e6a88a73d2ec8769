// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
/* vssadmin.exe for the stage: list writers | providers | shadows | shadowstorage, Microsoft's English layout, German and Japanese labels.
   Providers are read where Windows keeps them, HKLM\SYSTEM\CurrentControlSet\Services\VSS\Providers\{GUID}.
   Writers have no registry home on Windows; here HKLM\SOFTWARE\Stage\Vss\Writers\{writer id}: (default) name, State dword (1 stable,
   5 waiting for completion, 7..11 failed), LastError SZ.  The VSS service must be startable, else error 0x8004230f. */
#include "stage.h"

static const WCHAR *T[3][9] = {
    {L"Writer name: '%ls'\r\n", L"   Writer Id: %ls\r\n", L"   Writer Instance Id: %ls\r\n", L"   State: [%lu] %ls\r\n", L"   Last error: %ls\r\n\r\n", L"Provider name: '%ls'\r\n", L"   Provider type: %ls\r\n", L"   Provider Id: %ls\r\n", L"   Version: %ls\r\n\r\n"},
    {L"Verfassername: \"%ls\"\r\n", L"   Verfasserkennung: %ls\r\n", L"   Verfasserinstanzkennung: %ls\r\n", L"   Status: [%lu] %ls\r\n", L"   Letzter Fehler: %ls\r\n\r\n", L"Anbietername: \"%ls\"\r\n", L"   Anbietertyp: %ls\r\n", L"   Anbieterkennung: %ls\r\n", L"   Version: %ls\r\n\r\n"},
    {L"\x30e9\x30a4\x30bf\x30fc\x540d: '%ls'\r\n", L"   \x30e9\x30a4\x30bf\x30fc Id: %ls\r\n", L"   \x30e9\x30a4\x30bf\x30fc \x30a4\x30f3\x30b9\x30bf\x30f3\x30b9 Id: %ls\r\n", L"   \x72b6\x614b: [%lu] %ls\r\n", L"   \x6700\x5f8c\x306e\x30a8\x30e9\x30fc: %ls\r\n\r\n", L"\x30d7\x30ed\x30d0\x30a4\x30c0\x30fc\x540d: '%ls'\r\n", L"   \x30d7\x30ed\x30d0\x30a4\x30c0\x30fc\x306e\x7a2e\x985e: %ls\r\n", L"   \x30d7\x30ed\x30d0\x30a4\x30c0\x30fc Id: %ls\r\n", L"   \x30d0\x30fc\x30b8\x30e7\x30f3: %ls\r\n\r\n"}};
static const WCHAR *ST[3][3] = {{L"Stable", L"Waiting for completion", L"Failed"}, {L"Stabil", L"Auf Abschluss warten", L"Fehler"}, {L"\x5b89\x5b9a", L"\x5b8c\x4e86\x5f85\x3061", L"\x5931\x6557"}};
static const WCHAR *NOERR[3] = {L"No error", L"Kein Fehler", L"\x30a8\x30e9\x30fc\x306a\x3057"};

static int usable(void)
{
    SC_HANDLE m = OpenSCManagerW(0, 0, SC_MANAGER_ALL_ACCESS), s = OpenServiceW(m, L"VSS", SERVICE_START | SERVICE_QUERY_STATUS);
    DWORD e = s ? 0 : GetLastError(), need, i; SERVICE_STATUS_PROCESS p;
    if (s && !StartServiceW(s, 0, 0) && (e = GetLastError()) == ERROR_SERVICE_ALREADY_RUNNING) e = 0;
    for (i = 0; !e && i < 50; i++)
    {
        QueryServiceStatusEx(s, SC_STATUS_PROCESS_INFO, (BYTE *)&p, sizeof p, &need);
        if (p.dwCurrentState == SERVICE_RUNNING) return 1;
        if (p.dwCurrentState == SERVICE_STOPPED) break;
        Sleep(100);
    }
    put(L"Error: Unexpected failure: The service cannot be started, either because it is disabled or because it has no enabled devices associated with it.\r\n");
    return 0;
}

static DWORD sz(HKEY k, const WCHAR *sub, const WCHAR *v, WCHAR *out, const WCHAR *def)
{
    DWORD n = 512;
    if (RegGetValueW(k, sub, v, RRF_RT_REG_SZ, 0, out, &n)) lstrcpyW(out, def);
    return 0;
}

int wmain(int argc, WCHAR **argv)
{
    HKEY k; DWORD i, n, d; WCHAR id[100], a[256], b[256]; int l = lang();
    put(L"vssadmin 1.1 - Volume Shadow Copy Service administrative command-line tool\r\n(C) Copyright 2001-2013 Microsoft Corp.\r\n\r\n");
    if (argc < 3 || _wcsicmp(argv[1], L"list")) { put(L"---- Commands Supported ----\r\n\r\n"); return 1; }
    if (!usable()) return 2;
    if (!_wcsicmp(argv[2], L"writers"))
    {
        if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Stage\\Vss\\Writers", 0, KEY_READ, &k)) return 0;
        for (i = 0; n = 100, !RegEnumKeyExW(k, i, id, &n, 0, 0, 0, 0); i++)
        {
            DWORD m = sizeof d; d = 1;
            RegGetValueW(k, id, L"State", RRF_RT_REG_DWORD, 0, &d, &m);
            sz(k, id, 0, a, L""); sz(k, id, L"LastError", b, NOERR[l]);
            putf(T[l][0], a); putf(T[l][1], id); putf(T[l][2], id);
            putf(T[l][3], d, ST[l][d == 1 ? 0 : d == 5 ? 1 : 2]); putf(T[l][4], b);
        }
        return 0;
    }
    if (!_wcsicmp(argv[2], L"providers"))
    {
        if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SYSTEM\\CurrentControlSet\\Services\\VSS\\Providers", 0, KEY_READ, &k)) return 0;
        for (i = 0; n = 100, !RegEnumKeyExW(k, i, id, &n, 0, 0, 0, 0); i++)
        {
            DWORD m = sizeof d; d = 1;
            RegGetValueW(k, id, L"Type", RRF_RT_REG_DWORD, 0, &d, &m);
            sz(k, id, 0, a, L""); sz(k, id, L"Version", b, L"1.0.0.7");
            putf(T[l][5], a); putf(T[l][6], d == 1 ? L"System" : d == 2 ? L"Software" : d == 3 ? L"Hardware" : L"Fileshare"); putf(T[l][7], id); putf(T[l][8], b);
        }
        return 0;
    }
    put(L"No items found that satisfy the query.\r\n");
    return 0;
}
