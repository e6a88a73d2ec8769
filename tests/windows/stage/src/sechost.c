// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
/* sechost.dll for the stage: forwards everything to Wine's own sechost (kept beside it as sechost_w.dll) and adds what Wine
   8-10 leaves out, stored where Windows stores it, in the service's own key:
     FailureActions (REG_BINARY), RebootMessage, FailureCommand, FailureActionsOnNonCrashFailures, DelayedAutostart,
     ServiceSidType, RequiredPrivileges, LaunchProtected; dependent services are found through DependOnService.
   (Wine: setting failure actions says success and stores nothing; querying any level but 1 and 7 fails with 124.) */
#include <windows.h>
#include <winsvc.h>

#define SERVICES L"SYSTEM\\CurrentControlSet\\Services\\"
#define LAUNCH_PROTECTED 12

static SRWLOCK lock = SRWLOCK_INIT;
static struct { SC_HANDLE h; WCHAR name[256]; } tab[1024];

static void *real(const char *fn)
{
    static HMODULE m;
    if (!m) m = LoadLibraryW(L"sechost_w.dll");
    return (void *)GetProcAddress(m, fn);
}

static void remember(SC_HANDLE h, const WCHAR *name)
{
    int i;
    if (!h || !name) return;
    AcquireSRWLockExclusive(&lock);
    for (i = 0; i < 1024; i++) if (!tab[i].h) { tab[i].h = h; lstrcpynW(tab[i].name, name, 256); break; }
    ReleaseSRWLockExclusive(&lock);
}

static BOOL known(SC_HANDLE h, WCHAR *name)
{
    int i; BOOL r = FALSE;
    AcquireSRWLockShared(&lock);
    for (i = 0; i < 1024 && !r; i++) if (tab[i].h == h) { lstrcpyW(name, tab[i].name); r = TRUE; }
    ReleaseSRWLockShared(&lock);
    return r;
}

static HKEY key(const WCHAR *name, REGSAM access)
{
    WCHAR path[400] = SERVICES; HKEY k;
    lstrcatW(path, name);
    return RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, access, &k) ? 0 : k;
}

SC_HANDLE WINAPI OpenServiceW(SC_HANDLE m, const WCHAR *name, DWORD access)
{
    SC_HANDLE h = ((SC_HANDLE (WINAPI *)(SC_HANDLE, const WCHAR *, DWORD))real("OpenServiceW"))(m, name, access);
    DWORD e = GetLastError();
    remember(h, name); SetLastError(e);
    return h;
}

SC_HANDLE WINAPI OpenServiceA(SC_HANDLE m, const char *name, DWORD access)
{
    WCHAR w[256];
    if (!name || !MultiByteToWideChar(CP_ACP, 0, name, -1, w, 256)) { SetLastError(ERROR_INVALID_NAME); return 0; }
    return OpenServiceW(m, w, access);
}

SC_HANDLE WINAPI CreateServiceW(SC_HANDLE m, const WCHAR *name, const WCHAR *disp, DWORD a, DWORD t, DWORD st, DWORD er, const WCHAR *bin, const WCHAR *grp, DWORD *tag, const WCHAR *dep, const WCHAR *acc, const WCHAR *pw)
{
    SC_HANDLE h = ((SC_HANDLE (WINAPI *)(SC_HANDLE, const WCHAR *, const WCHAR *, DWORD, DWORD, DWORD, DWORD, const WCHAR *, const WCHAR *, DWORD *, const WCHAR *, const WCHAR *, const WCHAR *))real("CreateServiceW"))(m, name, disp, a, t, st, er, bin, grp, tag, dep, acc, pw);
    DWORD e = GetLastError();
    remember(h, name); SetLastError(e);
    return h;
}

BOOL WINAPI CloseServiceHandle(SC_HANDLE h)
{
    int i;
    AcquireSRWLockExclusive(&lock);
    for (i = 0; i < 1024; i++) if (h && tab[i].h == h) { tab[i].h = 0; break; }
    ReleaseSRWLockExclusive(&lock);
    return ((BOOL (WINAPI *)(SC_HANDLE))real("CloseServiceHandle"))(h);
}

static DWORD get_dword(HKEY k, const WCHAR *v, DWORD def)
{
    DWORD d, n = sizeof d;
    return RegGetValueW(k, 0, v, RRF_RT_REG_DWORD, 0, &d, &n) ? def : d;
}

