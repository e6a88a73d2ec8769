// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
/* A real Windows service for the stage.  One program stands in for every seeded service: the SCM tells ServiceMain under
   which name it was started.  How it behaves is read at each start from HKLM\SOFTWARE\Stage\Services\<name>:
     Behaviour REG_SZ   run (default) | refuse (reports exit code, never runs) | mute (never answers: SCM error 1053)
                        | die (runs, then the process ends; it reports STOPPED/1067 itself, because Wine's SCM never notices
                        that a process is gone, where Windows' does) | stuck-stop (stays in STOP_PENDING)
                        | bad-start (service specific error)
     Code      REG_DWORD  the exit code for refuse (default 1067) and die
     Delay     REG_DWORD  milliseconds: before RUNNING (run, refuse), before the end (die) */
#include <windows.h>

static SERVICE_STATUS_HANDLE h;
static SERVICE_STATUS st;
static HANDLE stop;
static WCHAR behaviour[32];
static DWORD code, delay;

static void report(DWORD state, DWORD accept, DWORD exitcode, DWORD specific)
{
    st.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
    st.dwCurrentState = state;
    st.dwControlsAccepted = accept;
    st.dwWin32ExitCode = exitcode;
    st.dwServiceSpecificExitCode = specific;
    st.dwWaitHint = state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING ? delay + 3000 : 0;
    st.dwCheckPoint = st.dwWaitHint ? st.dwCheckPoint + 1 : 0;
    SetServiceStatus(h, &st);
}

static DWORD WINAPI control(DWORD c, DWORD type, void *data, void *ctx)
{
    if (c != SERVICE_CONTROL_STOP && c != SERVICE_CONTROL_SHUTDOWN) return NO_ERROR;
    report(SERVICE_STOP_PENDING, 0, 0, 0);
    if (lstrcmpiW(behaviour, L"stuck-stop")) SetEvent(stop);
    return NO_ERROR;
}

static void settings(const WCHAR *name)
{
    WCHAR key[256] = L"SOFTWARE\\Stage\\Services\\";
    DWORD n;
    lstrcpyW(behaviour, L"run"); code = ERROR_PROCESS_ABORTED; delay = 0;
    lstrcpynW(key + lstrlenW(key), name, 128);
    n = sizeof behaviour; RegGetValueW(HKEY_LOCAL_MACHINE, key, L"Behaviour", RRF_RT_REG_SZ, 0, behaviour, &n);
    n = sizeof code; RegGetValueW(HKEY_LOCAL_MACHINE, key, L"Code", RRF_RT_REG_DWORD, 0, &code, &n);
    n = sizeof delay; RegGetValueW(HKEY_LOCAL_MACHINE, key, L"Delay", RRF_RT_REG_DWORD, 0, &delay, &n);
}

static void WINAPI service_main(DWORD argc, WCHAR **argv)
{
    const WCHAR *name = argc ? argv[0] : L"";
    settings(name);
    stop = CreateEventW(0, TRUE, FALSE, 0);
    if (!lstrcmpiW(behaviour, L"mute")) { Sleep(INFINITE); return; }
    h = RegisterServiceCtrlHandlerExW(name, control, 0);
    report(SERVICE_START_PENDING, 0, 0, 0);
    if (delay && lstrcmpiW(behaviour, L"die")) Sleep(delay);
    if (!lstrcmpiW(behaviour, L"refuse")) { report(SERVICE_STOPPED, 0, code, 0); return; }
    if (!lstrcmpiW(behaviour, L"bad-start")) { report(SERVICE_STOPPED, 0, ERROR_SERVICE_SPECIFIC_ERROR, code); return; }
    report(SERVICE_RUNNING, SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN, 0, 0);
    if (!lstrcmpiW(behaviour, L"die")) { Sleep(delay ? delay : 500); report(SERVICE_STOPPED, 0, ERROR_PROCESS_ABORTED, 0); TerminateProcess(GetCurrentProcess(), code); }
    WaitForSingleObject(stop, INFINITE);
    report(SERVICE_STOPPED, 0, 0, 0);
}

int wmain(int argc, WCHAR **argv)
{
    static WCHAR any[] = L"";
    SERVICE_TABLE_ENTRYW t[] = {{any, service_main}, {0, 0}};
    return StartServiceCtrlDispatcherW(t) ? 0 : (int)GetLastError();
}
