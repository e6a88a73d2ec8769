// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
/* sc.exe for the stage (Wine's own lacks query-all, queryex, qc, config, failure, qfailure, sdshow): everything over the
   real service control manager, in Microsoft's English layout.
   sc query|queryex [NAME|state= all] | qc NAME | qfailure NAME | failure NAME [reset= N] [reboot= T] [command= T] [actions= a/ms/..]
   | qfailureflag NAME | failureflag NAME 0|1 | config NAME [start= boot|system|auto|delayed-auto|demand|disabled] [obj= A] [binPath= P] [depend= a/b] [DisplayName= D]
   | start NAME [args] | stop NAME | create NAME binPath= P .. | delete NAME | description NAME T | qdescription NAME | sdshow NAME */
#include "stage.h"

static BYTE buf[262144], buf2[65536];
static SC_HANDLE scm;

static int fail(const WCHAR *what, DWORD e)
{
    WCHAR *m = 0;
    FormatMessageW(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM, 0, e, 0, (WCHAR *)&m, 0, 0);
    putf(L"[SC] %ls FAILED %lu:\r\n\r\n%ls\r\n", what, e, m ? m : L"");
    return (int)e;
}

static SC_HANDLE open(const WCHAR *name, DWORD access, const WCHAR *what, int *rc)
{
    SC_HANDLE s = OpenServiceW(scm, name, access);
    if (!s) { WCHAR w[64]; DWORD e = GetLastError(); _snwprintf(w, 64, L"%ls%ls", what, L"OpenService"); *rc = fail(w, e); }
    return s;
}

static const WCHAR *STATE[] = {L"", L"STOPPED", L"START_PENDING", L"STOP_PENDING", L"RUNNING", L"CONTINUE_PENDING", L"PAUSE_PENDING", L"PAUSED"};

static void status(const WCHAR *name, const WCHAR *display, SERVICE_STATUS_PROCESS *p, int ex)
{
    DWORD t = p->dwServiceType & ~SERVICE_INTERACTIVE_PROCESS;
    putf(L"\r\nSERVICE_NAME: %ls\r\n", name);
    if (display) putf(L"DISPLAY_NAME: %ls\r\n", display);
    putf(L"        TYPE               : %lx  %ls\r\n", p->dwServiceType, t == 0x10 ? L"WIN32_OWN_PROCESS" : t == 0x20 ? L"WIN32_SHARE_PROCESS" : t == 1 ? L"KERNEL_DRIVER" : t == 2 ? L"FILE_SYSTEM_DRIVER" : L"");
    putf(L"        STATE              : %lu  %ls \r\n", p->dwCurrentState, STATE[p->dwCurrentState & 7]);
    if (p->dwCurrentState != SERVICE_STOPPED)
        putf(L"                                (%ls, %ls, %ls)\r\n",
             p->dwControlsAccepted & SERVICE_ACCEPT_STOP ? L"STOPPABLE" : L"NOT_STOPPABLE",
             p->dwControlsAccepted & SERVICE_ACCEPT_PAUSE_CONTINUE ? L"PAUSABLE" : L"NOT_PAUSABLE",
             p->dwControlsAccepted & SERVICE_ACCEPT_PRESHUTDOWN ? L"ACCEPTS_PRESHUTDOWN" : p->dwControlsAccepted & SERVICE_ACCEPT_SHUTDOWN ? L"ACCEPTS_SHUTDOWN" : L"IGNORES_SHUTDOWN");
    putf(L"        WIN32_EXIT_CODE    : %lu  (0x%lx)\r\n", p->dwWin32ExitCode, p->dwWin32ExitCode);
    putf(L"        SERVICE_EXIT_CODE  : %lu  (0x%lx)\r\n", p->dwServiceSpecificExitCode, p->dwServiceSpecificExitCode);
    putf(L"        CHECKPOINT         : 0x%lx\r\n        WAIT_HINT          : 0x%lx\r\n", p->dwCheckPoint, p->dwWaitHint);
    if (ex) putf(L"        PID                : %lu\r\n        FLAGS              : \r\n", p->dwProcessId);
}