static DWORD set_str(HKEY k, const WCHAR *v, const WCHAR *s)
{
    if (!s) return 0;
    if (!*s) { RegDeleteValueW(k, v); return 0; }
    return RegSetValueExW(k, v, 0, REG_SZ, (const BYTE *)s, (lstrlenW(s) + 1) * sizeof(WCHAR));
}

static DWORD set_dword(HKEY k, const WCHAR *v, DWORD d) { return RegSetValueExW(k, v, 0, REG_DWORD, (BYTE *)&d, sizeof d); }

static DWORD change(HKEY k, DWORD level, void *info)
{
    DWORD e = 0, i;
    switch (level)
    {
    case SERVICE_CONFIG_FAILURE_ACTIONS:
    {
        SERVICE_FAILURE_ACTIONSW *f = info;
        if (f->lpsaActions && !f->cActions) RegDeleteValueW(k, L"FailureActions");
        else if (f->lpsaActions)
        {
            DWORD *b, n = 20 + 8 * f->cActions;
            if (f->cActions > 1000) return ERROR_INVALID_PARAMETER;
            b = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, n);
            b[0] = f->dwResetPeriod; b[3] = f->cActions; b[4] = 0x14;
            b[1] = f->lpRebootMsg && *f->lpRebootMsg; b[2] = f->lpCommand && *f->lpCommand;
            for (i = 0; i < f->cActions; i++) { b[5 + 2 * i] = f->lpsaActions[i].Type; b[6 + 2 * i] = f->lpsaActions[i].Delay; }
            e = RegSetValueExW(k, L"FailureActions", 0, REG_BINARY, (BYTE *)b, n);
            HeapFree(GetProcessHeap(), 0, b);
        }
        if (!e) e = set_str(k, L"RebootMessage", f->lpRebootMsg);
        if (!e) e = set_str(k, L"FailureCommand", f->lpCommand);
        return e;
    }
    case SERVICE_CONFIG_DELAYED_AUTO_START_INFO: return set_dword(k, L"DelayedAutostart", !!((SERVICE_DELAYED_AUTO_START_INFO *)info)->fDelayedAutostart);
    case SERVICE_CONFIG_FAILURE_ACTIONS_FLAG: return set_dword(k, L"FailureActionsOnNonCrashFailures", !!((SERVICE_FAILURE_ACTIONS_FLAG *)info)->fFailureActionsOnNonCrashFailures);
    case SERVICE_CONFIG_SERVICE_SID_INFO: return set_dword(k, L"ServiceSidType", ((SERVICE_SID_INFO *)info)->dwServiceSidType);
    case LAUNCH_PROTECTED: return set_dword(k, L"LaunchProtected", *(DWORD *)info);
    case SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO:
    {
        const WCHAR *p = ((SERVICE_REQUIRED_PRIVILEGES_INFOW *)info)->pmszRequiredPrivileges, *q = p;
        if (!p || !*p) { RegDeleteValueW(k, L"RequiredPrivileges"); return 0; }
        while (*q) q += lstrlenW(q) + 1;
        return RegSetValueExW(k, L"RequiredPrivileges", 0, REG_MULTI_SZ, (const BYTE *)p, (q - p + 1) * sizeof(WCHAR));
    }
    }
    return ERROR_NOT_SUPPORTED;
}

BOOL WINAPI ChangeServiceConfig2W(SC_HANDLE h, DWORD level, void *info)
{
    WCHAR name[256]; DWORD e; HKEY k;
    if (level == SERVICE_CONFIG_DESCRIPTION || level == SERVICE_CONFIG_PRESHUTDOWN_INFO || !known(h, name))
        return ((BOOL (WINAPI *)(SC_HANDLE, DWORD, void *))real("ChangeServiceConfig2W"))(h, level, info);
    if (!info) { SetLastError(ERROR_INVALID_PARAMETER); return FALSE; }
    if (!(k = key(name, KEY_READ | KEY_WRITE))) { SetLastError(ERROR_SERVICE_MARKED_FOR_DELETE); return FALSE; }
    e = change(k, level, info);
    RegCloseKey(k); SetLastError(e);
    return !e;
}

