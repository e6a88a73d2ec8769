// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
/* Output helpers: text goes to the console's code page if there is a console, else to the code page named by the
   environment variable STAGE_CP (the WinRM server sets it from WINRS_CODEPAGE), else UTF-8. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdarg.h>
#include <wchar.h>

static UINT out_cp(void)
{
    WCHAR b[16]; DWORD m;
    if (GetConsoleMode(GetStdHandle(STD_OUTPUT_HANDLE), &m) && GetConsoleOutputCP()) return GetConsoleOutputCP();
    if (GetEnvironmentVariableW(L"STAGE_CP", b, 16)) return _wtoi(b);
    return CP_UTF8;
}

static void put(const WCHAR *s)
{
    static char buf[65536]; DWORD w;
    int n = WideCharToMultiByte(out_cp(), 0, s, -1, buf, sizeof buf, 0, 0);
    if (n > 1) WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), buf, n - 1, &w, 0);
}

static void putf(const WCHAR *fmt, ...)
{
    static WCHAR buf[16384]; va_list ap;
    va_start(ap, fmt); _vsnwprintf(buf, 16383, fmt, ap); va_end(ap); buf[16383] = 0;
    put(buf);
}

/* 0 English, 1 German, 2 Japanese: HKLM\SOFTWARE\Stage DisplayLanguage (REG_SZ en|de|ja), overridden by STAGE_LANG */
static int lang(void)
{
    WCHAR b[16] = L""; DWORD n = sizeof b;
    if (!GetEnvironmentVariableW(L"STAGE_LANG", b, 16))
        RegGetValueW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Stage", L"DisplayLanguage", RRF_RT_REG_SZ, 0, b, &n);
    return !_wcsnicmp(b, L"de", 2) ? 1 : !_wcsnicmp(b, L"ja", 2) ? 2 : 0;
}
