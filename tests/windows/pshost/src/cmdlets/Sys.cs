// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
// processes, services, security, web, CIM
using System;
using System.Collections;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security;
using System.Security.AccessControl;
using System.ServiceProcess;
using System.Text;
using System.Threading;
using PSHostCmdlets;

namespace Microsoft.PowerShell.Commands
{
    public class ProcessCommandException : SystemException { public ProcessCommandException(string m) : base(m) { } }
    public abstract class ProcBase : PSCmdlet
    {
        internal List<Process> Find(string[] names, int[] ids, Process[] objs)
        {
            var r = new List<Process>();
            if (objs != null) { r.AddRange(objs); return r; }
            if (ids != null)
            {
                foreach (int i in ids) try { r.Add(Process.GetProcessById(i)); } catch (ArgumentException) { WriteError(new ErrorRecord(new ProcessCommandException("Cannot find a process with the process identifier " + i + "."), "NoProcessFoundForGivenId", ErrorCategory.ObjectNotFound, i)); }
                return r;
            }
            Process[] all = Process.GetProcesses().OrderBy(Nm, StringComparer.OrdinalIgnoreCase).ThenBy(p => p.Id).ToArray();
            foreach (string n in names ?? new[] { "*" })
            {
                bool any = false;
                foreach (Process p in all) if (U.WildMatchAny(Nm(p), new[] { n }) || (n.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) && U.WildMatchAny(Nm(p) + ".exe", new[] { n }))) { any = true; r.Add(p); }
                if (!any && !WildcardPattern.ContainsWildcardCharacters(n)) WriteError(new ErrorRecord(new ProcessCommandException("Cannot find a process with the name \"" + n + "\". Verify the process name and call the cmdlet again."), "NoProcessFoundForGivenName", ErrorCategory.ObjectNotFound, n));
            }
            return r;
        }
        internal static string Nm(Process p) { try { return p.ProcessName; } catch (Exception) { return ""; } }
    }
    [Cmdlet(VerbsCommon.Get, "Process", DefaultParameterSetName = "Name")]
    public class GetProcessCommand : ProcBase
    {
        [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipelineByPropertyName = true)] [Alias("ProcessName")] public string[] Name { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "Id", ValueFromPipelineByPropertyName = true)] [Alias("PID")] public int[] Id { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)] public Process[] InputObject { get; set; }
        protected override void ProcessRecord() { foreach (Process p in Find(Name, Id, InputObject)) WriteObject(p); }
    }
    [Cmdlet(VerbsLifecycle.Stop, "Process", DefaultParameterSetName = "Id", SupportsShouldProcess = true)]
    public class StopProcessCommand : ProcBase
    {
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Id", ValueFromPipelineByPropertyName = true)] public int[] Id { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "Name", ValueFromPipelineByPropertyName = true)] [Alias("ProcessName")] public string[] Name { get; set; }
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)] public Process[] InputObject { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        [Parameter] [Alias("f")] public SwitchParameter Force { get; set; }
        protected override void ProcessRecord()
        {
            foreach (Process p in Find(Name, Id, InputObject))
            {
                if (!ShouldProcess(Nm(p) + " (" + p.Id + ")")) continue;
                try { if (!p.HasExited) p.Kill(); if (PassThru) WriteObject(p); }
                catch (Exception e) when (e is Win32Exception || e is InvalidOperationException) { WriteError(new ErrorRecord(new ProcessCommandException("Cannot stop process \"" + Nm(p) + " (" + p.Id + ")\" because of the following error: " + e.Message), "CouldNotStopProcess", ErrorCategory.CloseError, p)); }
            }
        }
    }
    [Cmdlet(VerbsLifecycle.Wait, "Process", DefaultParameterSetName = "Name")]
    public class WaitProcessCommand : ProcBase
    {
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Name", ValueFromPipelineByPropertyName = true)] [Alias("ProcessName")] public string[] Name { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "Id", ValueFromPipelineByPropertyName = true)] public int[] Id { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "InputObject", ValueFromPipeline = true)] public Process[] InputObject { get; set; }
        [Parameter(Position = 1)] [Alias("TimeoutSec")] [ValidateRange(0, 32767)] public int Timeout { get; set; } = -1;
        protected override void ProcessRecord()
        {
            foreach (Process p in Find(Name, Id, InputObject))
                if (!p.WaitForExit(Timeout < 0 ? -1 : Timeout * 1000)) WriteError(new ErrorRecord(new System.TimeoutException("Process \"" + Nm(p) + " (" + p.Id + ")\" is not stopped in the specified time-out."), "ProcessNotTerminated", ErrorCategory.CloseError, p));
        }
    }
    [Cmdlet(VerbsLifecycle.Start, "Process", DefaultParameterSetName = "Default", SupportsShouldProcess = true)]
    public class StartProcessCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true)] [Alias("PSPath", "Path")] public string FilePath { get; set; }
        [Parameter(Position = 1)] [Alias("Args")] public string[] ArgumentList { get; set; }
        [Parameter] public string WorkingDirectory { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        [Parameter] public SwitchParameter Wait { get; set; }
        [Parameter(ParameterSetName = "Default")] [Alias("nnw")] public SwitchParameter NoNewWindow { get; set; }
        [Parameter(ParameterSetName = "Default")] [Alias("RSE")] public string RedirectStandardError { get; set; }
        [Parameter(ParameterSetName = "Default")] [Alias("RSI")] public string RedirectStandardInput { get; set; }
        [Parameter(ParameterSetName = "Default")] [Alias("RSO")] public string RedirectStandardOutput { get; set; }
        [Parameter] public ProcessWindowStyle WindowStyle { get; set; }
        [Parameter] public Hashtable Environment { get; set; }
        protected override void BeginProcessing()
        {
            string f = FilePath;
            try { var c = SessionState.InvokeCommand.GetCommand(f, CommandTypes.Application | CommandTypes.ExternalScript); if (c is ApplicationInfo ai) f = ai.Path; } catch (CommandNotFoundException) { }
            var si = new ProcessStartInfo(f) { UseShellExecute = false };
            if (ArgumentList != null) si.Arguments = string.Join(" ", ArgumentList);
            si.WorkingDirectory = WorkingDirectory != null ? GetUnresolvedProviderPathFromPSPath(WorkingDirectory) : SessionState.Path.CurrentFileSystemLocation.Path;
            if (Environment != null) foreach (DictionaryEntry e in Environment) si.Environment[e.Key.ToString()] = e.Value?.ToString();
            bool ro = RedirectStandardOutput != null, re = RedirectStandardError != null, ri = RedirectStandardInput != null;
            si.RedirectStandardOutput = ro; si.RedirectStandardError = re; si.RedirectStandardInput = ri; si.CreateNoWindow = !NoNewWindow && WindowStyle == ProcessWindowStyle.Hidden;
            if (!ShouldProcess(f)) return;
            Process p;
            try { p = Process.Start(si); }
            catch (Win32Exception e) { ThrowTerminatingError(new ErrorRecord(new InvalidOperationException("This command cannot be run due to the error: " + e.Message, e), "InvalidOperationException", ErrorCategory.InvalidOperation, null)); return; }
            var ts = new List<Thread>();
            void Copy(Stream s, string file) { string g = GetUnresolvedProviderPathFromPSPath(file); var o = File.Create(g); var t = new Thread(() => { using (o) { var b = new byte[8192]; int n; while ((n = s.Read(b, 0, b.Length)) > 0) { o.Write(b, 0, n); o.Flush(); } } }) { IsBackground = !Wait }; t.Start(); ts.Add(t); }
            if (ro) Copy(p.StandardOutput.BaseStream, RedirectStandardOutput);
            if (re) Copy(p.StandardError.BaseStream, RedirectStandardError);
            if (ri) { using (var i = File.OpenRead(GetUnresolvedProviderPathFromPSPath(RedirectStandardInput))) i.CopyTo(p.StandardInput.BaseStream); p.StandardInput.Close(); }
            if (PassThru) { _ = p.SafeHandle; WriteObject(p); }
            if (Wait) { p.WaitForExit(); foreach (Thread t in ts) t.Join(); }
        }
    }

    // ---- services (Windows)
    internal static class Scm
    {
        [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)] public static extern IntPtr OpenSCManagerW(string m, string d, uint a);
        [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)] public static extern IntPtr OpenServiceW(IntPtr h, string n, uint a);
        [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)] public static extern IntPtr CreateServiceW(IntPtr h, string n, string dn, uint acc, uint type, uint start, uint err, string bin, string grp, IntPtr tag, string deps, string user, string pw);
        [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)] public static extern bool ChangeServiceConfigW(IntPtr h, uint type, uint start, uint err, string bin, string grp, IntPtr tag, string deps, string user, string pw, string dn);
        [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)] public static extern bool ChangeServiceConfig2W(IntPtr h, uint level, ref IntPtr info);
        [DllImport("advapi32.dll", SetLastError = true)] public static extern bool DeleteService(IntPtr h);
        [DllImport("advapi32.dll", SetLastError = true)] public static extern bool CloseServiceHandle(IntPtr h);
        public static void With(string name, uint access, Action<IntPtr> a)
        {
            IntPtr m = OpenSCManagerW(null, null, 1); if (m == IntPtr.Zero) throw new Win32Exception();
            try { IntPtr s = OpenServiceW(m, name, access); if (s == IntPtr.Zero) throw new Win32Exception(); try { a(s); } finally { CloseServiceHandle(s); } }
            finally { CloseServiceHandle(m); }
        }
        public static void Describe(IntPtr s, string text) { IntPtr p = Marshal.StringToHGlobalUni(text); try { IntPtr q = p; if (!ChangeServiceConfig2W(s, 1, ref q)) throw new Win32Exception(); } finally { Marshal.FreeHGlobal(p); } }
        public static void Need(PSCmdlet c) { if (!OperatingSystem.IsWindows()) c.ThrowTerminatingError(new ErrorRecord(new PlatformNotSupportedException(c.MyInvocation.MyCommand.Name + " needs Windows services; this platform has none."), "NotSupported", ErrorCategory.NotImplemented, null)); }
    }
    public class ServiceCommandException : SystemException { public ServiceCommandException(string m, Exception i = null) : base(m, i) { } public string ServiceName { get; set; } }
    public enum ServiceStartupType { Automatic = 2, Manual = 3, Disabled = 4, AutomaticDelayedStart = 10, InvalidValue = -1 }
    public abstract class SvcBase : PSCmdlet
    {
        protected override void BeginProcessing() { Scm.Need(this); }
        internal List<ServiceController> Find(string[] names, string[] disp, ServiceController[] objs)
        {
            var r = new List<ServiceController>();
            if (objs != null) { foreach (var s in objs) { s.Refresh(); r.Add(s); } return r; }
            ServiceController[] all = ServiceController.GetServices();
            foreach (string n in disp ?? names ?? new[] { "*" })
            {
                bool any = false;
                foreach (var s in all.OrderBy(x => x.ServiceName, StringComparer.OrdinalIgnoreCase)) if (U.WildMatchAny(disp != null ? s.DisplayName : s.ServiceName, new[] { n })) { any = true; r.Add(s); }
                if (!any && disp == null && !WildcardPattern.ContainsWildcardCharacters(n)) { try { var d = new ServiceController(n); _ = d.ServiceType; r.Add(d); any = true; } catch (InvalidOperationException) { } }
                if (!any && !WildcardPattern.ContainsWildcardCharacters(n)) WriteError(new ErrorRecord(new ServiceCommandException("Cannot find any service with service name '" + n + "'.") { ServiceName = n }, disp != null ? "NoServiceFoundForGivenDisplayName" : "NoServiceFoundForGivenName", ErrorCategory.ObjectNotFound, n));
            }
            return r;
        }
        internal void Fail(ServiceController s, string what, string id, Exception e)
        {
            Exception x = e.InnerException ?? e;
            WriteError(new ErrorRecord(new ServiceCommandException("Service '" + s.DisplayName + " (" + s.ServiceName + ")' cannot be " + what + " due to the following error: " + x.Message, e) { ServiceName = s.ServiceName }, id, ErrorCategory.OpenError, s));
        }
        internal bool DoStop(ServiceController s, bool force, bool wait)
        {
            s.Refresh();
            if (s.Status == ServiceControllerStatus.Stopped) return true;
            try
            {
                if (!force && s.DependentServices.Any(d => d.Status != ServiceControllerStatus.Stopped)) { WriteError(new ErrorRecord(new ServiceCommandException("Cannot stop service '" + s.DisplayName + " (" + s.ServiceName + ")' because it has dependent services. It can only be stopped if the Force flag is set."), "ServiceHasDependentServices", ErrorCategory.InvalidOperation, s)); return false; }
                if (s.Status != ServiceControllerStatus.StopPending) s.Stop();
                if (wait) s.WaitForStatus(ServiceControllerStatus.Stopped, TimeSpan.FromSeconds(60));
                s.Refresh(); return true;
            }
            catch (Exception e) when (e is Win32Exception || e is InvalidOperationException || e is System.ServiceProcess.TimeoutException) { Fail(s, "stopped", "StopServiceFailed", e); return false; }
        }
        internal bool DoStart(ServiceController s)
        {
            s.Refresh();
            try
            {
                if (s.Status == ServiceControllerStatus.Running) return true;
                if (s.Status != ServiceControllerStatus.StartPending) s.Start();
                // a service may end while it starts: that is the answer, not something to wait out
                var until = DateTime.UtcNow.AddSeconds(60);
                for (s.Refresh(); s.Status == ServiceControllerStatus.StartPending && DateTime.UtcNow < until; s.Refresh()) System.Threading.Thread.Sleep(100);
                if (s.Status == ServiceControllerStatus.StartPending) throw new System.ServiceProcess.TimeoutException("The service did not respond to the start request in a timely fashion.");
                if (s.Status != ServiceControllerStatus.Running) throw new InvalidOperationException("Failed to start service '" + s.DisplayName + " (" + s.ServiceName + ")'.");
                return true;
            }
            catch (Exception e) when (e is Win32Exception || e is InvalidOperationException || e is System.ServiceProcess.TimeoutException) { Fail(s, "started", "StartServiceFailed", e); return false; }
        }
    }
    public abstract class SvcInput : SvcBase
    {
        [Parameter(Position = 0, ParameterSetName = "Default", Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] [Alias("ServiceName")] public string[] Name { get; set; }
        [Parameter(ParameterSetName = "DisplayName", Mandatory = true)] public string[] DisplayName { get; set; }
        [Parameter(Position = 0, ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)] public ServiceController[] InputObject { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
    }
    [Cmdlet(VerbsCommon.Get, "Service", DefaultParameterSetName = "Default")]
    public class GetServiceCommand : SvcBase
    {
        [Parameter(Position = 0, ParameterSetName = "Default", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] [Alias("ServiceName")] public string[] Name { get; set; }
        [Parameter(ParameterSetName = "DisplayName", Mandatory = true)] public string[] DisplayName { get; set; }
        [Parameter(ParameterSetName = "InputObject", ValueFromPipeline = true)] public ServiceController[] InputObject { get; set; }
        [Parameter] [Alias("DS")] public SwitchParameter DependentServices { get; set; }
        [Parameter] [Alias("SDO", "ServicesDependedOn")] public SwitchParameter RequiredServices { get; set; }
        protected override void ProcessRecord() { foreach (var s in Find(Name, DisplayName, InputObject)) { if (DependentServices) WriteObject(s.DependentServices, true); else if (RequiredServices) WriteObject(s.ServicesDependedOn, true); else WriteObject(s); } }
    }
    [Cmdlet(VerbsLifecycle.Start, "Service", DefaultParameterSetName = "Default", SupportsShouldProcess = true)]
    public class StartServiceCommand : SvcInput { protected override void ProcessRecord() { foreach (var s in Find(Name, DisplayName, InputObject)) if (ShouldProcess(s.DisplayName + " (" + s.ServiceName + ")") && DoStart(s) && PassThru) WriteObject(s); } }
    [Cmdlet(VerbsLifecycle.Stop, "Service", DefaultParameterSetName = "Default", SupportsShouldProcess = true)]
    public class StopServiceCommand : SvcInput
    {
        [Parameter] public SwitchParameter Force { get; set; }
        [Parameter] public SwitchParameter NoWait { get; set; }
        protected override void ProcessRecord() { foreach (var s in Find(Name, DisplayName, InputObject)) if (ShouldProcess(s.DisplayName + " (" + s.ServiceName + ")") && DoStop(s, Force, !NoWait) && PassThru) WriteObject(s); }
    }
    [Cmdlet(VerbsLifecycle.Restart, "Service", DefaultParameterSetName = "Default", SupportsShouldProcess = true)]
    public class RestartServiceCommand : SvcInput
    {
        [Parameter] public SwitchParameter Force { get; set; }
        protected override void ProcessRecord() { foreach (var s in Find(Name, DisplayName, InputObject)) if (ShouldProcess(s.DisplayName + " (" + s.ServiceName + ")") && DoStop(s, Force, true) && DoStart(s) && PassThru) WriteObject(s); }
    }
    [Cmdlet(VerbsCommon.Set, "Service", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
    public class SetServiceCommand : SvcBase
    {
        [Parameter(Position = 0, ParameterSetName = "Name", Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] [Alias("ServiceName", "SN")] public string Name { get; set; }
        [Parameter(Position = 0, ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)] public ServiceController InputObject { get; set; }
        [Parameter] [Alias("DN")] public string DisplayName { get; set; }
        [Parameter] public PSCredential Credential { get; set; }
        [Parameter] public string Description { get; set; }
        [Parameter] [Alias("StartMode", "SM", "ST", "StartType")] public ServiceStartupType StartupType { get => st ?? ServiceStartupType.InvalidValue; set => st = value; }
        private ServiceStartupType? st;
        [Parameter] [ValidateSet("Running", "Stopped", "Paused")] public string Status { get; set; }
        [Parameter] public SwitchParameter Force { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        protected override void ProcessRecord()
        {
            var l = Find(InputObject == null ? new[] { Name } : null, null, InputObject == null ? null : new[] { InputObject });
            foreach (var s in l)
            {
                if (!ShouldProcess(s.DisplayName + " (" + s.ServiceName + ")")) continue;
                try
                {
                    if (DisplayName != null || st != null || Description != null || Credential != null)
                        Scm.With(s.ServiceName, 0x0002 | 0x0001, h =>
                        {
                            uint start = st == null ? 0xffffffff : st == ServiceStartupType.AutomaticDelayedStart ? 2u : (uint)st.Value;
                            string pw = Credential?.GetNetworkCredential().Password;
                            if ((DisplayName != null || st != null || Credential != null) && !Scm.ChangeServiceConfigW(h, 0xffffffff, start, 0xffffffff, null, null, IntPtr.Zero, null, Credential?.UserName, pw, DisplayName)) throw new Win32Exception();
                            if (st != null) { IntPtr d = (IntPtr)(st == ServiceStartupType.AutomaticDelayedStart ? 1 : 0); bool ok = Scm.ChangeServiceConfig2W(h, 3, ref d); if (!ok && st == ServiceStartupType.AutomaticDelayedStart) throw new Win32Exception(); }
                            if (Description != null) Scm.Describe(h, Description);
                        });
                }
                catch (Win32Exception e) { Fail(s, "configured", "SetServiceFailed", e); continue; }
                if (Status == "Running" && !DoStart(s)) continue;
                if (Status == "Stopped" && !DoStop(s, Force, true)) continue;
                if (Status == "Paused") try { s.Pause(); s.WaitForStatus(ServiceControllerStatus.Paused, TimeSpan.FromSeconds(30)); } catch (Exception e) when (e is Win32Exception || e is InvalidOperationException || e is System.ServiceProcess.TimeoutException) { Fail(s, "suspended", "SuspendServiceFailed", e); continue; }
                s.Refresh(); if (PassThru) WriteObject(s);
            }
        }
    }
    [Cmdlet(VerbsCommon.New, "Service", SupportsShouldProcess = true)]
    public class NewServiceCommand : SvcBase
    {
        [Parameter(Position = 0, Mandatory = true)] [Alias("ServiceName")] public string Name { get; set; }
        [Parameter(Position = 1, Mandatory = true)] [Alias("Path")] public string BinaryPathName { get; set; }
        [Parameter] public string DisplayName { get; set; }
        [Parameter] public string Description { get; set; }
        [Parameter] public ServiceStartupType StartupType { get; set; } = ServiceStartupType.Automatic;
        [Parameter] public PSCredential Credential { get; set; }
        [Parameter] public string[] DependsOn { get; set; }
        protected override void ProcessRecord()
        {
            if (!ShouldProcess(Name, "New-Service")) return;
            try
            {
                IntPtr m = Scm.OpenSCManagerW(null, null, 3); if (m == IntPtr.Zero) throw new Win32Exception();
                try
                {
                    string deps = DependsOn == null ? null : string.Join("\0", DependsOn) + "\0\0";
                    IntPtr s = Scm.CreateServiceW(m, Name, DisplayName ?? Name, 0xF01FF, 0x10, StartupType == ServiceStartupType.AutomaticDelayedStart ? 2u : (uint)StartupType, 1, BinaryPathName, null, IntPtr.Zero, deps, Credential?.UserName, Credential?.GetNetworkCredential().Password);
                    if (s == IntPtr.Zero) throw new Win32Exception();
                    try { if (Description != null) Scm.Describe(s, Description); if (StartupType == ServiceStartupType.AutomaticDelayedStart) { IntPtr d = (IntPtr)1; if (!Scm.ChangeServiceConfig2W(s, 3, ref d)) throw new Win32Exception(); } } finally { Scm.CloseServiceHandle(s); }
                }
                finally { Scm.CloseServiceHandle(m); }
                WriteObject(new ServiceController(Name));
            }
            catch (Win32Exception e) { WriteError(new ErrorRecord(new ServiceCommandException("Service '" + Name + "' cannot be created due to the following error: " + e.Message, e) { ServiceName = Name }, "CouldNotNewService", ErrorCategory.PermissionDenied, Name)); }
        }
    }
    [Cmdlet(VerbsCommon.Remove, "Service", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
    public class RemoveServiceCommand : SvcBase
    {
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Name", ValueFromPipelineByPropertyName = true)] [Alias("ServiceName", "SN")] public string Name { get; set; }
        [Parameter(ParameterSetName = "InputObject", ValueFromPipeline = true)] public ServiceController InputObject { get; set; }
        protected override void ProcessRecord()
        {
            foreach (var s in Find(InputObject == null ? new[] { Name } : null, null, InputObject == null ? null : new[] { InputObject }))
                if (ShouldProcess(s.DisplayName + " (" + s.ServiceName + ")")) try { Scm.With(s.ServiceName, 0x10000, h => { if (!Scm.DeleteService(h)) throw new Win32Exception(); }); } catch (Win32Exception e) { Fail(s, "removed", "CouldNotRemoveService", e); }
        }
    }

    // ---- security
    [Cmdlet(VerbsCommon.Get, "Acl", DefaultParameterSetName = "ByPath")]
    public class GetAclCommand : PB
    {
        [Parameter(Position = 0, ParameterSetName = "ByPath", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public string[] Path { get => paths; set => paths = value; }
        [Parameter(ParameterSetName = "ByLiteralPath", ValueFromPipelineByPropertyName = true)] [Alias("PSPath", "LP")] public string[] LiteralPath { get => paths; set => LP(value); }
        [Parameter] public SwitchParameter Audit { get; set; }
        protected override void ProcessRecord()
        {
            if (!OperatingSystem.IsWindows()) ThrowTerminatingError(new ErrorRecord(new PlatformNotSupportedException("Get-Acl needs Windows."), "NotSupported", ErrorCategory.NotImplemented, null));
            foreach (string p in paths ?? new[] { "." })
                Try(() =>
                {
                    foreach (string it in lit ? U.One(p) : SessionState.Path.GetResolvedPSPathFromPSPath(p, Ctx()).Select(x => x.Path))
                    {
                        var c = Ctx(); c.SuppressWildcardExpansion = true;
                        var c2 = new CmdletProviderContext(c);
                        InvokeProvider.SecurityDescriptor.Get(it, AccessControlSections.Owner | AccessControlSections.Group | AccessControlSections.Access | (Audit ? AccessControlSections.Audit : 0), c2);
                        c2.ThrowFirstErrorOrDoNothing(true);
                        foreach (PSObject o in c2.GetAccumulatedObjects())
                        {
                            void Add(string n, string body) { if (o.Members[n] == null) o.Members.Add(new PSScriptProperty(n, ScriptBlock.Create(body))); }
                            if (o.Members["Path"] == null && o.Members["PSPath"] == null) o.Members.Add(new PSNoteProperty("PSPath", it));
                            if (o.Members["Path"] == null) Add("Path", "$this.PSPath");
                            Add("Owner", "try { $this.GetOwner([System.Security.Principal.NTAccount]).Value } catch { $this.GetOwner([System.Security.Principal.SecurityIdentifier]).Value }");
                            Add("Group", "try { $this.GetGroup([System.Security.Principal.NTAccount]).Value } catch { $this.GetGroup([System.Security.Principal.SecurityIdentifier]).Value }");
                            Add("Access", "$this.GetAccessRules($true, $true, [System.Security.Principal.NTAccount])");
                            Add("Sddl", "$this.GetSecurityDescriptorSddlForm([System.Security.AccessControl.AccessControlSections]::All)");
                            Add("AccessToString", "($this.Access | ForEach-Object { \"$($_.IdentityReference) $($_.AccessControlType)\" }) -join \"`n\"");
                            WriteObject(o);
                        }
                    }
                });
        }
    }
    [Cmdlet(VerbsCommon.Set, "Acl", DefaultParameterSetName = "ByPath", SupportsShouldProcess = true)]
    public class SetAclCommand : PB
    {
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "ByPath", ValueFromPipelineByPropertyName = true)] public string[] Path { get => paths; set => paths = value; }
        [Parameter(Mandatory = true, ParameterSetName = "ByLiteralPath", ValueFromPipelineByPropertyName = true)] [Alias("PSPath", "LP")] public string[] LiteralPath { get => paths; set => LP(value); }
        [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true)] public object AclObject { get; set; }
        [Parameter] public SwitchParameter Passthru { get; set; }
        protected override void ProcessRecord()
        {
            var os = U.Base(AclObject) as ObjectSecurity;
            if (os == null) ThrowTerminatingError(U.ErrA("AclObject must be a security descriptor object.", "SetAcl_AclObject", ErrorCategory.InvalidArgument, AclObject));
            foreach (string p in paths)
                Try(() =>
                {
                    foreach (string it in lit ? U.One(p) : SessionState.Path.GetResolvedPSPathFromPSPath(p, Ctx()).Select(x => x.Path))
                        if (ShouldProcess(it)) { var c = Ctx(); c.SuppressWildcardExpansion = true; InvokeProvider.SecurityDescriptor.Set(it, os, c); if (Passthru) WriteObject(AclObject); }
                });
        }
    }
    [Cmdlet(VerbsData.ConvertTo, "SecureString", DefaultParameterSetName = "Secure")]
    public class ConvertToSecureStringCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)] public string String { get; set; }
        [Parameter(Position = 1, Mandatory = true, ParameterSetName = "PlainText")] public SwitchParameter AsPlainText { get; set; }
        [Parameter(Position = 2, ParameterSetName = "PlainText")] public SwitchParameter Force { get; set; }
        protected override void ProcessRecord()
        {
            if (!AsPlainText) ThrowTerminatingError(new ErrorRecord(new PSNotSupportedException("This host supports ConvertTo-SecureString -AsPlainText only."), "NotSupported", ErrorCategory.NotImplemented, null));
            var s = new SecureString(); foreach (char c in String) s.AppendChar(c); s.MakeReadOnly(); WriteObject(s);
        }
    }
    [Cmdlet(VerbsData.ConvertFrom, "SecureString")]
    public class ConvertFromSecureStringCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)] public SecureString SecureString { get; set; }
        [Parameter(Mandatory = true)] public SwitchParameter AsPlainText { get; set; }
        protected override void ProcessRecord() { IntPtr p = Marshal.SecureStringToGlobalAllocUnicode(SecureString); try { WriteObject(Marshal.PtrToStringUni(p)); } finally { Marshal.ZeroFreeGlobalAllocUnicode(p); } }
    }
    [Cmdlet(VerbsCommon.Get, "ExecutionPolicy")]
    public class GetExecutionPolicyCommand : PSCmdlet { [Parameter(Position = 0)] public string Scope { get; set; } protected override void BeginProcessing() { string e = Environment.GetEnvironmentVariable("PSExecutionPolicyPreference"); WriteObject(!OperatingSystem.IsWindows() ? "Unrestricted" : string.IsNullOrEmpty(e) ? "Bypass" : e); } }
    [Cmdlet(VerbsCommon.Set, "ExecutionPolicy", SupportsShouldProcess = true)]
    public class SetExecutionPolicyCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true)] public string ExecutionPolicy { get; set; }
        [Parameter(Position = 1)] public string Scope { get; set; }
        [Parameter] public SwitchParameter Force { get; set; }
        protected override void BeginProcessing() { if (!string.Equals(Scope, "Process", StringComparison.OrdinalIgnoreCase)) ThrowTerminatingError(new ErrorRecord(new PSNotSupportedException("This host supports Set-ExecutionPolicy -Scope Process only."), "NotSupported", ErrorCategory.NotImplemented, null)); Environment.SetEnvironmentVariable("PSExecutionPolicyPreference", ExecutionPolicy); }
    }

    // ---- web
    public abstract class WebBase : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true)] [ValidateNotNullOrEmpty] public Uri Uri { get; set; }
        [Parameter] public string Method { get; set; } = "GET";
        [Parameter] public IDictionary Headers { get; set; }
        [Parameter(ValueFromPipeline = true)] public object Body { get; set; }
        [Parameter] public string ContentType { get; set; }
        [Parameter] [Alias("ConnectionTimeoutSeconds")] public int TimeoutSec { get; set; }
        [Parameter] public SwitchParameter UseBasicParsing { get; set; }
        [Parameter] public string UserAgent { get; set; }
        [Parameter] public Uri Proxy { get; set; }
        [Parameter] public SwitchParameter NoProxy { get; set; }
        [Parameter] public string OutFile { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        [Parameter] public SwitchParameter SkipCertificateCheck { get; set; }
        [Parameter] public SwitchParameter SkipHttpErrorCheck { get; set; }
        [Parameter] public int MaximumRedirection { get; set; } = 5;
        internal abstract void Handle(HttpResponseMessage r, byte[] data);
        protected override void ProcessRecord()
        {
            using var h = new HttpClientHandler();
            if (NoProxy) h.UseProxy = false; else if (Proxy != null) h.Proxy = new System.Net.WebProxy(Proxy);
            if (SkipCertificateCheck) h.ServerCertificateCustomValidationCallback = (a, b, c, d) => true;
            if (MaximumRedirection <= 0) h.AllowAutoRedirect = false; else h.MaxAutomaticRedirections = MaximumRedirection;
            using var cl = new HttpClient(h); if (TimeoutSec > 0) cl.Timeout = TimeSpan.FromSeconds(TimeoutSec); else cl.Timeout = Timeout.InfiniteTimeSpan;
            Uri u = Uri.IsAbsoluteUri ? Uri : new Uri("http://" + Uri.OriginalString);
            object b = U.Base(Body); bool get = Method.Equals("GET", StringComparison.OrdinalIgnoreCase);
            string form = null;
            if (b is IDictionary d) { form = string.Join("&", d.Keys.Cast<object>().Select(k => Uri.EscapeDataString(k.ToString()) + "=" + Uri.EscapeDataString(d[k]?.ToString() ?? ""))); if (get) { u = new Uri(u + (u.Query.Length > 1 ? "&" : "?") + form); b = null; } }
            var m = new HttpRequestMessage(new HttpMethod(Method.ToUpperInvariant()), u);
            if (b != null)
            {
                byte[] data = b is byte[] by ? by : Encoding.UTF8.GetBytes(form ?? PSObject.AsPSObject(b).ToString());
                m.Content = new ByteArrayContent(data);
                m.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType ?? (form != null || !get ? "application/x-www-form-urlencoded" : "text/plain"));
            }
            m.Headers.TryAddWithoutValidation("User-Agent", UserAgent ?? "Mozilla/5.0 (pshost) PowerShell/7.6.9");
            if (Headers != null) foreach (DictionaryEntry e in Headers) { string k = e.Key.ToString(), v = e.Value?.ToString(); if (!m.Headers.TryAddWithoutValidation(k, v)) m.Content?.Headers.TryAddWithoutValidation(k, v); }
            HttpResponseMessage r; byte[] body;
            try { r = cl.Send(m, HttpCompletionOption.ResponseContentRead); using var s = r.Content.ReadAsStream(); using var ms = new MemoryStream(); s.CopyTo(ms); body = ms.ToArray(); }
            catch (Exception e) when (e is HttpRequestException || e is OperationCanceledException || e is IOException) { ThrowTerminatingError(new ErrorRecord(e, "WebCmdletWebResponseException," + MyInvocation.MyCommand.Name, ErrorCategory.InvalidOperation, m)); return; }
            if (!r.IsSuccessStatusCode && !SkipHttpErrorCheck && (int)r.StatusCode >= 400)
            {
                var x = new HttpRequestException("Response status code does not indicate success: " + (int)r.StatusCode + " (" + r.ReasonPhrase + ").", null, r.StatusCode);
                var er = new ErrorRecord(new HttpResponseException(x.Message, r), "WebCmdletWebResponseException", ErrorCategory.InvalidOperation, m);
                string t = Encoding.UTF8.GetString(body); if (t.Length > 0) er.ErrorDetails = new ErrorDetails(t);
                ThrowTerminatingError(er);
            }
            if (OutFile != null) { File.WriteAllBytes(GetUnresolvedProviderPathFromPSPath(OutFile), body); if (!PassThru) return; }
            Handle(r, body);
        }
        internal static string Text(HttpResponseMessage r, byte[] d) { string cs = r.Content.Headers.ContentType?.CharSet?.Trim('"'); Encoding e = Encoding.UTF8; try { if (!string.IsNullOrEmpty(cs)) e = Encoding.GetEncoding(cs); } catch (ArgumentException) { } return e.GetString(d); }
    }
    public class HttpResponseException : HttpRequestException { public HttpResponseException(string m, HttpResponseMessage r) : base(m, null, r.StatusCode) { Response = r; } public HttpResponseMessage Response { get; } }
    public class WebResponseObject { public int StatusCode { get; set; } public string StatusDescription { get; set; } public object Content { get; set; } public string RawContent { get; set; } public Dictionary<string, IEnumerable<string>> Headers { get; set; } public long RawContentLength { get; set; } public HttpResponseMessage BaseResponse { get; set; } }
    [Cmdlet(VerbsLifecycle.Invoke, "WebRequest")]
    public class InvokeWebRequestCommand : WebBase
    {
        internal override void Handle(HttpResponseMessage r, byte[] d)
        {
            var h = new Dictionary<string, IEnumerable<string>>(StringComparer.OrdinalIgnoreCase); foreach (var kv in r.Headers.Concat(r.Content.Headers)) h[kv.Key] = kv.Value.ToArray();
            string ct = r.Content.Headers.ContentType?.MediaType ?? "text/plain"; bool text = ct.StartsWith("text/") || ct.Contains("json") || ct.Contains("xml") || ct.Contains("javascript");
            string t = Text(r, d);
            WriteObject(new WebResponseObject { StatusCode = (int)r.StatusCode, StatusDescription = r.ReasonPhrase, Content = text ? t : (object)d, RawContent = t, Headers = h, RawContentLength = d.Length, BaseResponse = r });
        }
    }
    [Cmdlet(VerbsLifecycle.Invoke, "RestMethod")]
    public class InvokeRestMethodCommand : WebBase
    {
        internal override void Handle(HttpResponseMessage r, byte[] d)
        {
            string ct = r.Content.Headers.ContentType?.MediaType ?? "", t = Text(r, d);
            if (ct.Contains("xml")) { var x = new System.Xml.XmlDocument(); try { x.LoadXml(t); WriteObject(x); return; } catch (System.Xml.XmlException) { } }
            try { using var ps = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace); ps.AddCommand("ConvertFrom-Json").AddParameter("InputObject", t).AddParameter("NoEnumerate"); foreach (PSObject o in ps.Invoke()) WriteObject(o); }
            catch (RuntimeException) { WriteObject(t); }
        }
    }

    // ---- CIM / WMI through the WMI scripting objects (no MI provider is needed, Wine has them)
    [ComImport, Guid("dc12a687-737f-11cf-884d-00aa004b2e24"), InterfaceType(ComInterfaceType.InterfaceIsIUnknown)]
    internal interface IWbemLocator { void ConnectServer([MarshalAs(UnmanagedType.BStr)] string ns, IntPtr user, IntPtr pw, IntPtr locale, int flags, IntPtr authority, IntPtr ctx, [MarshalAs(UnmanagedType.Interface)] out IWbemServices svc); }
    [ComImport, Guid("9556dc99-828c-11cf-a37e-00aa003240c7"), InterfaceType(ComInterfaceType.InterfaceIsIUnknown)]
    internal interface IWbemServices
    {
        void OpenNamespace(); void CancelAsyncCall(); void QueryObjectSink(); void GetObject(); void GetObjectAsync(); void PutClass(); void PutClassAsync(); void DeleteClass(); void DeleteClassAsync(); void CreateClassEnum(); void CreateClassEnumAsync(); void PutInstance(); void PutInstanceAsync(); void DeleteInstance(); void DeleteInstanceAsync(); void CreateInstanceEnum(); void CreateInstanceEnumAsync();
        void ExecQuery([MarshalAs(UnmanagedType.BStr)] string lang, [MarshalAs(UnmanagedType.BStr)] string q, int flags, IntPtr ctx, [MarshalAs(UnmanagedType.Interface)] out IEnumWbemClassObject e);
    }
    [ComImport, Guid("027947e1-d731-11ce-a357-000000000001"), InterfaceType(ComInterfaceType.InterfaceIsIUnknown)]
    internal interface IEnumWbemClassObject { void Reset(); [PreserveSig] int Next(int timeout, uint count, [MarshalAs(UnmanagedType.Interface)] out IWbemClassObject o, out uint got); }
    [ComImport, Guid("dc12a681-737f-11cf-884d-00aa004b2e24"), InterfaceType(ComInterfaceType.InterfaceIsIUnknown)]
    internal interface IWbemClassObject
    {
        void GetQualifierSet();
        [PreserveSig] int Get([MarshalAs(UnmanagedType.LPWStr)] string name, int flags, [MarshalAs(UnmanagedType.Struct)] out object val, out int type, out int flavor);
        void Put(); void Delete();
        [PreserveSig] int GetNames([MarshalAs(UnmanagedType.LPWStr)] string q, int flags, IntPtr qual, [MarshalAs(UnmanagedType.SafeArray, SafeArraySubType = VarEnum.VT_BSTR)] out string[] names);
        [PreserveSig] int BeginEnumeration(int flags);
        [PreserveSig] int Next(int flags, [MarshalAs(UnmanagedType.BStr)] out string name, [MarshalAs(UnmanagedType.Struct)] out object val, out int type, out int flavor);
        [PreserveSig] int EndEnumeration();
    }
    public abstract class CimBase : PSCmdlet
    {
        internal IEnumerable<PSObject> Query(string ns, string q, string[] props, string cls, bool cim)
        {
            if (!OperatingSystem.IsWindows()) ThrowTerminatingError(new ErrorRecord(new PlatformNotSupportedException(MyInvocation.MyCommand.Name + " needs Windows; this platform has no CIM provider."), "NotSupported", ErrorCategory.NotImplemented, null));
            var res = new List<PSObject>();
            try
            {
                var loc = (IWbemLocator)Activator.CreateInstance(Type.GetTypeFromCLSID(new Guid("4590f811-1d3a-11d0-891f-00aa004b2e24")));
                loc.ConnectServer(ns, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, 0, IntPtr.Zero, IntPtr.Zero, out IWbemServices svc);
                svc.ExecQuery("WQL", q, 0x30, IntPtr.Zero, out IEnumWbemClassObject e);   // return immediately, forward only
                while (true)
                {
                    int hr = e.Next(-1, 1, out IWbemClassObject inst, out uint got);
                    if (hr < 0) Marshal.ThrowExceptionForHR(hr);
                    if (got == 0) break;
                    var o = new PSObject(); string cn = cls;
                    if (inst.Get("__CLASS", 0, out object c, out _, out _) >= 0 && c is string s0) cn = s0;
                    if (inst.GetNames(null, 0x40, IntPtr.Zero, out string[] names) < 0) names = props ?? Array.Empty<string>();   // non-system properties
                    foreach (string name in names)
                    {
                        if (name.StartsWith("__")) continue;
                        if (inst.Get(name, 0, out object v, out int type, out _) < 0) v = null;
                        if (v is DBNull) v = null;
                        v = Fix(v, type, cim);
                        o.Properties.Add(new PSNoteProperty(name, v), true);
                    }
                    o.TypeNames.Insert(0, (cim ? "Microsoft.Management.Infrastructure.CimInstance#" + ns.Replace('\\', '/') + "/" : "System.Management.ManagementObject#" + ns + "\\") + cn);
                    o.Properties.Add(new PSNoteProperty(cim ? "CimClassName" : "__CLASS", cn));
                    res.Add(o);
                }
            }
            catch (Exception e) when (!(e is PipelineStoppedException))
            {
                WriteError(new ErrorRecord(new InvalidOperationException("WMI query '" + q + "' in " + ns + " failed: " + e.Message, e), "HRESULT 0x" + e.HResult.ToString("x8"), ErrorCategory.MetadataError, q));
            }
            return res;
        }
        // CIM types: 64-bit numbers and dates travel as text
        private static object Fix(object v, int type, bool cim)
        {
            if (v is string s)
                switch (type & 0x1fff)
                {
                    case 20: return long.TryParse(s, out long l) ? l : (object)s;
                    case 21: return ulong.TryParse(s, out ulong u) ? u : (object)s;
                    case 101: if (cim && s.Length == 25 && DateTime.TryParseExact(s.Substring(0, 14), "yyyyMMddHHmmss", null, System.Globalization.DateTimeStyles.None, out DateTime d)) return d; break;
                }
            if (v is int i) switch (type & 0x1fff) { case 19: return unchecked((uint)i); case 18: return unchecked((ushort)i); case 17: return unchecked((byte)i); case 16: return unchecked((sbyte)i); }
            return v;
        }
        internal static string Q(string cls, string[] props, string filter) => "SELECT " + (props == null || props.Length == 0 || props.Contains("*") ? "*" : string.Join(",", props)) + " FROM " + cls + (string.IsNullOrEmpty(filter) ? "" : " WHERE " + filter);
    }
    [Cmdlet(VerbsCommon.Get, "CimInstance", DefaultParameterSetName = "Class")]
    public class GetCimInstanceCommand : CimBase
    {
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Class")] public string ClassName { get; set; }
        [Parameter] public string Namespace { get; set; } = "root/cimv2";
        [Parameter(ParameterSetName = "Class")] public string Filter { get; set; }
        [Parameter(ParameterSetName = "Class")] [Alias("SelectProperties")] public string[] Property { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "Query")] public string Query { get; set; }
        protected override void ProcessRecord() { foreach (PSObject o in Query(Namespace.Replace('/', '\\'), Query ?? Q(ClassName, Property, Filter), Property, ClassName, true)) WriteObject(o); }
    }
    [Cmdlet(VerbsCommon.Get, "WmiObject", DefaultParameterSetName = "Class")]
    public class GetWmiObjectCommand : CimBase
    {
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Class")] [Alias("ClassName")] public string Class { get; set; }
        [Parameter] [Alias("NS")] public string Namespace { get; set; } = "root\\cimv2";
        [Parameter(ParameterSetName = "Class")] public string Filter { get; set; }
        [Parameter(Position = 1, ParameterSetName = "Class")] public string[] Property { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "Query")] public string Query { get; set; }
        protected override void ProcessRecord() { foreach (PSObject o in Query(Namespace.Replace('/', '\\'), Query ?? Q(Class, Property, Filter), Property, Class, false)) WriteObject(o); }
    }
    public abstract class NotHere : PSCmdlet
    {
        [Parameter(ValueFromRemainingArguments = true)] public object[] Remaining { get; set; }
        protected override void BeginProcessing() { ThrowTerminatingError(new ErrorRecord(new PSNotSupportedException(MyInvocation.MyCommand.Name + " is not supported by this host (pshost)."), "NotSupported", ErrorCategory.NotImplemented, null)); }
    }
    [Cmdlet(VerbsLifecycle.Invoke, "CimMethod")] public class InvokeCimMethodCommand : NotHere { }
    [Cmdlet(VerbsCommon.Get, "WinEvent")] public class GetWinEventCommand : NotHere { }
    [Cmdlet(VerbsCommon.Get, "EventLog")] public class GetEventLogCommand : NotHere { }
}