BOOL WINAPI ChangeServiceConfig2A(SC_HANDLE h, DWORD level, void *info)
{
    if (level == SERVICE_CONFIG_FAILURE_ACTIONS)
    {
        SERVICE_FAILURE_ACTIONSA *a = info; SERVICE_FAILURE_ACTIONSW w; WCHAR m[1024], c[1024];
        w.dwResetPeriod = a->dwResetPeriod; w.cActions = a->cActions; w.lpsaActions = a->lpsaActions; w.lpRebootMsg = w.lpCommand = 0;
        if (a->lpRebootMsg) { MultiByteToWideChar(CP_ACP, 0, a->lpRebootMsg, -1, m, 1024); w.lpRebootMsg = m; }
        if (a->lpCommand) { MultiByteToWideChar(CP_ACP, 0, a->lpCommand, -1, c, 1024); w.lpCommand = c; }
        return ChangeServiceConfig2W(h, level, &w);
    }
    if (level == SERVICE_CONFIG_DESCRIPTION) return ((BOOL (WINAPI *)(SC_HANDLE, DWORD, void *))real("ChangeServiceConfig2A"))(h, level, info);
    return ChangeServiceConfig2W(h, level, info);
}

static BYTE *value(HKEY k, const WCHAR *v, DWORD *n)
{
    BYTE *b; *n = 0;
    if (RegQueryValueExW(k, v, 0, 0, 0, n) || !*n) { *n = 0; return 0; }
    b = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, *n + 4);
    if (RegQueryValueExW(k, v, 0, 0, b, n)) *n = 0;
    return b;
}

BOOL WINAPI QueryServiceConfig2W(SC_HANDLE h, DWORD level, BYTE *out, DWORD size, DWORD *need)
{
    WCHAR name[256]; HKEY k; DWORD e = 0;
    if (level == SERVICE_CONFIG_DESCRIPTION || level == SERVICE_CONFIG_PRESHUTDOWN_INFO || !known(h, name))
        return ((BOOL (WINAPI *)(SC_HANDLE, DWORD, BYTE *, DWORD, DWORD *))real("QueryServiceConfig2W"))(h, level, out, size, need);
    if (!need) { SetLastError(ERROR_INVALID_ADDRESS); return FALSE; }
    if (!(k = key(name, KEY_READ))) { SetLastError(ERROR_SERVICE_MARKED_FOR_DELETE); return FALSE; }
#define ROOM(n) (*need = (n), size >= *need || (e = ERROR_INSUFFICIENT_BUFFER, FALSE))
    switch (level)
    {
    case SERVICE_CONFIG_FAILURE_ACTIONS:
    {
        DWORD nb, nm, nc, count = 0, i; DWORD *b = (DWORD *)value(k, L"FailureActions", &nb);
        BYTE *msg = value(k, L"RebootMessage", &nm), *cmd = value(k, L"FailureCommand", &nc);
        SERVICE_FAILURE_ACTIONSW *f = (void *)out; BYTE *p;
        if (b && nb >= 20) { count = b[3]; if (count > (nb - 20) / 8) count = (nb - 20) / 8; }
        if (ROOM(sizeof *f + count * sizeof(SC_ACTION) + (nm ? nm + 2 : 0) + (nc ? nc + 2 : 0)))
        {
            memset(out, 0, *need);
            p = (BYTE *)(f + 1);
            if (b && nb >= 4) f->dwResetPeriod = b[0];
            f->cActions = count;
            if (count) f->lpsaActions = (SC_ACTION *)p;
            for (i = 0; i < count; i++) { f->lpsaActions[i].Type = b[5 + 2 * i]; f->lpsaActions[i].Delay = b[6 + 2 * i]; }
            p += count * sizeof(SC_ACTION);
            if (nm) { memcpy(p, msg, nm); f->lpRebootMsg = (WCHAR *)p; p += nm + 2; }
            if (nc) { memcpy(p, cmd, nc); f->lpCommand = (WCHAR *)p; }
        }
        break;
    }
    case SERVICE_CONFIG_DELAYED_AUTO_START_INFO: if (ROOM(4)) *(DWORD *)out = get_dword(k, L"DelayedAutostart", 0); break;
    case SERVICE_CONFIG_FAILURE_ACTIONS_FLAG: if (ROOM(4)) *(DWORD *)out = get_dword(k, L"FailureActionsOnNonCrashFailures", 0); break;
    case SERVICE_CONFIG_SERVICE_SID_INFO: if (ROOM(4)) *(DWORD *)out = get_dword(k, L"ServiceSidType", 0); break;
    case LAUNCH_PROTECTED: if (ROOM(4)) *(DWORD *)out = get_dword(k, L"LaunchProtected", 0); break;
    case SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO:
    {
        DWORD n; BYTE *b = value(k, L"RequiredPrivileges", &n);
        SERVICE_REQUIRED_PRIVILEGES_INFOW *r = (void *)out;
        if (ROOM(sizeof *r + (n ? n + 4 : 0)))
        {
            memset(out, 0, *need);
            if (n) { memcpy(r + 1, b, n); r->pmszRequiredPrivileges = (WCHAR *)(r + 1); }
        }
        break;
    }
    case SERVICE_CONFIG_TRIGGER_INFO: if (ROOM(24)) memset(out, 0, 24); break;       /* none */
    default: e = ERROR_INVALID_PARAMETER;                                             /* preferred node: none set */
    }
    RegCloseKey(k); SetLastError(e);
    return !e;
}