static int query(int argc, WCHAR **argv, int ex)
{
    DWORD need, n, resume = 0, which = SERVICE_ACTIVE, i; int k, rc = 0;
    if (argc > 2 && !wcschr(argv[2], '='))
    {
        SERVICE_STATUS_PROCESS p;
        SC_HANDLE s = open(argv[2], SERVICE_QUERY_STATUS, L"EnumQueryServicesStatus:", &rc);
        if (!s) return rc;
        if (!QueryServiceStatusEx(s, SC_STATUS_PROCESS_INFO, (BYTE *)&p, sizeof p, &need)) return fail(L"QueryServiceStatusEx", GetLastError());
        status(argv[2], 0, &p, ex);
        return 0;
    }
    for (k = 2; k + 1 < argc; k++) if (!_wcsicmp(argv[k], L"state=")) which = !_wcsicmp(argv[k + 1], L"all") ? SERVICE_STATE_ALL : !_wcsicmp(argv[k + 1], L"inactive") ? SERVICE_INACTIVE : SERVICE_ACTIVE;
    if (!EnumServicesStatusExW(scm, SC_ENUM_PROCESS_INFO, SERVICE_WIN32, which, buf, sizeof buf, &need, &n, &resume, 0)) return fail(L"EnumQueryServicesStatus", GetLastError());
    for (i = 0; i < n; i++)
    {
        ENUM_SERVICE_STATUS_PROCESSW *e = (ENUM_SERVICE_STATUS_PROCESSW *)buf + i;
        status(e->lpServiceName, e->lpDisplayName, &e->ServiceStatusProcess, ex);
    }
    return 0;
}

static int qc(const WCHAR *name)
{
    DWORD need; int rc = 0; QUERY_SERVICE_CONFIGW *c = (void *)buf; SERVICE_DELAYED_AUTO_START_INFO d = {0}; const WCHAR *p;
    static const WCHAR *START[] = {L"BOOT_START", L"SYSTEM_START", L"AUTO_START", L"DEMAND_START", L"DISABLED"};
    static const WCHAR *ERR[] = {L"IGNORE", L"NORMAL", L"SEVERE", L"CRITICAL"};
    SC_HANDLE s = open(name, SERVICE_QUERY_CONFIG, L"", &rc);
    if (!s) return rc;
    if (!QueryServiceConfigW(s, c, sizeof buf, &need)) return fail(L"QueryServiceConfig", GetLastError());
    QueryServiceConfig2W(s, SERVICE_CONFIG_DELAYED_AUTO_START_INFO, (BYTE *)&d, sizeof d, &need);
    putf(L"[SC] QueryServiceConfig SUCCESS\r\n\r\nSERVICE_NAME: %ls\r\n        TYPE               : %lx  %ls\r\n", name, c->dwServiceType, c->dwServiceType & 0x20 ? L"WIN32_SHARE_PROCESS" : L"WIN32_OWN_PROCESS");
    putf(L"        START_TYPE         : %lu   %ls%ls\r\n", c->dwStartType, START[c->dwStartType > 4 ? 4 : c->dwStartType], d.fDelayedAutostart && c->dwStartType == 2 ? L"  (DELAYED)" : L"");
    putf(L"        ERROR_CONTROL      : %lu   %ls\r\n        BINARY_PATH_NAME   : %ls\r\n        LOAD_ORDER_GROUP   : %ls\r\n        TAG                : %lu\r\n        DISPLAY_NAME       : %ls\r\n",
         c->dwErrorControl, ERR[c->dwErrorControl & 3], c->lpBinaryPathName, c->lpLoadOrderGroup ? c->lpLoadOrderGroup : L"", c->dwTagId, c->lpDisplayName);
    put(L"        DEPENDENCIES       : ");
    if (!c->lpDependencies || !*c->lpDependencies) put(L"\r\n");
    else for (p = c->lpDependencies; *p; p += wcslen(p) + 1) putf(p == c->lpDependencies ? L"%ls\r\n" : L"                           : %ls\r\n", p);
    putf(L"        SERVICE_START_NAME : %ls\r\n", c->lpServiceStartName ? c->lpServiceStartName : L"");
    return 0;
}

