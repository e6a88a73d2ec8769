// Copyright: (c) 2026, vmbackup.azure contributors
// Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
// SPDX-License-Identifier: BSD-2-Clause

// The interfaces of Windows that neither .NET nor a cmdlet of Windows PowerShell 5.1 gives access to: the machine's
// WinHTTP proxy, and all that the service control manager keeps of a service. C# 5. Private to the collection.

using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Vmbackup.Azure
{
    public static class Native
    {
        private const uint NoChange = 0xFFFFFFFF;
        private const uint ConfigRecovery = 2, ConfigDelayed = 3, ConfigOnErrors = 4;

        [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
        private struct ProxyInfo
        {
            public uint AccessType;
            public string Proxy;
            public string Bypass;
        }

        [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
        private struct Recovery
        {
            public uint ResetPeriod;
            public string Message;
            public string Command;
            public uint Count;
            public IntPtr Actions;
        }

        [StructLayout(LayoutKind.Sequential)]
        private struct Switch
        {
            public int On;
        }

        [StructLayout(LayoutKind.Sequential)]
        private struct Status
        {
            public uint Type, State, Accepts, ExitCode, SpecificCode, CheckPoint, WaitHint, Process, Flags;
        }

        [DllImport("winhttp.dll", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        private static extern bool WinHttpSetDefaultProxyConfiguration(ref ProxyInfo info);

        [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
        private static extern IntPtr OpenSCManagerW(string machine, string database, uint access);

        [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
        private static extern IntPtr OpenServiceW(IntPtr manager, string name, uint access);

        [DllImport("advapi32.dll")]
        [return: MarshalAs(UnmanagedType.Bool)]
        private static extern bool CloseServiceHandle(IntPtr handle);

        [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        private static extern bool ChangeServiceConfigW(IntPtr service, uint type, uint start, uint errorControl, string image,
            string group, IntPtr tag, string dependencies, string account, string password, string display);

        [DllImport("advapi32.dll", EntryPoint = "ChangeServiceConfig2W", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        private static extern bool ChangeRecovery(IntPtr service, uint level, ref Recovery recovery);

        [DllImport("advapi32.dll", EntryPoint = "ChangeServiceConfig2W", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        private static extern bool ChangeSwitch(IntPtr service, uint level, ref Switch value);

        [DllImport("advapi32.dll", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        private static extern bool QueryServiceStatusEx(IntPtr service, uint level, out Status status, uint size, out uint needed);

        // An empty proxy is direct access.
        public static void SetWinHttpProxy(string proxy, string bypass)
        {
            ProxyInfo info = new ProxyInfo();
            info.AccessType = String.IsNullOrEmpty(proxy) ? 1u : 3u;
            info.Proxy = String.IsNullOrEmpty(proxy) ? null : proxy;
            info.Bypass = String.IsNullOrEmpty(bypass) ? null : bypass;
            Check(WinHttpSetDefaultProxyConfiguration(ref info));
        }

        public static void SetStart(string name, uint start)
        {
            Configure(name, start, null);
        }

        // For accounts that have no password.
        public static void SetAccount(string name, string account)
        {
            Configure(name, NoChange, account);
        }

        public static void SetDelayed(string name, bool on)
        {
            SetSwitch(name, ConfigDelayed, on);
        }

        public static void SetRecoveryOnErrors(string name, bool on)
        {
            SetSwitch(name, ConfigOnErrors, on);
        }

        // Kinds: 0 none, 1 restart, 2 reboot, 3 command; delays in milliseconds. No kinds take all actions away.
        public static void SetRecovery(string name, uint resetPeriod, uint[] kinds, uint[] delays)
        {
            // The right to start is asked for by Windows where an action restarts the service.
            Use(name, 0x0002 | 0x0010, delegate(IntPtr service)
            {
                IntPtr actions = Marshal.AllocHGlobal(8 * Math.Max(1, kinds.Length));
                try
                {
                    for (int i = 0; i < kinds.Length; i++)
                    {
                        Marshal.WriteInt32(actions, 8 * i, (int)kinds[i]);
                        Marshal.WriteInt32(actions, 8 * i + 4, (int)delays[i]);
                    }
                    Recovery recovery = new Recovery();
                    recovery.ResetPeriod = resetPeriod;
                    recovery.Count = (uint)kinds.Length;
                    recovery.Actions = actions;
                    Check(ChangeRecovery(service, ConfigRecovery, ref recovery));
                }
                finally
                {
                    Marshal.FreeHGlobal(actions);
                }
            });
        }

        // The code with which a service ended, its own one where it gave one.
        public static uint ExitCode(string name)
        {
            Status status = new Status();
            Use(name, 0x0004, delegate(IntPtr service)
            {
                uint needed;
                Check(QueryServiceStatusEx(service, 0, out status, (uint)Marshal.SizeOf(typeof(Status)), out needed));
            });
            return status.ExitCode == 1066 ? status.SpecificCode : status.ExitCode;
        }

        private static void Configure(string name, uint start, string account)
        {
            Use(name, 0x0002, delegate(IntPtr service)
            {
                Check(ChangeServiceConfigW(service, NoChange, start, NoChange, null, null, IntPtr.Zero, null, account,
                    account == null ? null : "", null));
            });
        }

        private static void SetSwitch(string name, uint level, bool on)
        {
            Use(name, 0x0002, delegate(IntPtr service)
            {
                Switch value = new Switch();
                value.On = on ? 1 : 0;
                Check(ChangeSwitch(service, level, ref value));
            });
        }

        private static void Use(string name, uint access, Action<IntPtr> work)
        {
            IntPtr manager = OpenSCManagerW(null, null, 1);
            Check(manager != IntPtr.Zero);
            try
            {
                IntPtr service = OpenServiceW(manager, name, access);
                Check(service != IntPtr.Zero);
                try
                {
                    work(service);
                }
                finally
                {
                    CloseServiceHandle(service);
                }
            }
            finally
            {
                CloseServiceHandle(manager);
            }
        }

        private static void Check(bool succeeded)
        {
            if (!succeeded)
            {
                throw new Win32Exception(Marshal.GetLastWin32Error());
            }
        }
    }
}
