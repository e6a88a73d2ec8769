// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
// Cmdlets over the providers (items, content, properties, paths, drives, locations).
using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Provider;
using PSHostCmdlets;

namespace Microsoft.PowerShell.Commands
{
    public abstract class PB : PSCmdlet, IDynamicParameters
    {
        protected object dyn; protected bool lit; protected string[] paths;
        internal virtual string[] Inc => null; internal virtual string[] Exc => null; internal virtual string Fil => null; internal virtual bool Frc => false;
        protected string[] LP(string[] v) { lit = true; paths = v; return v; }
        protected string FirstPath => paths != null && paths.Length > 0 && !string.IsNullOrEmpty(paths[0]) ? paths[0] : ".";
        internal CmdletProviderContext Ctx()
        {
            var c = new CmdletProviderContext(this);
            c.Force = Frc; c.SuppressWildcardExpansion = lit;
            c.SetFilters(Inc == null ? new Collection<string>() : new Collection<string>(Inc), Exc == null ? new Collection<string>() : new Collection<string>(Exc), Fil);
            c.DynamicParameters = dyn;
            return c;
        }
        internal virtual object Dyn(CmdletProviderContext c) => null;
        public object GetDynamicParameters()
        {
            try
            {
                var c = new CmdletProviderContext(this);
                c.Force = Frc; c.SuppressWildcardExpansion = lit;
                c.SetFilters(new Collection<string>(), new Collection<string>(), Fil);
                dyn = Dyn(c);
            }
            catch (Exception e) when (e is SessionStateException || e is PSNotSupportedException || e is PSArgumentException || e is PSInvalidOperationException || e is ProviderInvocationException) { dyn = null; }
            return dyn;
        }
        protected void Try(Action a)
        {
            try { a(); }
            catch (SessionStateException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
            catch (PSNotSupportedException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
            catch (PSArgumentException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
            catch (PSInvalidOperationException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
        }
        internal bool ExistsC(string p) { var c = new CmdletProviderContext(this) { SuppressWildcardExpansion = true, Force = true }; return InvokeProvider.Item.Exists(p, c); }
        internal bool IsCont(string p) { var c = new CmdletProviderContext(this) { SuppressWildcardExpansion = true, Force = true }; return InvokeProvider.Item.IsContainer(p, c); }
    }
    public abstract class PathCmd : PB
    {
        [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public string[] Path { get => paths; set => paths = value; }
        [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)] [Alias("PSPath", "LP")] public string[] LiteralPath { get => paths; set => LP(value); }
    }
    public abstract class FilterCmd : PathCmd
    {
        [Parameter] public string Filter { get; set; }
        [Parameter] public string[] Include { get; set; } = Array.Empty<string>();
        [Parameter] public string[] Exclude { get; set; } = Array.Empty<string>();
        internal override string[] Inc => Include; internal override string[] Exc => Exclude; internal override string Fil => Filter;
    }
    public abstract class ForceCmd : FilterCmd
    {
        [Parameter] public SwitchParameter Force { get; set; }
        internal override bool Frc => Force;
    }

    [Cmdlet(VerbsCommon.Get, "Item", DefaultParameterSetName = "Path")]
    public class GetItemCommand : ForceCmd
    {
        internal override object Dyn(CmdletProviderContext c) => InvokeProvider.Item.GetItemDynamicParameters(FirstPath, c);
        protected override void ProcessRecord() { foreach (string p in paths) Try(() => InvokeProvider.Item.Get(p, Ctx())); }
    }
    [Cmdlet(VerbsCommon.Get, "ChildItem", DefaultParameterSetName = "Items")]
    public class GetChildItemCommand : PB
    {
        [Parameter(Position = 0, ParameterSetName = "Items", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public string[] Path { get => paths; set => paths = value; }
        [Parameter(ParameterSetName = "LiteralItems", Mandatory = true, ValueFromPipelineByPropertyName = true)] [Alias("PSPath", "LP")] public string[] LiteralPath { get => paths; set => LP(value); }
        [Parameter(Position = 1)] public string Filter { get; set; }
        [Parameter] public string[] Include { get; set; } = Array.Empty<string>();
        [Parameter] public string[] Exclude { get; set; } = Array.Empty<string>();
        [Parameter] [Alias("s", "r")] public SwitchParameter Recurse { get; set; }
        [Parameter] public uint Depth { get => depth; set { depth = value; Recurse = true; } }
        private uint depth = uint.MaxValue;
        [Parameter] public SwitchParameter Force { get; set; }
        [Parameter] public SwitchParameter Name { get; set; }
        internal override string[] Inc => Include; internal override string[] Exc => Exclude; internal override string Fil => Filter; internal override bool Frc => Force;
        internal override object Dyn(CmdletProviderContext c) => Name ? InvokeProvider.ChildItem.GetChildNamesDynamicParameters(FirstPath, c) : InvokeProvider.ChildItem.GetChildItemsDynamicParameters(FirstPath, Recurse, c);
        protected override void ProcessRecord()
        {
            foreach (string p0 in paths == null || paths.Length == 0 ? new[] { "" } : paths)
            {
                string p = p0;
                if (p == null) { WriteError(U.ErrA("Cannot bind argument to parameter 'Path' because it is null.", "NullPath", ErrorCategory.InvalidArgument, null)); continue; }
                if (Name) Try(() => InvokeProvider.ChildItem.GetNames(p, ReturnContainers.ReturnMatchingContainers, Recurse, depth, Ctx()));
                else Try(() => InvokeProvider.ChildItem.Get(p, Recurse, depth, Ctx()));
            }
        }
    }
    [Cmdlet(VerbsCommon.Set, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
    public class SetItemCommand : ForceCmd
    {
        [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public object Value { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        internal override object Dyn(CmdletProviderContext c) => InvokeProvider.Item.SetItemDynamicParameters(FirstPath, Value, c);
        protected override void ProcessRecord() { foreach (string p in paths) Try(() => { var c = Ctx(); c.PassThru = PassThru; InvokeProvider.Item.Set(p, Value, c); }); }
    }
    [Cmdlet(VerbsCommon.Clear, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
    public class ClearItemCommand : ForceCmd
    {
        protected override void ProcessRecord() { foreach (string p in paths) Try(() => InvokeProvider.Item.Clear(p, Ctx())); }
    }
    [Cmdlet(VerbsLifecycle.Invoke, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
    public class InvokeItemCommand : FilterCmd
    {
        protected override void ProcessRecord() { foreach (string p in paths) Try(() => InvokeProvider.Item.Invoke(p, Ctx())); }
    }
    [Cmdlet(VerbsCommon.New, "Item", DefaultParameterSetName = "pathSet", SupportsShouldProcess = true)]
    public class NewItemCommand : PB
    {
        [Parameter(Position = 0, ParameterSetName = "pathSet", Mandatory = true, ValueFromPipelineByPropertyName = true)]
        [Parameter(Position = 0, ParameterSetName = "nameSet", ValueFromPipelineByPropertyName = true)]
        public string[] Path { get => paths; set => paths = value; }
        [Parameter(ParameterSetName = "nameSet", Mandatory = true, ValueFromPipelineByPropertyName = true)] [AllowNull, AllowEmptyString] public string Name { get; set; }
        [Parameter(ValueFromPipelineByPropertyName = true)] [Alias("Type")] public string ItemType { get; set; }
        [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] [Alias("Target")] public object Value { get; set; }
        [Parameter] public SwitchParameter Force { get; set; }
        internal override bool Frc => Force;
        internal override object Dyn(CmdletProviderContext c) => InvokeProvider.Item.NewItemDynamicParameters(FirstPath, ItemType, Value, c);
        protected override void ProcessRecord()
        {
            if (paths == null || paths.Length == 0) paths = new[] { "" };
            foreach (string p in paths) Try(() => InvokeProvider.Item.New(p, Name, ItemType, Value, Ctx()));
        }
    }
    [Cmdlet(VerbsCommon.Remove, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
    public class RemoveItemCommand : ForceCmd
    {
        [Parameter] public SwitchParameter Recurse { get; set; }
        private bool yesAll, noAll;
        internal override object Dyn(CmdletProviderContext c) => InvokeProvider.Item.RemoveItemDynamicParameters(FirstPath, Recurse, c);
        protected override void ProcessRecord()
        {
            foreach (string p in paths)
                Try(() =>
                {
                    var c = Ctx();
                    var list = new List<string>();
                    if (lit)
                    {
                        string abs = SessionState.Path.GetUnresolvedProviderPathFromPSPath(p, c, out ProviderInfo prov, out PSDriveInfo drv);
                        if (!ExistsC(p))
                            throw new ItemNotFoundException(p, "PathNotFound", "Cannot find path '" + abs + "' because it does not exist.");
                        list.Add(p);
                    }
                    else
                    {
                        foreach (PathInfo pi in SessionState.Path.GetResolvedPSPathFromPSPath(p, c)) list.Add(pi.Path);
                        if (list.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(p) && Fil == null && Inc.Length == 0 && Exc.Length == 0)
                            throw new ItemNotFoundException(p, "PathNotFound", "Cannot find path '" + p + "' because it does not exist.");
                    }
                    foreach (string it in list)
                    {
                        var c2 = Ctx(); c2.SuppressWildcardExpansion = true;
                        if (IsCont(it) && SessionState.Path.IsCurrentLocationOrAncestor(it, c2))
                        { WriteError(U.Err("Cannot remove the item at '" + it + "' because it is in use.", "RemoveItemInUse", ErrorCategory.InvalidOperation, it)); continue; }
                        if (!Recurse && IsCont(it) && InvokeProvider.ChildItem.HasChild(it, new CmdletProviderContext(this) { SuppressWildcardExpansion = true, Force = Force }) && !IsLink(it))
                        {
                            if (!ShouldContinue("The item at " + it + " has children and the Recurse parameter was not specified. If you continue, all children will be removed with the item. Are you sure you want to continue?", "Confirm", ref yesAll, ref noAll)) continue;
                            c2 = Ctx(); c2.SuppressWildcardExpansion = true;
                            InvokeProvider.Item.Remove(it, true, c2);
                        }
                        else InvokeProvider.Item.Remove(it, Recurse, c2);
                    }
                });
        }
        private bool IsLink(string p)
        {
            try
            {
                string f = SessionState.Path.GetUnresolvedProviderPathFromPSPath(p, out ProviderInfo pi, out _);
                return pi.Name == "FileSystem" && (File.GetAttributes(f) & FileAttributes.ReparsePoint) != 0;
            }
            catch { return false; }
        }
    }
    [Cmdlet(VerbsCommon.Copy, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
    public class CopyItemCommand : ForceCmd
    {
        [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)] public string Destination { get; set; }
        [Parameter] public SwitchParameter Container { get; set; } = true;
        [Parameter] public SwitchParameter Recurse { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        internal override object Dyn(CmdletProviderContext c) => InvokeProvider.Item.CopyItemDynamicParameters(FirstPath, Destination, Recurse, c);
        protected override void ProcessRecord()
        {
            foreach (string p in paths) Try(() => { var c = Ctx(); c.PassThru = PassThru; InvokeProvider.Item.Copy(p, Destination, Recurse, Container ? CopyContainers.CopyTargetContainer : CopyContainers.CopyChildrenOfTargetContainer, c); });
        }
    }
    [Cmdlet(VerbsCommon.Move, "Item", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
    public class MoveItemCommand : ForceCmd
    {
        [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)] public string Destination { get; set; } = ".";
        [Parameter] public SwitchParameter PassThru { get; set; }
        internal override object Dyn(CmdletProviderContext c) => InvokeProvider.Item.MoveItemDynamicParameters(FirstPath, Destination, c);
        protected override void ProcessRecord()
        {
            foreach (string p in paths)
                Try(() =>
                {
                    if (!lit)
                    {
                        foreach (PathInfo pi in SessionState.Path.GetResolvedPSPathFromPSPath(p, Ctx())) { var c = Ctx(); c.PassThru = PassThru; c.SuppressWildcardExpansion = true; InvokeProvider.Item.Move(pi.Path, Destination, c); }
                        return;
                    }
                    if (!ExistsC(p)) throw new ItemNotFoundException(p, "PathNotFound", "Cannot find path '" + p + "' because it does not exist.");
                    var c1 = Ctx(); c1.PassThru = PassThru; InvokeProvider.Item.Move(p, Destination, c1);
                });
        }
    }
    [Cmdlet(VerbsCommon.Rename, "Item", DefaultParameterSetName = "ByPath", SupportsShouldProcess = true)]
    public class RenameItemCommand : PB
    {
        [Parameter(Position = 0, ParameterSetName = "ByPath", Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public string Path { get => FirstPath; set => paths = new[] { value }; }
        [Parameter(ParameterSetName = "ByLiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)] [Alias("PSPath", "LP")] public string LiteralPath { get => FirstPath; set => LP(new[] { value }); }
        [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)] public string NewName { get; set; }
        [Parameter] public SwitchParameter Force { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        internal override bool Frc => Force;
        internal override object Dyn(CmdletProviderContext c) => InvokeProvider.Item.RenameItemDynamicParameters(FirstPath, NewName, c);
        protected override void ProcessRecord()
        {
            Try(() =>
            {
                string p = paths[0];
                if (!lit) { var r = SessionState.Path.GetResolvedPSPathFromPSPath(p, Ctx()); if (r.Count != 1) throw new ItemNotFoundException(p, "PathNotFound", "Cannot rename because item at '" + p + "' does not exist."); p = r[0].Path; }
                else if (!ExistsC(p)) throw new ItemNotFoundException(p, "PathNotFound", "Cannot rename because item at '" + p + "' does not exist.");
                var c = Ctx(); c.SuppressWildcardExpansion = true; c.PassThru = PassThru; InvokeProvider.Item.Rename(p, NewName, c);
            });
        }
    }

    // ---- content
    public abstract class ContentBase : ForceCmd
    {
        internal IEnumerable<string> Resolve(string p, bool mustExist)
        {
            if (lit) { if (mustExist && !ExistsC(p)) { string a = SessionState.Path.GetUnresolvedProviderPathFromPSPath(p); throw new ItemNotFoundException(p, "PathNotFound", "Cannot find path '" + a + "' because it does not exist."); } return new[] { p }; }
            Collection<PathInfo> r = null;
            try { r = SessionState.Path.GetResolvedPSPathFromPSPath(p, Ctx()); }
            catch (ItemNotFoundException) { if (mustExist) throw; }
            if ((r == null || r.Count == 0) && !mustExist) return new[] { SessionState.Path.GetUnresolvedProviderPathFromPSPath(p, out ProviderInfo pi, out _) is string s && pi.Name == "FileSystem" ? s : p };
            return r == null ? Array.Empty<string>() : r.Select(x => x.Path).ToArray();
        }
    }
    [Cmdlet(VerbsCommon.Get, "Content", DefaultParameterSetName = "Path")]
    public class GetContentCommand : ContentBase
    {
        [Parameter(ValueFromPipelineByPropertyName = true)] public long ReadCount { get; set; } = 1;
        [Parameter(ValueFromPipelineByPropertyName = true)] [Alias("First", "Head")] public long TotalCount { get; set; } = -1;
        [Parameter(ValueFromPipelineByPropertyName = true)] [Alias("Last")] public int Tail { get; set; } = -1;
        internal override object Dyn(CmdletProviderContext c) => InvokeProvider.Content.GetContentReaderDynamicParameters(FirstPath, c);
        protected override void ProcessRecord()
        {
            if (TotalCount >= 0 && Tail >= 0) ThrowTerminatingError(U.Err("The parameters TotalCount and Tail cannot be used together. Please specify only one parameter.", "TailAndHeadCannotCoexist", ErrorCategory.InvalidOperation, null));
            foreach (string p in paths)
                Try(() =>
                {
                    foreach (string it in Resolve(p, true))
                    {
                        var c = Ctx(); c.SuppressWildcardExpansion = true; c.SetFilters(new Collection<string>(), new Collection<string>(), null);
                        foreach (IContentReader r in InvokeProvider.Content.GetReader(it, c))
                        {
                            try { Pump(r, it); }
                            finally { r.Close(); r.Dispose(); }
                        }
                    }
                });
        }
        private void Pump(IContentReader r, string it)
        {
            string full = null, parent = null, child = null; PSDriveInfo drv = null; ProviderInfo prov = null;
            try
            {
                string pp = SessionState.Path.GetUnresolvedProviderPathFromPSPath(it, out prov, out drv);
                full = pp; child = SessionState.Path.ParseChildName(pp); parent = SessionState.Path.ParseParent(pp, null);
            }
            catch { }
            bool multi = ReadCount != 1; var batch = new List<object>();
            long n = 0; Queue<object> tail = Tail >= 0 ? new Queue<object>() : null;
            void Emit(object o)
            {
                PSObject po = PSObject.AsPSObject(o);
                if (o is string || o is byte == false)
                {
                    Note(po, "PSPath", full == null ? it : (prov != null ? prov.ModuleName + "\\" + prov.Name + "::" + full : full));
                    Note(po, "PSParentPath", parent); Note(po, "PSChildName", child);
                    if (drv != null) Note(po, "PSDrive", drv);
                    if (prov != null) Note(po, "PSProvider", prov);
                    Note(po, "ReadCount", n);
                }
                WriteObject(po);
            }
            while (true)
            {
                if (TotalCount >= 0 && n >= TotalCount) break;
                long want = tail != null ? 1 : multi ? (ReadCount == 0 ? 0 : ReadCount) : 1;
                if (TotalCount >= 0 && (want == 0 || n + want > TotalCount)) want = TotalCount - n;
                IList l = r.Read(want);
                if (l == null || l.Count == 0) break;
                n += l.Count;
                if (tail != null) { foreach (object o in l) { tail.Enqueue(o); if (tail.Count > Tail) tail.Dequeue(); } }
                else if (multi) WriteObject(PSObject.AsPSObject(ToArr(l)), false);
                else foreach (object o in l) Emit(o);
                if (want == 0) break;
                if (Stopping) break;
            }
            if (tail != null) { if (multi) WriteObject(tail.ToArray(), false); else foreach (object o in tail) Emit(o); }
        }
        private static object ToArr(IList l) { var a = new object[l.Count]; l.CopyTo(a, 0); return a; }
        private static void Note(PSObject p, string n, object v) { p.Properties.Add(new PSNoteProperty(n, v), true); }
    }
    public abstract class WriteContentBase : ContentBase
    {
        [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] [AllowNull, AllowEmptyCollection] public object[] Value { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        internal override object Dyn(CmdletProviderContext c) => InvokeProvider.Content.GetContentWriterDynamicParameters(FirstPath, c);
        internal List<IContentWriter> writers; private bool whatIf;
        internal abstract bool Append { get; }
        private void Open()
        {
            writers = new List<IContentWriter>();
            foreach (string p in paths)
                Try(() =>
                {
                    foreach (string it in Resolve(p, false))
                    {
                        if (!ShouldProcess("Path: " + it, Append ? "Add Content" : "Set Content")) { whatIf = true; continue; }
                        if (!Append)
                        {
                            var cc = Ctx(); cc.SuppressWildcardExpansion = true; cc.DynamicParameters = null; cc.SetFilters(new Collection<string>(), new Collection<string>(), null);
                            var probe = new CmdletProviderContext(cc);
                            try { if (ExistsC(it)) InvokeProvider.Content.Clear(it, probe); } catch (PSNotSupportedException) { } catch (ItemNotFoundException) { }
                        }
                        var c = Ctx(); c.SuppressWildcardExpansion = true; c.SetFilters(new Collection<string>(), new Collection<string>(), null);
                        foreach (IContentWriter w in InvokeProvider.Content.GetWriter(it, c)) { if (Append) w.Seek(0, SeekOrigin.End); writers.Add(w); }
                    }
                });
        }
        protected override void ProcessRecord()
        {
            if (writers == null) Open();
            if (writers.Count == 0) return;
            foreach (IContentWriter w in writers)
                try { w.Write(Value ?? Array.Empty<object>()); }
                catch (IOException e) { WriteError(new ErrorRecord(e, "GetContentWriterIOError", ErrorCategory.WriteError, w)); }
            if (PassThru && Value != null) foreach (object o in Value) WriteObject(o);
        }
        protected override void EndProcessing() { Close(); }
        protected override void StopProcessing() { Close(); }
        private void Close() { if (writers != null) foreach (IContentWriter w in writers) { try { w.Close(); } catch { } w.Dispose(); } writers = new List<IContentWriter>(); }
    }
    [Cmdlet(VerbsCommon.Set, "Content", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
    public class SetContentCommand : WriteContentBase { internal override bool Append => false; }
    [Cmdlet(VerbsCommon.Add, "Content", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
    public class AddContentCommand : WriteContentBase { internal override bool Append => true; }
    [Cmdlet(VerbsCommon.Clear, "Content", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
    public class ClearContentCommand : ForceCmd
    {
        internal override object Dyn(CmdletProviderContext c) => InvokeProvider.Content.ClearContentDynamicParameters(FirstPath, c);
        protected override void ProcessRecord() { foreach (string p in paths) Try(() => InvokeProvider.Content.Clear(p, Ctx())); }
    }

    // ---- properties
    [Cmdlet(VerbsCommon.Get, "ItemProperty", DefaultParameterSetName = "Path")]
    public class GetItemPropertyCommand : FilterCmd
    {
        [Parameter(Position = 1)] [Alias("PSProperty")] public string[] Name { get; set; }
        internal Collection<string> Names => Name == null ? new Collection<string>() : new Collection<string>(Name);
        internal override object Dyn(CmdletProviderContext c) => InvokeProvider.Property.GetPropertyDynamicParameters(FirstPath, Names, c);
        protected override void ProcessRecord() { foreach (string p in paths) Try(() => InvokeProvider.Property.Get(p, Names, Ctx())); }
    }
    [Cmdlet(VerbsCommon.Get, "ItemPropertyValue", DefaultParameterSetName = "Path")]
    public class GetItemPropertyValueCommand : PB
    {
        [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public string[] Path { get => paths; set => paths = value; }
        [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)] [Alias("PSPath", "LP")] public string[] LiteralPath { get => paths; set => LP(value); }
        [Parameter(Position = 1, Mandatory = true)] [Alias("PSProperty")] public string[] Name { get; set; }
        [Parameter] public string Filter { get; set; }
        [Parameter] public string[] Include { get; set; } = Array.Empty<string>();
        [Parameter] public string[] Exclude { get; set; } = Array.Empty<string>();
        internal override string[] Inc => Include; internal override string[] Exc => Exclude; internal override string Fil => Filter;
        protected override void ProcessRecord()
        {
            foreach (string p in paths ?? new[] { "." })
                Try(() =>
                {
                    var c = new CmdletProviderContext(Ctx());
                    InvokeProvider.Property.Get(p, new Collection<string>(Name), c);
                    c.ThrowFirstErrorOrDoNothing(true);
                    foreach (PSObject o in c.GetAccumulatedObjects())
                        foreach (string n in Name)
                        {
                            PSPropertyInfo pi = o.Properties[n];
                            if (pi != null) WriteObject(pi.Value);
                        }
                });
        }
    }
    [Cmdlet(VerbsCommon.Set, "ItemProperty", DefaultParameterSetName = "propertyValuePathSet", SupportsShouldProcess = true)]
    public class SetItemPropertyCommand : PB
    {
        [Parameter(Position = 0, ParameterSetName = "propertyValuePathSet", Mandatory = true, ValueFromPipelineByPropertyName = true)]
        [Parameter(Position = 0, ParameterSetName = "propertyPSObjectPathSet", Mandatory = true, ValueFromPipelineByPropertyName = true)]
        public string[] Path { get => paths; set => paths = value; }
        [Parameter(ParameterSetName = "propertyValueLiteralPathSet", Mandatory = true, ValueFromPipelineByPropertyName = true)]
        [Parameter(ParameterSetName = "propertyPSObjectLiteralPathSet", Mandatory = true, ValueFromPipelineByPropertyName = true)]
        [Alias("PSPath", "LP")] public string[] LiteralPath { get => paths; set => LP(value); }
        [Parameter(Position = 1, Mandatory = true, ParameterSetName = "propertyValuePathSet", ValueFromPipelineByPropertyName = true)]
        [Parameter(Position = 1, Mandatory = true, ParameterSetName = "propertyValueLiteralPathSet", ValueFromPipelineByPropertyName = true)]
        [Alias("PSProperty")] public string Name { get; set; }
        [Parameter(Position = 2, Mandatory = true, ParameterSetName = "propertyValuePathSet", ValueFromPipelineByPropertyName = true)]
        [Parameter(Position = 2, Mandatory = true, ParameterSetName = "propertyValueLiteralPathSet", ValueFromPipelineByPropertyName = true)]
        [AllowNull] public object Value { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "propertyPSObjectPathSet", ValueFromPipeline = true)]
        [Parameter(Mandatory = true, ParameterSetName = "propertyPSObjectLiteralPathSet", ValueFromPipeline = true)]
        public PSObject InputObject { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        [Parameter] public SwitchParameter Force { get; set; }
        [Parameter] public string Filter { get; set; }
        [Parameter] public string[] Include { get; set; } = Array.Empty<string>();
        [Parameter] public string[] Exclude { get; set; } = Array.Empty<string>();
        internal override string[] Inc => Include; internal override string[] Exc => Exclude; internal override string Fil => Filter; internal override bool Frc => Force;
        private PSObject Bag() { if (InputObject != null) return InputObject; var b = new PSObject(); if (Name != null) b.Properties.Add(new PSNoteProperty(Name, Value)); return b; }
        internal override object Dyn(CmdletProviderContext c) => InvokeProvider.Property.SetPropertyDynamicParameters(FirstPath, Bag(), c);
        protected override void ProcessRecord() { foreach (string p in paths) Try(() => { var c = Ctx(); c.PassThru = PassThru; InvokeProvider.Property.Set(p, Bag(), c); }); }
    }
    [Cmdlet(VerbsCommon.New, "ItemProperty", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
    public class NewItemPropertyCommand : ForceCmd
    {
        [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)] [Alias("PSProperty")] public string Name { get; set; }
        [Parameter(ValueFromPipelineByPropertyName = true)] [Alias("Type")] public string PropertyType { get; set; }
        [Parameter(ValueFromPipelineByPropertyName = true)] public object Value { get; set; }
        internal override object Dyn(CmdletProviderContext c) => InvokeProvider.Property.NewPropertyDynamicParameters(FirstPath, Name, PropertyType, Value, c);
        protected override void ProcessRecord() { foreach (string p in paths) Try(() => InvokeProvider.Property.New(p, Name, PropertyType, Value, Ctx())); }
    }
    [Cmdlet(VerbsCommon.Remove, "ItemProperty", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
    public class RemoveItemPropertyCommand : ForceCmd
    {
        [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)] [Alias("PSProperty")] public string[] Name { get; set; }
        protected override void ProcessRecord() { foreach (string p in paths) foreach (string n in Name) Try(() => InvokeProvider.Property.Remove(p, n, Ctx())); }
    }
    [Cmdlet(VerbsCommon.Clear, "ItemProperty", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
    public class ClearItemPropertyCommand : ForceCmd
    {
        [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)] public string Name { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        protected override void ProcessRecord() { foreach (string p in paths) Try(() => { var c = Ctx(); c.PassThru = PassThru; InvokeProvider.Property.Clear(p, new Collection<string> { Name }, c); }); }
    }
    [Cmdlet(VerbsCommon.Rename, "ItemProperty", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
    public class RenameItemPropertyCommand : ForceCmd
    {
        [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)] [Alias("PSProperty")] public string Name { get; set; }
        [Parameter(Position = 2, Mandatory = true, ValueFromPipelineByPropertyName = true)] public string NewName { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        protected override void ProcessRecord() { foreach (string p in paths) Try(() => { var c = Ctx(); c.PassThru = PassThru; InvokeProvider.Property.Rename(p, Name, NewName, c); }); }
    }
    [Cmdlet(VerbsCommon.Copy, "ItemProperty", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
    public class CopyItemPropertyCommand : ForceCmd
    {
        [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)] public string Destination { get; set; }
        [Parameter(Position = 2, Mandatory = true, ValueFromPipelineByPropertyName = true)] [Alias("PSProperty")] public string Name { get; set; }
        protected override void ProcessRecord() { foreach (string p in paths) Try(() => InvokeProvider.Property.Copy(p, Name, Destination, Name, Ctx())); }
    }
    [Cmdlet(VerbsCommon.Move, "ItemProperty", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
    public class MoveItemPropertyCommand : ForceCmd
    {
        [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)] public string Destination { get; set; }
        [Parameter(Position = 2, Mandatory = true, ValueFromPipelineByPropertyName = true)] [Alias("PSProperty")] public string[] Name { get; set; }
        protected override void ProcessRecord() { foreach (string p in paths) foreach (string n in Name) Try(() => InvokeProvider.Property.Move(p, n, Destination, n, Ctx())); }
    }

    // ---- paths
    public enum TestPathType { Any, Container, Leaf }
    [Cmdlet(VerbsDiagnostic.Test, "Path", DefaultParameterSetName = "Path")]
    public class TestPathCommand : PB
    {
        [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] [AllowNull, AllowEmptyCollection, AllowEmptyString] public string[] Path { get => paths; set => paths = value; }
        [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)] [Alias("PSPath", "LP")] [AllowNull, AllowEmptyCollection, AllowEmptyString] public string[] LiteralPath { get => paths; set => LP(value); }
        [Parameter] public string Filter { get; set; }
        [Parameter] public string[] Include { get; set; } = Array.Empty<string>();
        [Parameter] public string[] Exclude { get; set; } = Array.Empty<string>();
        [Parameter] [Alias("Type")] public TestPathType PathType { get; set; }
        [Parameter] public SwitchParameter IsValid { get; set; }
        internal override string[] Inc => Include; internal override string[] Exc => Exclude; internal override string Fil => Filter;
        internal override object Dyn(CmdletProviderContext c) => IsValid ? null : InvokeProvider.Item.ItemExistsDynamicParameters(FirstPath, c);
        protected override void ProcessRecord()
        {
            if (paths == null || paths.Length == 0) { WriteError(new ErrorRecord(new ArgumentNullException("Path", "The provided Path argument was null or an empty collection."), "NullPathNotPermitted", ErrorCategory.InvalidArgument, null)); return; }
            foreach (string p in paths)
            {
                if (p == null) { WriteError(new ErrorRecord(new ArgumentNullException("Path", "The provided Path argument was null or an empty collection."), "NullPathNotPermitted", ErrorCategory.InvalidArgument, null)); continue; }
                if (string.IsNullOrWhiteSpace(p)) { WriteObject(false); continue; }
                bool r = false;
                try
                {
                    if (IsValid) r = SessionState.Path.IsValid(p, Ctx());
                    else
                    {
                        r = InvokeProvider.Item.Exists(p, Ctx());
                        if (r && PathType == TestPathType.Container) r = InvokeProvider.Item.IsContainer(p, Ctx());
                        if (r && PathType == TestPathType.Leaf) r = !InvokeProvider.Item.IsContainer(p, Ctx());
                    }
                }
                catch (System.Management.Automation.DriveNotFoundException) { }
                catch (ProviderNotFoundException) { }
                catch (ItemNotFoundException) { }
                catch (PSNotSupportedException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); continue; }
                catch (PSArgumentException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); continue; }
                WriteObject(r);
            }
        }
    }
    [Cmdlet(VerbsCommon.Join, "Path")]
    public class JoinPathCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] [Alias("PSPath")] public string[] Path { get; set; }
        [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)] [AllowNull, AllowEmptyString, AllowEmptyCollection] public string[] ChildPath { get; set; }
        [Parameter(Position = 2, ValueFromPipelineByPropertyName = true, ValueFromRemainingArguments = true)] [AllowNull, AllowEmptyString, AllowEmptyCollection] public string[] AdditionalChildPath { get; set; }
        [Parameter] public SwitchParameter Resolve { get; set; }
        protected override void ProcessRecord()
        {
            foreach (string p in Path)
            {
                string r = p;
                try
                {
                    foreach (string c in (ChildPath ?? new[] { "" }).Concat(AdditionalChildPath ?? Array.Empty<string>())) r = SessionState.Path.Combine(r, c ?? "");
                    if (Resolve) { foreach (PathInfo pi in SessionState.Path.GetResolvedPSPathFromPSPath(r)) WriteObject(pi.Path); }
                    else WriteObject(r);
                }
                catch (SessionStateException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
                catch (PSNotSupportedException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
                catch (PSArgumentException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
            }
        }
    }
    [Cmdlet(VerbsCommon.Split, "Path", DefaultParameterSetName = "ParentSet")]
    public class SplitPathCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "ParentSet", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "LeafSet", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "LeafBaseSet", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "ExtensionSet", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "QualifierSet", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "NoQualifierSet", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "IsAbsoluteSet", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
        public string[] Path { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "LiteralPathSet", ValueFromPipelineByPropertyName = true)] [Alias("PSPath", "LP")] public string[] LiteralPath { get => Path; set { Path = value; lit = true; } }
        private bool lit;
        [Parameter(ParameterSetName = "ParentSet")] public SwitchParameter Parent { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "LeafSet")] public SwitchParameter Leaf { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "LeafBaseSet")] public SwitchParameter LeafBase { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "ExtensionSet")] public SwitchParameter Extension { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "QualifierSet")] public SwitchParameter Qualifier { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "NoQualifierSet")] public SwitchParameter NoQualifier { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "IsAbsoluteSet")] public SwitchParameter IsAbsolute { get; set; }
        [Parameter] public SwitchParameter Resolve { get; set; }
        protected override void ProcessRecord()
        {
            IEnumerable<string> l = Path;
            if (Resolve)
            {
                var r = new List<string>();
                foreach (string p in Path)
                    try { foreach (PathInfo pi in SessionState.Path.GetResolvedPSPathFromPSPath(p)) r.Add(pi.Path); }
                    catch (SessionStateException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
                l = r;
            }
            foreach (string p in l)
            {
                try
                {
                    int q = p.IndexOf("::", StringComparison.Ordinal); int col = p.IndexOf(':');
                    if (Leaf) WriteObject(SessionState.Path.ParseChildName(p));
                    else if (LeafBase) WriteObject(System.IO.Path.GetFileNameWithoutExtension(SessionState.Path.ParseChildName(p)));
                    else if (Extension) WriteObject(System.IO.Path.GetExtension(SessionState.Path.ParseChildName(p)));
                    else if (Qualifier)
                    {
                        if (q > 0) WriteObject(p.Substring(0, q + 2)); else if (col > 0) WriteObject(p.Substring(0, col + 1));
                        else WriteError(new ErrorRecord(new FormatException("Cannot parse path because path '" + p + "' does not have a qualifier specified."), "ParsePathFormatError", ErrorCategory.InvalidArgument, p));
                    }
                    else if (NoQualifier) WriteObject(q > 0 ? p.Substring(q + 2) : col > 0 ? p.Substring(col + 1) : p);
                    else if (IsAbsolute) { WriteObject(SessionState.Path.IsPSAbsolute(p, out _)); }
                    else WriteObject(p.Length == 0 ? "" : SessionState.Path.ParseParent(p, string.Empty));
                }
                catch (SessionStateException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
                catch (PSNotSupportedException) { WriteObject(string.Empty); }
                catch (PSArgumentException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
            }
        }
    }
    [Cmdlet(VerbsDiagnostic.Resolve, "Path", DefaultParameterSetName = "Path")]
    public class ResolvePathCommand : PB
    {
        [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public string[] Path { get => paths; set => paths = value; }
        [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)] [Alias("PSPath", "LP")] public string[] LiteralPath { get => paths; set => LP(value); }
        [Parameter] public SwitchParameter Relative { get; set; }
        [Parameter] public SwitchParameter Force { get; set; }
        internal override bool Frc => Force;
        protected override void ProcessRecord()
        {
            foreach (string p in paths)
                Try(() =>
                {
                    foreach (PathInfo pi in SessionState.Path.GetResolvedPSPathFromPSPath(p, Ctx()))
                    {
                        if (!Relative) { WriteObject(pi); continue; }
                        string r = SessionState.Path.NormalizeRelativePath(pi.Path, SessionState.Path.CurrentLocation.ProviderPath);
                        if (!r.StartsWith(".") && !System.IO.Path.IsPathRooted(r)) r = SessionState.Path.Combine(".", r);
                        WriteObject(r);
                    }
                });
        }
    }
    [Cmdlet(VerbsData.Convert, "Path", DefaultParameterSetName = "Path")]
    public class ConvertPathCommand : PathCmd
    {
        protected override void ProcessRecord() { foreach (string p in paths) Try(() => { foreach (string s in SessionState.Path.GetResolvedProviderPathFromPSPath(p, Ctx(), out _)) WriteObject(s); }); }
    }

    // ---- locations and drives
    [Cmdlet(VerbsCommon.Get, "Location", DefaultParameterSetName = "Location")]
    public class GetLocationCommand : PSCmdlet
    {
        [Parameter(ParameterSetName = "Location")] public string[] PSProvider { get; set; }
        [Parameter(ParameterSetName = "Location")] public string[] PSDrive { get; set; }
        [Parameter(ParameterSetName = "Stack")] public SwitchParameter Stack { get; set; }
        [Parameter(ParameterSetName = "Stack")] public string[] StackName { get; set; }
        protected override void ProcessRecord()
        {
            try
            {
                if (Stack || StackName != null) { foreach (string n in StackName ?? new[] { "" }) WriteObject(SessionState.Path.LocationStack(n), true); return; }
                if (PSDrive != null) { foreach (string d in PSDrive) { PSDriveInfo di = SessionState.Drive.Get(d); WriteObject(new PathInfo(di, di.Provider, di.Name + ":" + System.IO.Path.DirectorySeparatorChar + di.CurrentLocation, SessionState)); } return; }
                if (PSProvider != null) { foreach (string pr in PSProvider) WriteObject(SessionState.Path.CurrentProviderLocation(pr)); return; }
                WriteObject(SessionState.Path.CurrentLocation);
            }
            catch (SessionStateException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
        }
    }
    [Cmdlet(VerbsCommon.Set, "Location", DefaultParameterSetName = "Path")]
    public class SetLocationCommand : PB
    {
        [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public string Path { get => FirstPath; set => paths = new[] { value }; }
        [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)] [Alias("PSPath", "LP")] public string LiteralPath { get => FirstPath; set => LP(new[] { value }); }
        [Parameter] public SwitchParameter PassThru { get; set; }
        protected override void ProcessRecord()
        {
            Try(() =>
            {
                PathInfo r = SessionState.Path.SetLocation(paths == null ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) : paths[0], Ctx(), lit);
                if (PassThru) WriteObject(r);
            });
        }
    }
    [Cmdlet(VerbsCommon.Push, "Location", DefaultParameterSetName = "Path")]
    public class PushLocationCommand : PB
    {
        [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public string Path { get => FirstPath; set => paths = new[] { value }; }
        [Parameter(ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)] [Alias("PSPath", "LP")] public string LiteralPath { get => FirstPath; set => LP(new[] { value }); }
        [Parameter(ValueFromPipelineByPropertyName = true)] public string StackName { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        protected override void ProcessRecord()
        {
            SessionState.Path.PushCurrentLocation(StackName);
            if (paths != null) Try(() => { PathInfo r = SessionState.Path.SetLocation(paths[0], Ctx(), lit); if (PassThru) WriteObject(r); });
        }
    }
    [Cmdlet(VerbsCommon.Pop, "Location")]
    public class PopLocationCommand : PB
    {
        [Parameter(ValueFromPipelineByPropertyName = true)] public string StackName { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        protected override void ProcessRecord() { Try(() => { PathInfo r = SessionState.Path.PopLocation(StackName); if (PassThru) WriteObject(r); }); }
    }
    [Cmdlet(VerbsCommon.Get, "PSDrive", DefaultParameterSetName = "Name")]
    public class GetPSDriveCommand : PSCmdlet
    {
        [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipelineByPropertyName = true)] public string[] Name { get; set; }
        [Parameter(Position = 0, ParameterSetName = "LiteralName", Mandatory = true, ValueFromPipelineByPropertyName = true)] public string[] LiteralName { get; set; }
        [Parameter(ValueFromPipelineByPropertyName = true)] public string Scope { get; set; }
        [Parameter(ValueFromPipelineByPropertyName = true)] public string[] PSProvider { get; set; }
        protected override void ProcessRecord()
        {
            try
            {
                string[] names = LiteralName ?? Name ?? new[] { "*" };
                foreach (string n in names)
                {
                    bool wild = LiteralName == null && WildcardPattern.ContainsWildcardCharacters(n), any = false;
                    if (!wild) { try { SessionState.Internal.GetDrive(n); } catch (SessionStateException) { } }
                    foreach (PSDriveInfo d in SessionState.Internal.Drives(Scope).OrderBy(x => x.Name, StringComparer.OrdinalIgnoreCase))
                    {
                        if (wild ? !U.WildMatchAny(d.Name, new[] { n }) : !d.Name.Equals(n, StringComparison.OrdinalIgnoreCase)) continue;
                        if (PSProvider != null && !U.WildMatchAny(d.Provider.Name, PSProvider)) continue;
                        any = true; WriteObject(d);
                    }
                    if (!any && !wild) WriteError(new ErrorRecord(new System.Management.Automation.DriveNotFoundException(n, "GetLocationNoMatchingDrive", "Cannot find drive. A drive with the name '" + n + "' does not exist."), "GetLocationNoMatchingDrive", ErrorCategory.ObjectNotFound, n));
                }
            }
            catch (SessionStateException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
        }
    }
    [Cmdlet(VerbsCommon.New, "PSDrive", SupportsShouldProcess = true)]
    public class NewPSDriveCommand : PB
    {
        [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)] public string Name { get; set; }
        [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)] public string PSProvider { get; set; }
        [Parameter(Position = 2, Mandatory = true, ValueFromPipelineByPropertyName = true)] [AllowEmptyString] public string Root { get; set; }
        [Parameter(ValueFromPipelineByPropertyName = true)] public string Description { get; set; }
        [Parameter(ValueFromPipelineByPropertyName = true)] public string Scope { get; set; }
        internal override object Dyn(CmdletProviderContext c) => SessionState.Drive.NewDriveDynamicParameters(PSProvider, c);
        protected override void ProcessRecord()
        {
            Try(() =>
            {
                ProviderInfo pi = SessionState.Internal.GetSingleProvider(PSProvider);
                if (!ShouldProcess("Name: " + Name + " Provider: " + pi.FullName + " Root: " + Root, "New drive")) return;
                SessionState.Drive.New(new PSDriveInfo(Name, pi, Root, Description, null, false), Scope, Ctx());
            });
        }
    }
    [Cmdlet(VerbsCommon.Remove, "PSDrive", SupportsShouldProcess = true, DefaultParameterSetName = "Name")]
    public class RemovePSDriveCommand : PB
    {
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Name", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] public string[] Name { get; set; }
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "LiteralName", ValueFromPipelineByPropertyName = true)] public string[] LiteralName { get => Name; set => Name = value; }
        [Parameter] public SwitchParameter Force { get; set; }
        [Parameter(ValueFromPipelineByPropertyName = true)] public string Scope { get; set; }
        protected override void ProcessRecord()
        {
            foreach (string n in Name)
                Try(() =>
                {
                    if (!ShouldProcess("Name: " + n, "Remove Drive")) return;
                    if (SessionState.Path.CurrentLocation.Drive != null && SessionState.Path.CurrentLocation.Drive.Name.Equals(n, StringComparison.OrdinalIgnoreCase)) throw new PSInvalidOperationException("Cannot remove drive '" + n + "' because it is in use.");
                    SessionState.Drive.Get(n);
                    SessionState.Drive.Remove(n, Force, Scope, Ctx());
                });
        }
    }
    [Cmdlet(VerbsCommon.Get, "PSProvider")]
    public class GetPSProviderCommand : PSCmdlet
    {
        [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)] public string[] PSProvider { get; set; }
        protected override void ProcessRecord()
        {
            if (PSProvider == null) { WriteObject(SessionState.Provider.GetAll(), true); return; }
            foreach (string n in PSProvider)
                try { WriteObject(SessionState.Provider.Get(n), true); } catch (SessionStateException e) { WriteError(new ErrorRecord(e.ErrorRecord, e)); }
        }
    }
}