static int qfailure(const WCHAR *name)
{
    DWORD need, i; int rc = 0; SERVICE_FAILURE_ACTIONSW *f = (void *)buf;
    static const WCHAR *ACT[] = {L"", L"RESTART", L"REBOOT", L"RUN PROCESS"};
    SC_HANDLE s = open(name, SERVICE_QUERY_CONFIG, L"", &rc);
    if (!s) return rc;
    if (!QueryServiceConfig2W(s, SERVICE_CONFIG_FAILURE_ACTIONS, buf, sizeof buf, &need)) return fail(L"QueryServiceConfig2", GetLastError());
    putf(L"[SC] QueryServiceConfig2 SUCCESS\r\n\r\nSERVICE_NAME: %ls\r\n", name);
    if (f->dwResetPeriod == INFINITE) put(L"        RESET_PERIOD (in seconds)    : INFINITE\r\n");
    else putf(L"        RESET_PERIOD (in seconds)    : %lu\r\n", f->dwResetPeriod);
    putf(L"        REBOOT_MESSAGE               : %ls\r\n        COMMAND_LINE                 : %ls\r\n", f->lpRebootMsg ? f->lpRebootMsg : L"", f->lpCommand ? f->lpCommand : L"");
    for (i = 0; i < f->cActions; i++)
        if (f->lpsaActions[i].Type) putf(i ? L"                                       %ls -- Delay = %lu milliseconds.\r\n" : L"        FAILURE_ACTIONS              : %ls -- Delay = %lu milliseconds.\r\n", ACT[f->lpsaActions[i].Type & 3], f->lpsaActions[i].Delay);
    return 0;
}

static int failure(int argc, WCHAR **argv)
{
    SERVICE_FAILURE_ACTIONSW f; SC_ACTION a[16]; int k, rc = 0; WCHAR *p, *q;
    SC_HANDLE s = open(argv[2], SERVICE_ALL_ACCESS, L"", &rc);
    if (!s) return rc;
    memset(&f, 0, sizeof f);
    for (k = 3; k + 1 < argc; k += 2)
    {
        if (!_wcsicmp(argv[k], L"reset=")) f.dwResetPeriod = !_wcsicmp(argv[k + 1], L"infinite") ? INFINITE : wcstoul(argv[k + 1], 0, 10);
        else if (!_wcsicmp(argv[k], L"reboot=")) f.lpRebootMsg = argv[k + 1];
        else if (!_wcsicmp(argv[k], L"command=")) f.lpCommand = argv[k + 1];
        else if (!_wcsicmp(argv[k], L"actions="))
        {
            f.lpsaActions = a;
            for (p = argv[k + 1]; p && f.cActions < 16; )
            {
                q = wcschr(p, '/'); if (q) *q++ = 0;
                a[f.cActions].Type = !_wcsicmp(p, L"restart") ? SC_ACTION_RESTART : !_wcsicmp(p, L"reboot") ? SC_ACTION_REBOOT : !_wcsicmp(p, L"run") ? SC_ACTION_RUN_COMMAND : SC_ACTION_NONE;
                p = q; if (p) { q = wcschr(p, '/'); if (q) *q++ = 0; a[f.cActions].Delay = wcstoul(p, 0, 10); p = q; } else a[f.cActions].Delay = 0;
                f.cActions++;
            }
        }
        else { put(L"DESCRIPTION:\r\n        Changes the actions upon failure\r\nUSAGE:\r\n        sc <server> failure [service name] <option1> <option2>...\r\n"); return 1639; }
    }
    if (!ChangeServiceConfig2W(s, SERVICE_CONFIG_FAILURE_ACTIONS, &f)) return fail(L"ChangeServiceConfig2", GetLastError());
    put(L"[SC] ChangeServiceConfig2 SUCCESS\r\n");
    return 0;
}

