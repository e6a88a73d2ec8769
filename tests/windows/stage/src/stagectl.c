// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
/* Helper of the stage inside a stand-in.
   stagectl ready SECONDS      waits until the service manager has done its automatic starts (its database is unlocked), and
                               no service is starting any more
   stagectl wait NAME STATE S  waits until a service is in STATE (1 stopped .. 4 running)
   stagectl start|stop NAME    through the service manager; prints the error number, exits with it
   stagectl list               NAME state start-type, one line each */
#include "stage.h"

static BOOL starting(SC_HANDLE m)
{
    static BYTE buf[262144]; DWORD need, n = 0, resume = 0, i;
    EnumServicesStatusExW(m, SC_ENUM_PROCESS_INFO, SERVICE_WIN32, SERVICE_STATE_ALL, buf, sizeof buf, &need, &n, &resume, 0);
    for (i = 0; i < n; i++)
        if (((ENUM_SERVICE_STATUS_PROCESSW *)buf)[i].ServiceStatusProcess.dwCurrentState == SERVICE_START_PENDING) return TRUE;
    return FALSE;
}

int wmain(int argc, WCHAR **argv)
{
    static BYTE buf[262144]; DWORD need, n, resume = 0, i, e = 0; SERVICE_STATUS_PROCESS p; SERVICE_STATUS st; SC_HANDLE m, s;
    ULONGLONG end;
    if (argc < 2 || !(m = OpenSCManagerW(0, 0, SC_MANAGER_ALL_ACCESS))) { putf(L"scm %lu\n", GetLastError()); return 1; }
    if (!wcscmp(argv[1], L"ready"))
    {
        end = GetTickCount64() + 1000ull * (argc > 2 ? _wtoi(argv[2]) : 60);
        do
        {
            if ((s = OpenServiceW(m, L"RpcSs", SERVICE_ALL_ACCESS)))
            {
                e = StartServiceW(s, 0, 0) ? 0 : GetLastError();
                CloseServiceHandle(s);
                if ((!e || e == ERROR_SERVICE_ALREADY_RUNNING) && !starting(m)) return 0;
            }
            Sleep(100);
        } while (GetTickCount64() < end);
        putf(L"not ready: %lu\n", e);
        return 1;
    }
    if (!wcscmp(argv[1], L"list"))
    {
        EnumServicesStatusExW(m, SC_ENUM_PROCESS_INFO, SERVICE_WIN32, SERVICE_STATE_ALL, buf, sizeof buf, &need, &n, &resume, 0);
        for (i = 0; i < n; i++)
        {
            ENUM_SERVICE_STATUS_PROCESSW *x = (ENUM_SERVICE_STATUS_PROCESSW *)buf + i; static BYTE c[8192];
            s = OpenServiceW(m, x->lpServiceName, SERVICE_QUERY_CONFIG);
            if (QueryServiceConfigW(s, (void *)c, sizeof c, &need)) putf(L"%ls %lu %lu\n", x->lpServiceName, x->ServiceStatusProcess.dwCurrentState, ((QUERY_SERVICE_CONFIGW *)c)->dwStartType);
            CloseServiceHandle(s);
        }
        return 0;
    }
    if (argc < 3 || !(s = OpenServiceW(m, argv[2], SERVICE_ALL_ACCESS))) { putf(L"open %lu\n", GetLastError()); return 1; }
    if (!wcscmp(argv[1], L"start")) { if (!StartServiceW(s, 0, 0)) e = GetLastError(); putf(L"%lu\n", e); return e; }
    if (!wcscmp(argv[1], L"stop")) { if (!ControlService(s, SERVICE_CONTROL_STOP, &st)) e = GetLastError(); putf(L"%lu\n", e); return e; }
    if (!wcscmp(argv[1], L"wait") && argc > 4)
    {
        end = GetTickCount64() + 1000ull * _wtoi(argv[4]);
        do
        {
            QueryServiceStatusEx(s, SC_STATUS_PROCESS_INFO, (BYTE *)&p, sizeof p, &need);
            if (p.dwCurrentState == (DWORD)_wtoi(argv[3])) return 0;
            Sleep(50);
        } while (GetTickCount64() < end);
        putf(L"state %lu\n", p.dwCurrentState);
        return 1;
    }
    return 2;
}