/* Dependent services through DependOnService of all of them. */
BOOL WINAPI EnumDependentServicesW(SC_HANDLE h, DWORD state, ENUM_SERVICE_STATUSW *out, DWORD size, DWORD *need, DWORD *count)
{
    typedef BOOL (WINAPI *enum_t)(SC_HANDLE, SC_ENUM_TYPE, DWORD, DWORD, BYTE *, DWORD, DWORD *, DWORD *, DWORD *, const WCHAR *);
    WCHAR name[256]; DWORD n = 0, i, nd, got = 0, bytes = 0, dummy, resume = 0; BYTE *all; SC_HANDLE m; WCHAR *text;
    SERVICE_STATUS *st;
    *need = *count = 0;
    if (!known(h, name)) return TRUE;
    m = ((SC_HANDLE (WINAPI *)(const WCHAR *, const WCHAR *, DWORD))real("OpenSCManagerW"))(0, 0, SC_MANAGER_ENUMERATE_SERVICE);
    all = HeapAlloc(GetProcessHeap(), 0, 262144);
    if (!((enum_t)real("EnumServicesStatusExW"))(m, SC_ENUM_PROCESS_INFO, SERVICE_WIN32, state, all, 262144, &dummy, &n, &resume, 0)) n = 0;
    for (int pass = 0; pass < 2; pass++)
    {
        text = out ? (WCHAR *)((BYTE *)out + size) : 0; got = 0;
        for (i = 0; i < n; i++)
        {
            ENUM_SERVICE_STATUS_PROCESSW *s = (ENUM_SERVICE_STATUS_PROCESSW *)all + i;
            HKEY k = key(s->lpServiceName, KEY_READ); WCHAR *dep, *p; BOOL hit = FALSE; int ln, ld;
            if (!k) continue;
            dep = (WCHAR *)value(k, L"DependOnService", &nd);
            for (p = dep; p && (BYTE *)p < (BYTE *)dep + nd && *p; p += lstrlenW(p) + 1) if (!lstrcmpiW(p, name)) hit = TRUE;
            RegCloseKey(k);
            if (!hit) continue;
            ln = lstrlenW(s->lpServiceName) + 1; ld = lstrlenW(s->lpDisplayName) + 1;
            if (!pass) { bytes += sizeof *out + 2 * (ln + ld); continue; }
            text -= ld; lstrcpyW(text, s->lpDisplayName); out[got].lpDisplayName = text;
            text -= ln; lstrcpyW(text, s->lpServiceName); out[got].lpServiceName = text;
            st = &out[got].ServiceStatus; memcpy(st, &s->ServiceStatusProcess, sizeof *st);
            got++;
        }
        if (!pass && (!out || size < bytes)) { HeapFree(GetProcessHeap(), 0, all); *need = bytes; if (!bytes) return TRUE; SetLastError(ERROR_MORE_DATA); return FALSE; }
    }
    HeapFree(GetProcessHeap(), 0, all);
    *count = got;
    return TRUE;
}