static WCHAR *multi(const WCHAR *s)
{
    static WCHAR m[2048]; int i = 0;
    for (; *s && i < 2040; s++) m[i++] = *s == '/' ? 0 : *s;
    m[i++] = 0; m[i] = 0;
    return m;
}

static int config(int argc, WCHAR **argv, int create)
{
    DWORD start = create ? SERVICE_DEMAND_START : SERVICE_NO_CHANGE; int k, rc = 0, delayed = -1; WCHAR *obj = 0, *bin = 0, *dep = 0, *disp = 0; SC_HANDLE s;
    for (k = 3; k + 1 < argc; k += 2)
    {
        WCHAR *v = argv[k + 1];
        if (!_wcsicmp(argv[k], L"start=")) { delayed = !_wcsicmp(v, L"delayed-auto"); start = !_wcsicmp(v, L"boot") ? 0 : !_wcsicmp(v, L"system") ? 1 : !_wcsicmp(v, L"auto") || delayed ? 2 : !_wcsicmp(v, L"demand") ? 3 : !_wcsicmp(v, L"disabled") ? 4 : 99; if (start == 99) return fail(L"ChangeServiceConfig", ERROR_INVALID_PARAMETER); }
        else if (!_wcsicmp(argv[k], L"obj=")) obj = v;
        else if (!_wcsicmp(argv[k], L"binpath=")) bin = v;
        else if (!_wcsicmp(argv[k], L"depend=")) dep = multi(v);
        else if (!_wcsicmp(argv[k], L"displayname=")) disp = v;
        else if (_wcsicmp(argv[k], L"type=") && _wcsicmp(argv[k], L"error=")) return fail(L"ChangeServiceConfig", 1639);
    }
    if (create)
    {
        s = CreateServiceW(scm, argv[2], disp ? disp : argv[2], SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS, start, SERVICE_ERROR_NORMAL, bin, 0, 0, dep, obj, 0);
        if (!s) return fail(L"CreateService", GetLastError());
    }
    else
    {
        s = open(argv[2], SERVICE_ALL_ACCESS, L"", &rc);
        if (!s) return rc;
        if (!ChangeServiceConfigW(s, SERVICE_NO_CHANGE, start, SERVICE_NO_CHANGE, bin, 0, 0, dep, obj, 0, disp)) return fail(L"ChangeServiceConfig", GetLastError());
    }
    if (delayed >= 0) { SERVICE_DELAYED_AUTO_START_INFO d = {delayed}; ChangeServiceConfig2W(s, SERVICE_CONFIG_DELAYED_AUTO_START_INFO, &d); }
    put(create ? L"[SC] CreateService SUCCESS\r\n" : L"[SC] ChangeServiceConfig SUCCESS\r\n");
    return 0;
}

