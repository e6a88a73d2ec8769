// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
/* netsh.exe for the stage: `netsh winhttp show proxy | set proxy [proxy-server=]X [[bypass-list=]Y] | reset proxy |
   import proxy source=ie` over the real WinHttpGet/SetDefaultProxyConfiguration.  Everything else: exit code 1 and
   Microsoft's "command was not found" (Wine's own netsh answers everything with nothing and 0).
   Texts: English and Japanese as in published transcripts; German as far as known. */
#include "stage.h"
#include <winhttp.h>

static const WCHAR *HEAD[] = {L"\r\nCurrent WinHTTP proxy settings:\r\n\r\n", L"\r\nAktuelle WinHTTP-Proxyeinstellungen:\r\n\r\n", L"\r\n\x73fe\x5728\x306e WinHTTP \x30d7\x30ed\x30ad\x30b7\x8a2d\x5b9a:\r\n\r\n"};
static const WCHAR *DIRECT[] = {L"    Direct access (no proxy server).\r\n\r\n", L"    Direktzugriff (kein Proxyserver).\r\n\r\n", L"    \x76f4\x63a5\x30a2\x30af\x30bb\x30b9 (\x30d7\x30ed\x30ad\x30b7 \x30b5\x30fc\x30d0\x30fc\x306a\x3057)\x3002\r\n\r\n"};
static const WCHAR *SERVER[] = {L"    Proxy Server(s) :  %ls\r\n", L"    Proxyserver:  %ls\r\n", L"    \x30d7\x30ed\x30ad\x30b7 \x30b5\x30fc\x30d0\x30fc:  %ls\r\n"};
static const WCHAR *BYPASS[] = {L"    Bypass List     :  %ls\r\n\r\n", L"    Umgehungsliste     :  %ls\r\n\r\n", L"    \x30d0\x30a4\x30d1\x30b9\x4e00\x89a7     :  %ls\r\n\r\n"};
static const WCHAR *NONE[] = {L"(none)", L"(Keine)", L"(\x306a\x3057)"};
static const WCHAR *NOTFOUND[] = {L"The following command was not found: %ls.\r\n", L"Der folgende Befehl wurde nicht gefunden: %ls.\r\n", L"\x6b21\x306e\x30b3\x30de\x30f3\x30c9\x306f\x898b\x3064\x304b\x308a\x307e\x305b\x3093\x3067\x3057\x305f: %ls\r\n"};
static const WCHAR *SYNTAX[] = {L"The syntax supplied for this command is not valid. Check help for the correct syntax.\r\n\r\nUsage: set proxy [proxy-server=]<server name> [bypass-list=]<hosts list>\r\n", L"Die Syntax f\x00fcr diesen Befehl ist ung\x00fcltig.\r\n", L"\x69cb\x6587\x304c\x6b63\x3057\x304f\x3042\x308a\x307e\x305b\x3093\x3002\r\n"};

static int show(void)
{
    WINHTTP_PROXY_INFO i; int l = lang();
    memset(&i, 0, sizeof i);
    if (!WinHttpGetDefaultProxyConfiguration(&i)) { putf(L"Error %lu\r\n", GetLastError()); return 1; }
    put(HEAD[l]);
    if (i.dwAccessType != WINHTTP_ACCESS_TYPE_NAMED_PROXY || !i.lpszProxy) { put(DIRECT[l]); return 0; }
    putf(SERVER[l], i.lpszProxy);
    putf(BYPASS[l], i.lpszProxyBypass && *i.lpszProxyBypass ? i.lpszProxyBypass : NONE[l]);
    return 0;
}

static int set(WCHAR *proxy, WCHAR *bypass)
{
    WINHTTP_PROXY_INFO i;
    memset(&i, 0, sizeof i);
    i.dwAccessType = proxy ? WINHTTP_ACCESS_TYPE_NAMED_PROXY : WINHTTP_ACCESS_TYPE_NO_PROXY;
    i.lpszProxy = proxy; i.lpszProxyBypass = bypass;
    if (!WinHttpSetDefaultProxyConfiguration(&i))
    {
        DWORD e = GetLastError(); WCHAR *m = 0;
        FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM, 0, e, 0, (WCHAR *)&m, 0, 0);
        putf(L"\r\nError writing proxy settings. (%lu) %ls\r\n", e, m ? m : L""); return 1;
    }
    return show();
}

static WCHAR *value(WCHAR *a, const WCHAR *key)      /* the text after key=, 0 if another key, a itself if it has no key */
{
    size_t n = wcslen(key);
    if (!_wcsnicmp(a, key, n) && a[n] == '=') return a + n + 1;
    return 0;
}

int wmain(int argc, WCHAR **argv)
{
    int k; WCHAR all[4096] = L"";
    if (argc >= 4 && !_wcsicmp(argv[1], L"winhttp") && !_wcsicmp(argv[3], L"proxy"))
    {
        if (!_wcsicmp(argv[2], L"show")) return show();
        if (!_wcsicmp(argv[2], L"reset")) return set(0, 0);
        if (!_wcsicmp(argv[2], L"set"))
        {
            WCHAR *proxy = 0, *bypass = 0, *v;
            for (k = 4; k < argc; k++)
            {
                if ((v = value(argv[k], L"proxy-server"))) proxy = v;
                else if ((v = value(argv[k], L"bypass-list"))) bypass = v;
                else if (!proxy) proxy = argv[k];           /* positional; "http=a;https=b" is a legal server name */
                else if (!bypass) bypass = argv[k];
                else { put(SYNTAX[lang()]); return 1; }
            }
            if (!proxy || !*proxy) { put(SYNTAX[lang()]); return 1; }
            return set(proxy, bypass);
        }
        if (!_wcsicmp(argv[2], L"import"))
        {
            WCHAR p[2048] = L"", b[2048] = L""; DWORD n = sizeof p, on = 0, m = sizeof on;
            const WCHAR *key = L"Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings";
            RegGetValueW(HKEY_CURRENT_USER, key, L"ProxyEnable", RRF_RT_REG_DWORD, 0, &on, &m);
            RegGetValueW(HKEY_CURRENT_USER, key, L"ProxyServer", RRF_RT_REG_SZ, 0, p, &n);
            n = sizeof b; RegGetValueW(HKEY_CURRENT_USER, key, L"ProxyOverride", RRF_RT_REG_SZ, 0, b, &n);
            return on && *p ? set(p, *b ? b : 0) : set(0, 0);
        }
    }
    for (k = 1; k < argc; k++) { if (k > 1) wcsncat(all, L" ", 4000 - wcslen(all)); wcsncat(all, argv[k], 4000 - wcslen(all)); }
    putf(NOTFOUND[lang()], all);
    return 1;
}