/* Wine's own leaves the list of dependencies without its end: callers read on into whatever follows. */
BOOL WINAPI QueryServiceConfigW(SC_HANDLE h, QUERY_SERVICE_CONFIGW *c, DWORD size, DWORD *need)
{
    typedef BOOL (WINAPI *qsc_t)(SC_HANDLE, QUERY_SERVICE_CONFIGW *, DWORD, DWORD *);
    WCHAR name[256]; HKEY k; DWORD n = 0, e, extra; BYTE *dep = 0; BOOL r;
    qsc_t f = real("QueryServiceConfigW");
    if (!known(h, name) || !(k = key(name, KEY_READ))) return f(h, c, size, need);
    dep = value(k, L"DependOnService", &n);
    RegCloseKey(k);
    extra = (n + 4 + 7) & ~7u;
    r = f(h, c, size > extra ? (size - extra) & ~7u : 0, need);
    e = GetLastError();
    if (r)
    {
        BYTE *p = (BYTE *)c + ((size - extra) & ~7u);
        memset(p, 0, extra);
        if (n) memcpy(p, dep, n);
        c->lpDependencies = (WCHAR *)p;
    }
    else if (e == ERROR_INSUFFICIENT_BUFFER) *need = ((*need + 7) & ~7u) + extra + 8;
    if (dep) HeapFree(GetProcessHeap(), 0, dep);
    SetLastError(e);
    return r;
}

/* .NET (10) hands DOS wildcards (cmd.* becomes cmd"*) to NtQueryDirectoryFile; Wine 8 knows none of < > " and finds nothing, so
   PowerShell finds no program on PATH.  .NET filters the names once more itself, so a mask with such a character may be `*`.
   This library is loaded into every process with advapi32: it puts its own function into ntdll's table of exports. */
#include <winternl.h>
typedef NTSTATUS (WINAPI *qdf_t)(HANDLE, HANDLE, void *, void *, IO_STATUS_BLOCK *, void *, ULONG, ULONG, BOOLEAN, UNICODE_STRING *, BOOLEAN);
static qdf_t real_qdf;

static NTSTATUS WINAPI my_qdf(HANDLE h, HANDLE ev, void *apc, void *ctx, IO_STATUS_BLOCK *io, void *buf, ULONG len, ULONG cls, BOOLEAN single, UNICODE_STRING *mask, BOOLEAN restart)
{
    static WCHAR star[] = L"*";
    UNICODE_STRING all = {2, 4, star}; int i;
    if (mask && mask->Buffer)
        for (i = 0; i < mask->Length / 2; i++)
            if (mask->Buffer[i] == '<' || mask->Buffer[i] == '>' || mask->Buffer[i] == '"') { mask = &all; break; }
    return real_qdf(h, ev, apc, ctx, io, buf, len, cls, single, mask, restart);
}

static void patch_export(HMODULE m, const char *fn, void *mine, void **old)
{
    BYTE *base = (BYTE *)m; DWORD i, prot;
    IMAGE_NT_HEADERS *nt = (void *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    IMAGE_EXPORT_DIRECTORY *e = (void *)(base + nt->OptionalHeader.DataDirectory[0].VirtualAddress);
    DWORD *names = (void *)(base + e->AddressOfNames), *funcs = (void *)(base + e->AddressOfFunctions), *slot;
    WORD *ords = (void *)(base + e->AddressOfNameOrdinals);
    ULONGLONG dist = (ULONGLONG)mine - (ULONGLONG)base;
    if ((BYTE *)mine < base || dist > 0xffffffffull) return;
    for (i = 0; i < e->NumberOfNames; i++)
    {
        if (lstrcmpA((char *)base + names[i], fn)) continue;
        slot = funcs + ords[i];
        *old = base + *slot;
        if (!VirtualProtect(slot, 4, PAGE_READWRITE, &prot)) return;
        *slot = (DWORD)dist;
        VirtualProtect(slot, 4, prot, &prot);
        return;
    }
}

BOOL WINAPI DllMain(HINSTANCE inst, DWORD why, void *r)
{
    if (why == DLL_PROCESS_ATTACH)
    {
        DisableThreadLibraryCalls(inst);
        patch_export(GetModuleHandleW(L"ntdll.dll"), "NtQueryDirectoryFile", (void *)my_qdf, (void **)&real_qdf);
    }
    return TRUE;
}