int wmain(int argc, WCHAR **argv)
{
    int rc = 0; SC_HANDLE s; DWORD need; const WCHAR *c;
    if (argc > 1 && !wcsncmp(argv[1], L"\\\\", 2)) { argv++; argc--; }
    if (argc < 2) { put(L"DESCRIPTION:\r\n        SC is a command line program used for communicating with the\r\n        Service Control Manager and services.\r\n"); return 1639; }
    if (!(scm = OpenSCManagerW(0, 0, SC_MANAGER_ALL_ACCESS))) return fail(L"OpenSCManager", GetLastError());
    c = argv[1];
    if (!_wcsicmp(c, L"query")) return query(argc, argv, 0);
    if (!_wcsicmp(c, L"queryex")) return query(argc, argv, 1);
    if (argc < 3) return 1639;
    if (!_wcsicmp(c, L"qc")) return qc(argv[2]);
    if (!_wcsicmp(c, L"qfailure")) return qfailure(argv[2]);
    if (!_wcsicmp(c, L"failure")) return failure(argc, argv);
    if (!_wcsicmp(c, L"config")) return config(argc, argv, 0);
    if (!_wcsicmp(c, L"create")) return config(argc, argv, 1);
    if (!_wcsicmp(c, L"sdshow")) { if (!(s = open(argv[2], READ_CONTROL, L"", &rc))) return rc; put(L"\r\nD:(A;;CCLCSWRPWPDTLOCRRC;;;SY)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;BA)(A;;CCLCSWLOCRRC;;;IU)(A;;CCLCSWLOCRRC;;;SU)\r\n"); return 0; }
    if (!(s = open(argv[2], SERVICE_ALL_ACCESS, !_wcsicmp(c, L"start") ? L"StartService: " : L"", &rc))) return rc;
    if (!_wcsicmp(c, L"qdescription")) { SERVICE_DESCRIPTIONW *d = (void *)buf; if (!QueryServiceConfig2W(s, SERVICE_CONFIG_DESCRIPTION, buf, sizeof buf, &need)) return fail(L"QueryServiceConfig2", GetLastError()); putf(L"[SC] QueryServiceConfig2 SUCCESS\r\n\r\nSERVICE_NAME: %ls\r\nDESCRIPTION:  %ls\r\n", argv[2], d->lpDescription ? d->lpDescription : L""); return 0; }
    if (!_wcsicmp(c, L"description")) { SERVICE_DESCRIPTIONW d = {argc > 3 ? argv[3] : L""}; if (!ChangeServiceConfig2W(s, SERVICE_CONFIG_DESCRIPTION, &d)) return fail(L"ChangeServiceConfig2", GetLastError()); put(L"[SC] ChangeServiceConfig2 SUCCESS\r\n"); return 0; }
    if (!_wcsicmp(c, L"failureflag")) { SERVICE_FAILURE_ACTIONS_FLAG f = {argc > 3 && argv[3][0] == '1'}; if (!ChangeServiceConfig2W(s, SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, &f)) return fail(L"ChangeServiceConfig2", GetLastError()); put(L"[SC] ChangeServiceConfig2 SUCCESS\r\n"); return 0; }
    if (!_wcsicmp(c, L"qfailureflag")) { SERVICE_FAILURE_ACTIONS_FLAG f = {0}; if (!QueryServiceConfig2W(s, SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, (BYTE *)&f, sizeof f, &need)) return fail(L"QueryServiceConfig2", GetLastError()); putf(L"[SC] QueryServiceConfig2 SUCCESS\r\n\r\nSERVICE_NAME: %ls\r\nFAILURE_ACTIONS_ON_NONCRASH_FAILURES: %ls\r\n", argv[2], f.fFailureActionsOnNonCrashFailures ? L"TRUE" : L"FALSE"); return 0; }
    if (!_wcsicmp(c, L"delete")) { if (!DeleteService(s)) return fail(L"DeleteService", GetLastError()); put(L"[SC] DeleteService SUCCESS\r\n"); return 0; }
    if (!_wcsicmp(c, L"start") || !_wcsicmp(c, L"stop"))
    {
        SERVICE_STATUS st; SERVICE_STATUS_PROCESS p; int stop = !_wcsicmp(c, L"stop");
        if (stop ? !ControlService(s, SERVICE_CONTROL_STOP, &st) : !StartServiceW(s, argc - 3, (const WCHAR **)argv + 3)) return fail(stop ? L"ControlService" : L"StartService", GetLastError());
        QueryServiceStatusEx(s, SC_STATUS_PROCESS_INFO, (BYTE *)&p, sizeof p, &need);
        status(argv[2], 0, &p, !stop);
        return 0;
    }
    return 1639;
}
