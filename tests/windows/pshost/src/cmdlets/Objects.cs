// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;
using System.Text;
using PSHostCmdlets;

namespace Microsoft.PowerShell.Commands
{
    public abstract class ObjCmd : PSCmdlet
    {
        [Parameter(ValueFromPipeline = true)] public PSObject InputObject { get; set; }
        protected readonly List<PSObject> all = new List<PSObject>();
        protected override void ProcessRecord() { if (InputObject != null && !ReferenceEquals(InputObject, AutomationNull.Value)) all.Add(InputObject); }
    }

    [Cmdlet(VerbsCommon.Select, "Object", DefaultParameterSetName = "Default")]
    public class SelectObjectCommand : PSCmdlet
    {
        [Parameter(ValueFromPipeline = true)] public PSObject InputObject { get; set; } = AutomationNull.Value;
        [Parameter(Position = 0, ParameterSetName = "Default")] [Parameter(Position = 0, ParameterSetName = "SkipLast")] public object[] Property { get; set; }
        [Parameter(ParameterSetName = "Default")] [Parameter(ParameterSetName = "SkipLast")] public string[] ExcludeProperty { get; set; }
        [Parameter(ParameterSetName = "Default")] [Parameter(ParameterSetName = "SkipLast")] public string ExpandProperty { get; set; }
        [Parameter] public SwitchParameter Unique { get; set; }
        [Parameter] public SwitchParameter CaseInsensitive { get; set; }
        [Parameter(ParameterSetName = "Default")] [ValidateRange(0, int.MaxValue)] public int Last { get; set; }
        [Parameter(ParameterSetName = "Default")] [ValidateRange(0, int.MaxValue)] public int First { get; set; } = -1;
        [Parameter(ParameterSetName = "Default")] [Parameter(ParameterSetName = "SkipLast")] [ValidateRange(0, int.MaxValue)] public int Skip { get; set; }
        [Parameter(ParameterSetName = "SkipLast")] [ValidateRange(0, int.MaxValue)] public int SkipLast { get; set; }
        [Parameter(ParameterSetName = "Default")] [Parameter(ParameterSetName = "Index")] public SwitchParameter Wait { get; set; }
        [Parameter(ParameterSetName = "Index")] public int[] Index { get; set; }
        [Parameter(ParameterSetName = "SkipIndex")] public int[] SkipIndex { get; set; }
        private Prop[] props; private int seen, outN; private readonly Queue<PSObject> q = new Queue<PSObject>(); private readonly List<PSObject> uniq = new List<PSObject>();
        private bool lastGiven, firstGiven; private int taken; private HashSet<int> idx, sidx;
        protected override void BeginProcessing()
        {
            if (ExcludeProperty != null && (Property == null || Property.Length == 0) && string.IsNullOrEmpty(ExpandProperty)) Property = new object[] { "*" };
            if (Property != null && Property.Length > 0) props = Prop.Parse(Property, this);
            lastGiven = MyInvocation.BoundParameters.ContainsKey("Last"); firstGiven = MyInvocation.BoundParameters.ContainsKey("First");
            if (Index != null) idx = new HashSet<int>(Index);
            if (SkipIndex != null) sidx = new HashSet<int>(SkipIndex);
            if (firstGiven && First == 0 && !lastGiven && !Wait) { }
        }
        protected override void ProcessRecord()
        {
            if (ReferenceEquals(InputObject, AutomationNull.Value)) return;
            PSObject o = InputObject; int n = seen++;
            if (idx != null)
            {
                if (idx.Contains(n)) { Emit(o); if (!Wait && n >= idx.Max()) Stop(); }
                return;
            }
            if (sidx != null) { if (!sidx.Contains(n)) Emit(o); return; }
            if (ParameterSetName == "SkipLast" && MyInvocation.BoundParameters.ContainsKey("SkipLast"))
            {
                if (n < Skip) return;
                q.Enqueue(o); if (q.Count > SkipLast) Emit(q.Dequeue()); return;
            }
            if (lastGiven)
            {
                if (firstGiven) { if (taken < First && n >= Skip) { taken++; Emit(o); return; } q.Enqueue(o); if (q.Count > Last) q.Dequeue(); return; }
                q.Enqueue(o); if (q.Count > Last + Skip) q.Dequeue(); return;
            }
            if (n < Skip) return;
            if (firstGiven)
            {
                if (taken >= First) { if (!Wait) Stop(); return; }
                taken++; Emit(o);
                if (taken >= First && !Wait) Stop();
                return;
            }
            Emit(o);
        }
        private void Stop() { if (!Unique) throw new StopUpstreamCommandsException(this); }
        protected override void EndProcessing()
        {
            if (lastGiven) { if (!firstGiven) for (int i = 0; i < Skip && q.Count > 0; i++) { var l = q.ToList(); l.RemoveAt(l.Count - 1); q.Clear(); foreach (var x in l) q.Enqueue(x); } while (q.Count > 0) Emit(q.Dequeue()); }
            if (Unique) foreach (PSObject o in uniq) WriteObject(o);
        }
        private void Emit(PSObject o)
        {
            if (o == null && props == null && ExpandProperty == null) { Out(null); return; }
            if (props == null && string.IsNullOrEmpty(ExpandProperty)) { Out(o); return; }
            var notes = new List<PSNoteProperty>();
            if (props != null)
                foreach (Prop p in props)
                {
                    if (p.Label != null || p.Expr.IsScript)
                    {
                        object v = null; bool err = false;
                        var r = o == null ? new List<PSPropertyExpressionResult>() : p.Expr.E.GetValues(o);
                        if (r.Count > 0) { if (r[0].Exception != null) err = true; else v = r.Count == 1 ? r[0].Result : r[0].Result; }
                        string nm = p.Label ?? p.Expr.E.Script.ToString();
                        AddNote(notes, nm, err ? null : v);
                        continue;
                    }
                    bool any = false;
                    if (o != null)
                        foreach (var re in p.Expr.E.ResolveNames(o))
                        {
                            string nm = re.ToString();
                            if (Excluded(nm)) { any = true; continue; }
                            var r = re.GetValues(o);
                            any = true;
                            AddNote(notes, nm, r.Count > 0 && r[0].Exception == null ? r[0].Result : null);
                        }
                    if (!any && !p.Expr.E.HasWildCardCharacters && !Excluded(p.Expr.E.ToString())) AddNote(notes, p.Expr.E.ToString(), null);
                }
            if (string.IsNullOrEmpty(ExpandProperty))
            {
                var res = new PSObject();
                foreach (var n in notes) res.Properties.Add(n, true);
                if (o != null && o.TypeNames.Count > 0) res.TypeNames.Insert(0, "Selected." + o.TypeNames[0]);
                Out(res); return;
            }
            var ex = new PSPropertyExpression(ExpandProperty);
            var rr = o == null ? new List<PSPropertyExpressionResult>() : ex.GetValues(o);
            if (rr.Count == 0) { WriteError(new ErrorRecord(new PSArgumentException("Property \"" + ExpandProperty + "\" cannot be found."), "ExpandPropertyNotFound", ErrorCategory.InvalidArgument, o)); return; }
            if (rr.Count > 1) { WriteError(new ErrorRecord(new PSArgumentException("Multiple properties cannot be expanded."), "MutlipleExpandProperties", ErrorCategory.InvalidArgument, o)); return; }
            if (rr[0].Exception != null) { WriteError(new ErrorRecord(rr[0].Exception, "PropertyEvaluationExpand", ErrorCategory.InvalidResult, o)); return; }
            IEnumerable en = LanguagePrimitives.GetEnumerable(rr[0].Result);
            if (en == null)
            {
                if (rr[0].Result == null && notes.Count == 0) { Out(null); return; }
                PSObject po = PSObject.AsPSObject(rr[0].Result ?? new PSObject());
                if (notes.Count > 0) foreach (var n in notes) TryAdd(po, n);
                Out(po); return;
            }
            foreach (object x in en)
            {
                if (x == null) { Out(null); continue; }
                PSObject po = PSObject.AsPSObject(x);
                foreach (var n in notes) TryAdd(po, (PSNoteProperty)n.Copy());
                Out(po);
            }
        }
        private void TryAdd(PSObject po, PSNoteProperty n)
        {
            if (po.Properties[n.Name] != null) { WriteError(new ErrorRecord(new PSArgumentException("The property cannot be processed because the property \"" + n.Name + "\" already exists."), "AlreadyExistingUserSpecifiedPropertyExpand", ErrorCategory.InvalidOperation, po)); return; }
            po.Properties.Add(n);
        }
        private bool Excluded(string n) => ExcludeProperty != null && U.WildMatchAny(n, ExcludeProperty);
        private void AddNote(List<PSNoteProperty> l, string n, object v)
        {
            foreach (var x in l) if (x.Name.Equals(n, StringComparison.OrdinalIgnoreCase)) { if (false) { } WriteError(new ErrorRecord(new PSArgumentException("The property cannot be processed because the property \"" + n + "\" already exists."), "AlreadyExistingUserSpecifiedPropertyNoExpand", ErrorCategory.InvalidOperation, null)); return; }
            l.Add(new PSNoteProperty(n, v));
        }
        private void Out(PSObject o)
        {
            outN++;
            if (!Unique) { WriteObject(o); return; }
            var kc = new KeyComparer(!CaseInsensitive, "");
            foreach (PSObject u in uniq) if (Same(u, o, kc)) return;
            uniq.Add(o);
        }
        private static bool Same(PSObject a, PSObject b, KeyComparer kc)
        {
            if (a == null || b == null) return a == null && b == null;
            if (a.BaseObject is PSCustomObject && b.BaseObject is PSCustomObject)
            {
                var x = a.Properties.ToList(); var y = b.Properties.ToList();
                if (x.Count != y.Count) return false;
                for (int i = 0; i < x.Count; i++) if (!x[i].Name.Equals(y[i].Name, StringComparison.OrdinalIgnoreCase) || !kc.Eq(x[i].Value, y[i].Value)) return false;
                return true;
            }
            return kc.Eq(a, b);
        }
    }

    [Cmdlet("Sort", "Object")]
    public class SortObjectCommand : ObjCmd
    {
        [Parameter(Position = 0)] public object[] Property { get; set; }
        [Parameter] public SwitchParameter Descending { get; set; }
        [Parameter] public SwitchParameter Unique { get; set; }
        [Parameter] public SwitchParameter CaseSensitive { get; set; }
        [Parameter] public string Culture { get; set; }
        [Parameter] public SwitchParameter Stable { get; set; }
        [Parameter] [ValidateRange(1, int.MaxValue)] public int Top { get; set; }
        [Parameter] [ValidateRange(1, int.MaxValue)] public int Bottom { get; set; }
        protected override void EndProcessing()
        {
            var kc = new KeyComparer(CaseSensitive, Culture); Prop[] ps = Prop.Parse(Property, this);
            var keyed = all.Select((o, i) =>
            {
                if (ps.Length == 0) return (o, keys: new object[] { o }, have: new[] { true });
                var k = new object[ps.Length]; var h = new bool[ps.Length];
                for (int j = 0; j < ps.Length; j++) k[j] = ps[j].Expr.First(o, out h[j]);
                return (o, keys: k, have: h);
            }).ToList();
            bool[] desc = ps.Length == 0 ? new[] { (bool)Descending } : ps.Select(p => { bool? d = p.Flag("descending"), a = p.Flag("ascending"); return d ?? (a.HasValue ? !a.Value : (bool)Descending); }).ToArray();
            int Cmp((PSObject o, object[] keys, bool[] have) x, (PSObject o, object[] keys, bool[] have) y)
            {
                for (int j = 0; j < desc.Length; j++)
                {
                    if (x.have[j] != y.have[j]) return x.have[j] ? -1 : 1;
                    int c = kc.Cmp(x.keys[j], y.keys[j]);
                    if (c != 0) return desc[j] ? -c : c;
                }
                return 0;
            }
            var sorted = keyed.OrderBy(x => x, Comparer<(PSObject, object[], bool[])>.Create((x, y) => Cmp(x, y))).ToList();
            if (Unique) { var l = new List<(PSObject o, object[] keys, bool[] have)>(); foreach (var x in sorted) if (l.Count == 0 || Cmp(l[l.Count - 1], x) != 0) l.Add(x); sorted = l; }
            IEnumerable<(PSObject o, object[] keys, bool[] have)> r = sorted;
            if (Top > 0) r = sorted.Take(Top); else if (Bottom > 0) r = sorted.Skip(Math.Max(0, sorted.Count - Bottom));
            foreach (var x in r) WriteObject(x.o);
        }
    }

    public class GroupInfo
    {
        internal GroupInfo(object[] vals, string name) { Values = new ArrayList(vals); Name = name; Group = new Collection<PSObject>(); }
        public ArrayList Values { get; }
        public virtual int Count { get; internal set; }
        public Collection<PSObject> Group { get; internal set; }
        public string Name { get; }
    }
    public sealed class GroupInfoNoElement : GroupInfo { internal GroupInfoNoElement(object[] v, string n) : base(v, n) { } }
    [Cmdlet(VerbsData.Group, "Object", DefaultParameterSetName = "HashTable")]
    public class GroupObjectCommand : ObjCmd
    {
        [Parameter(Position = 0)] public object[] Property { get; set; }
        [Parameter] public SwitchParameter NoElement { get; set; }
        [Parameter(ParameterSetName = "HashTable")] [Alias("AHT")] public SwitchParameter AsHashTable { get; set; }
        [Parameter(ParameterSetName = "HashTable")] public SwitchParameter AsString { get; set; }
        [Parameter] public SwitchParameter CaseSensitive { get; set; }
        [Parameter] public string Culture { get; set; }
        protected override void EndProcessing()
        {
            var kc = new KeyComparer(CaseSensitive, Culture); Prop[] ps = Prop.Parse(Property, this); var gs = new List<GroupInfo>();
            foreach (PSObject o in all)
            {
                object[] k = ps.Length == 0 ? new[] { U.Base(o) } : ps.Select(p => U.Base(p.Expr.First(o))).ToArray();
                GroupInfo g = gs.FirstOrDefault(x => x.Values.Count == k.Length && Enumerable.Range(0, k.Length).All(i => kc.Eq(x.Values[i], k[i])));
                if (g == null) { string nm = string.Join(", ", k.Select(v => v == null ? "" : PSObject.AsPSObject(v).ToString())); gs.Add(g = NoElement ? new GroupInfoNoElement(k, nm) : new GroupInfo(k, nm)); }
                g.Count++; if (!NoElement) g.Group.Add(o);
            }
            if (AsHashTable)
            {
                var h = new Hashtable(CaseSensitive ? StringComparer.CurrentCulture : (IEqualityComparer)StringComparer.CurrentCultureIgnoreCase);
                foreach (GroupInfo g in gs)
                {
                    object key = AsString ? g.Name : g.Values.Count == 1 ? g.Values[0] : g.Values;
                    if (key == null) key = "";
                    h[key] = g.Group;
                }
                WriteObject(h); return;
            }
            foreach (GroupInfo g in gs.OrderBy(x => x, Comparer<GroupInfo>.Create((a, b) => { for (int i = 0; i < a.Values.Count; i++) { int c = kc.Cmp(a.Values[i], b.Values[i]); if (c != 0) return c; } return 0; }))) WriteObject(g);
        }
    }

    public abstract class MeasureInfo { public string Property { get; internal set; } }
    public sealed class GenericMeasureInfo : MeasureInfo { public int Count { get; internal set; } public double? Average { get; internal set; } public double? Sum { get; internal set; } public double? Maximum { get; internal set; } public double? Minimum { get; internal set; } public double? StandardDeviation { get; internal set; } }
    public sealed class GenericObjectMeasureInfo : MeasureInfo { public int Count { get; internal set; } public double? Average { get; internal set; } public double? Sum { get; internal set; } public object Maximum { get; internal set; } public object Minimum { get; internal set; } public double? StandardDeviation { get; internal set; } }
    public sealed class TextMeasureInfo : MeasureInfo { public int? Lines { get; internal set; } public int? Words { get; internal set; } public int? Characters { get; internal set; } }
    [Cmdlet(VerbsDiagnostic.Measure, "Object", DefaultParameterSetName = "GenericMeasure")]
    public class MeasureObjectCommand : ObjCmd
    {
        [Parameter(Position = 0)] public object[] Property { get; set; }
        [Parameter(ParameterSetName = "GenericMeasure")] public SwitchParameter Sum { get; set; }
        [Parameter(ParameterSetName = "GenericMeasure")] public SwitchParameter Average { get; set; }
        [Parameter(ParameterSetName = "GenericMeasure")] public SwitchParameter Maximum { get; set; }
        [Parameter(ParameterSetName = "GenericMeasure")] public SwitchParameter Minimum { get; set; }
        [Parameter(ParameterSetName = "GenericMeasure")] public SwitchParameter StandardDeviation { get; set; }
        [Parameter(ParameterSetName = "GenericMeasure")] public SwitchParameter AllStats { get; set; }
        [Parameter(ParameterSetName = "TextMeasure")] public SwitchParameter Line { get; set; }
        [Parameter(ParameterSetName = "TextMeasure")] public SwitchParameter Word { get; set; }
        [Parameter(ParameterSetName = "TextMeasure")] public SwitchParameter Character { get; set; }
        [Parameter(ParameterSetName = "TextMeasure")] public SwitchParameter IgnoreWhiteSpace { get; set; }
        protected override void EndProcessing()
        {
            if (Property == null) { Do(null, all.Select(o => U.Base(o)).ToList()); return; }
            foreach (Prop p in Prop.Parse(Property, this))
            {
                if (p.Expr.IsScript) { Do(p.Expr.E.Script.ToString(), all.Select(o => U.Base(p.Expr.First(o))).Where(v => v != null).ToList()); continue; }
                var byName = new Dictionary<string, List<object>>(StringComparer.OrdinalIgnoreCase); var order = new List<string>();
                foreach (PSObject o in all)
                    foreach (var e in p.Expr.E.ResolveNames(o))
                    {
                        var r = e.GetValues(o); if (r.Count == 0 || r[0].Exception != null || r[0].Result == null) continue;
                        if (!byName.TryGetValue(e.ToString(), out var l)) { byName[e.ToString()] = l = new List<object>(); order.Add(e.ToString()); }
                        l.Add(U.Base(r[0].Result));
                    }
                if (order.Count == 0)
                {
                    if (all.Count > 0) WriteError(new ErrorRecord(new PSArgumentException("The property \"" + p.Expr.E + "\" cannot be found in the input for any objects.", "Property"), "GenericMeasurePropertyNotFound", ErrorCategory.InvalidArgument, null));
                    continue;
                }
                foreach (string n in order) Do(n, byName[n]);
            }
        }
        private void Do(string name, List<object> v)
        {
            if (ParameterSetName == "TextMeasure")
            {
                var t = new TextMeasureInfo { Property = name }; int ln = 0, wd = 0, ch = 0;
                foreach (object o in v)
                {
                    string s = o?.ToString() ?? "";
                    ln += s.Length == 0 ? 0 : s.Count(c => c == '\n') + 1; wd += s.Split((char[])null, StringSplitOptions.RemoveEmptyEntries).Length; ch += IgnoreWhiteSpace ? s.Count(c => !char.IsWhiteSpace(c)) : s.Length;
                }
                if (Line) t.Lines = ln; if (Word) t.Words = wd; if (Character) t.Characters = ch;
                WriteObject(t); return;
            }
            bool num = Sum || Average || StandardDeviation || AllStats; var d = new List<double>(); bool allNum = true;
            foreach (object o in v)
            {
                if (o is string || !(LanguagePrimitives.IsNumeric(LanguagePrimitives.GetTypeCode(o?.GetType() ?? typeof(object)))))
                {
                    if (num || true)
                    {
                        if (o != null && LanguagePrimitives.TryConvertTo(o, CultureInfo.CurrentCulture, out double x) && (num || o is string)) { d.Add(x); if (!num) allNum = false; continue; }
                        allNum = false;
                        if (num) WriteError(new ErrorRecord(new PSInvalidCastException("Input object \"" + o + "\" is not numeric."), "NonNumericInputObject", ErrorCategory.InvalidType, o));
                    }
                    continue;
                }
                d.Add(Convert.ToDouble(o, CultureInfo.InvariantCulture));
            }
            object mx = null, mn = null; var kc = new KeyComparer(false, null);
            if (Maximum || Minimum || AllStats) foreach (object o in v) { if (o == null) continue; if (mx == null || kc.Cmp(o, mx) > 0) mx = o; if (mn == null || kc.Cmp(o, mn) < 0) mn = o; }
            double? sum = Sum || AllStats ? d.Sum() : (double?)null, avg = (Average || AllStats) && d.Count > 0 ? d.Average() : (double?)null, sd = null;
            if ((StandardDeviation || AllStats) && d.Count > 0) { double m = d.Average(); sd = d.Count > 1 ? Math.Sqrt(d.Sum(x => (x - m) * (x - m)) / (d.Count - 1)) : 0; }
            if (v.Count == 0) { sum = Sum || AllStats ? 0 : (double?)null; }
            if (allNum || num)
            {
                WriteObject(new GenericMeasureInfo { Property = name, Count = v.Count, Sum = sum, Average = avg, StandardDeviation = sd, Maximum = (Maximum || AllStats) && mx != null ? Convert.ToDouble(mx, CultureInfo.InvariantCulture) : (double?)null, Minimum = (Minimum || AllStats) && mn != null ? Convert.ToDouble(mn, CultureInfo.InvariantCulture) : (double?)null });
                return;
            }
            WriteObject(new GenericObjectMeasureInfo { Property = name, Count = v.Count, Sum = sum, Average = avg, Maximum = Maximum ? mx : null, Minimum = Minimum ? mn : null });
        }
    }

    [Cmdlet(VerbsData.Compare, "Object")]
    public class CompareObjectCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true)] [AllowEmptyCollection] public PSObject[] ReferenceObject { get; set; }
        [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true)] [AllowEmptyCollection] public PSObject[] DifferenceObject { get; set; }
        [Parameter] [ValidateRange(0, int.MaxValue)] public int SyncWindow { get; set; } = int.MaxValue;
        [Parameter] public object[] Property { get; set; }
        [Parameter] public SwitchParameter ExcludeDifferent { get; set; }
        [Parameter] public SwitchParameter IncludeEqual { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        [Parameter] public string Culture { get; set; }
        [Parameter] public SwitchParameter CaseSensitive { get; set; }
        private readonly List<PSObject> diff = new List<PSObject>();
        protected override void ProcessRecord() { if (DifferenceObject != null) diff.AddRange(DifferenceObject); }
        protected override void EndProcessing()
        {
            var kc = new KeyComparer(CaseSensitive, Culture); Prop[] ps = Prop.Parse(Property, this);
            object[] Key(PSObject o) => ps.Length == 0 ? new object[] { o } : ps.Select(p => p.Expr.First(o)).ToArray();
            bool Eq(PSObject a, PSObject b) { object[] x = Key(a), y = Key(b); for (int i = 0; i < x.Length; i++) if (!kc.Eq(x[i], y[i])) return false; return true; }
            if (ExcludeDifferent && !MyInvocation.BoundParameters.ContainsKey("IncludeEqual")) IncludeEqual = true;
            var left = ReferenceObject.Select((o, i) => (o, i)).ToList(); var rest = new List<PSObject>();
            for (int j = 0; j < diff.Count; j++)
            {
                int f = left.FindIndex(l => Math.Abs((long)l.i - j) <= SyncWindow && Eq(l.o, diff[j]));
                if (f >= 0) { if (IncludeEqual) Emit(left[f].o, "==", ps); left.RemoveAt(f); }
                else rest.Add(diff[j]);
            }
            if (ExcludeDifferent) return;
            foreach (PSObject o in rest) Emit(o, "=>", ps);
            foreach (var l in left) Emit(l.o, "<=", ps);
        }
        private void Emit(PSObject o, string ind, Prop[] ps)
        {
            PSObject r;
            if (PassThru) { r = PSObject.AsPSObject(o); if (r.Properties["SideIndicator"] != null) r.Properties.Remove("SideIndicator"); r.Properties.Add(new PSNoteProperty("SideIndicator", ind)); WriteObject(r); return; }
            r = new PSObject();
            if (ps.Length == 0) r.Properties.Add(new PSNoteProperty("InputObject", o));
            else foreach (Prop p in ps) r.Properties.Add(new PSNoteProperty(p.Label ?? (p.Expr.IsScript ? p.Expr.E.Script.ToString() : p.Expr.E.ToString()), p.Expr.First(o)));
            r.Properties.Add(new PSNoteProperty("SideIndicator", ind));
            WriteObject(r);
        }
    }

    [Cmdlet(VerbsCommon.Get, "Unique", DefaultParameterSetName = "AsString")]
    public class GetUniqueCommand : PSCmdlet
    {
        [Parameter(ValueFromPipeline = true)] public PSObject InputObject { get; set; }
        [Parameter(ParameterSetName = "AsString")] public SwitchParameter AsString { get; set; }
        [Parameter(ParameterSetName = "UniqueByType")] public SwitchParameter OnType { get; set; }
        [Parameter] public SwitchParameter CaseInsensitive { get; set; }
        private PSObject last; private bool any;
        protected override void ProcessRecord()
        {
            bool same = false;
            if (any)
            {
                if (OnType) same = last.TypeNames[0] == InputObject.TypeNames[0];
                else if (AsString || InputObject.BaseObject is string) same = string.Equals(last.ToString(), InputObject.ToString(), CaseInsensitive ? StringComparison.CurrentCultureIgnoreCase : StringComparison.CurrentCulture);
                else same = new KeyComparer(!CaseInsensitive, null).Eq(last, InputObject);
            }
            if (!same) { WriteObject(InputObject); last = InputObject; any = true; }
        }
    }
    [Cmdlet("Tee", "Object", DefaultParameterSetName = "File")]
    public class TeeObjectCommand : PSCmdlet
    {
        [Parameter(ValueFromPipeline = true)] public PSObject InputObject { get; set; }
        [Parameter(Mandatory = true, Position = 0, ParameterSetName = "File")] public string FilePath { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "LiteralFile")] [Alias("PSPath", "LP")] public string LiteralPath { get => FilePath; set => FilePath = value; }
        [Parameter(ParameterSetName = "File")] public SwitchParameter Append { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "Variable")] public string Variable { get; set; }
        private readonly List<PSObject> l = new List<PSObject>();
        protected override void ProcessRecord() { l.Add(InputObject); WriteObject(InputObject); }
        protected override void EndProcessing()
        {
            if (Variable != null) { SessionState.PSVariable.Set(Variable, l.Count == 1 ? (object)l[0] : l.ToArray()); return; }
            using var ps = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
            ps.AddCommand("Out-File").AddParameter("LiteralPath", GetUnresolvedProviderPathFromPSPath(FilePath)).AddParameter("Append", (bool)Append);
            ps.Invoke(l);
        }
    }

    [Cmdlet(VerbsCommon.New, "Object", DefaultParameterSetName = "Net")]
    public class NewObjectCommand : PSCmdlet
    {
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Net")] public string TypeName { get; set; }
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Com")] public string ComObject { get; set; }
        [Parameter(Position = 1, ParameterSetName = "Net")] [Alias("Args")] public object[] ArgumentList { get; set; }
        [Parameter(ParameterSetName = "Com")] public SwitchParameter Strict { get; set; }
        [Parameter] public IDictionary Property { get; set; }
        protected override void BeginProcessing()
        {
            object o = null;
            if (ComObject != null)
            {
                if (!OperatingSystem.IsWindows()) ThrowTerminatingError(new ErrorRecord(new PSNotSupportedException("COM objects exist on Windows only."), "CannotLoadComObjectType", ErrorCategory.InvalidType, ComObject));
                Type ct = Guid.TryParse(ComObject, out Guid g) ? Type.GetTypeFromCLSID(g) : Type.GetTypeFromProgID(ComObject);
                if (ct == null) ThrowTerminatingError(new ErrorRecord(new System.Runtime.InteropServices.COMException("Retrieving the COM class factory for component with CLSID {00000000-0000-0000-0000-000000000000} failed due to the following error: 80040154 Class not registered (0x80040154 (REGDB_E_CLASSNOTREG))."), "NoCOMClassIdentified", ErrorCategory.ResourceUnavailable, null));
                try { o = Activator.CreateInstance(ct); } catch (Exception e) { ThrowTerminatingError(new ErrorRecord(e, "NoCOMClassIdentified", ErrorCategory.ResourceUnavailable, null)); }
            }
            else
            {
                if (!LanguagePrimitives.TryConvertTo(TypeName, out Type t))
                    ThrowTerminatingError(new ErrorRecord(new PSArgumentException("Cannot find type [" + TypeName + "]: verify that the assembly containing this type is loaded."), "TypeNotFound", ErrorCategory.InvalidType, null));
                if (t.ContainsGenericParameters) ThrowTerminatingError(new ErrorRecord(new PSArgumentException("Cannot create an open generic type [" + TypeName + "]."), "TypeNotFound", ErrorCategory.InvalidType, null));
                try
                {
                    object[] a = ArgumentList;
                    if ((a == null || a.Length == 0) && t.IsValueType && t.GetConstructor(Type.EmptyTypes) == null) o = Activator.CreateInstance(t);
                    else
                    {
                        var ctors = t.GetConstructors();
                        if (ctors.Length == 0) ThrowTerminatingError(new ErrorRecord(new PSArgumentException("A constructor was not found. Cannot find an appropriate constructor for type " + t.FullName + "."), "CannotFindAppropriateCtor", ErrorCategory.ObjectNotFound, null));
                        if (t == typeof(PSObject) && (a == null || a.Length == 0)) o = new PSObject();
                        else o = DotNetAdapter.ConstructorInvokeDotNet(t, ctors, a ?? Array.Empty<object>());
                    }
                }
                catch (MethodException e)
                {
                    Exception x = e is MethodInvocationException && e.InnerException != null ? e : e;
                    ThrowTerminatingError(new ErrorRecord(x, e is MethodInvocationException ? "ConstructorInvokedThrowException,Microsoft.PowerShell.Commands.NewObjectCommand" : "ConstructorInvokedThrowException", ErrorCategory.InvalidOperation, null));
                }
            }
            if (Property != null)
            {
                PSObject po = PSObject.AsPSObject(o);
                foreach (DictionaryEntry e in Property)
                {
                    string n = e.Key.ToString();
                    if (po.BaseObject is PSCustomObject || o is PSObject) { po.Properties.Add(new PSNoteProperty(n, e.Value), true); continue; }
                    PSMemberInfo m = po.Members[n];
                    try
                    {
                        if (m is PSPropertyInfo p) p.Value = e.Value;
                        else if (m is PSMethodInfo me) me.Invoke(e.Value is object[] arr ? arr : new[] { e.Value });
                        else WriteError(new ErrorRecord(new InvalidOperationException("The member \"" + n + "\" was not found for the specified .NET object."), "InvalidOperationException", ErrorCategory.InvalidOperation, null));
                    }
                    catch (Exception x) when (x is SetValueException || x is MethodException) { WriteError(new ErrorRecord(new InvalidOperationException("The value supplied is not valid, or the property is read-only. Change the value, and then try again.", x), "InvalidOperationException", ErrorCategory.InvalidOperation, null)); }
                }
            }
            WriteObject(o);
        }
    }

    // a word like ScriptMethod in the first place is a member type, not the name of a note
    internal sealed class NotAMemberTypeAttribute : ValidateArgumentsAttribute
    {
        protected override void Validate(object v, EngineIntrinsics e)
        {
            // the exception that lets the binder try the next parameter set
            if (U.Base(v) is string s && s.Length > 0 && !char.IsDigit(s[0]) && Enum.TryParse(s, true, out PSMemberTypes _))
                throw new ValidationMetadataException("The parameter NotePropertyName cannot take values that could be converted to the type PSMemberTypes: " + s, true);
        }
    }
    [Cmdlet(VerbsCommon.Add, "Member", DefaultParameterSetName = "TypeNameSet")]
    public class AddMemberCommand : PSCmdlet
    {
        [Parameter(Mandatory = true, ValueFromPipeline = true)] public PSObject InputObject { get; set; }
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "MemberSet")] [Alias("Type")] public PSMemberTypes MemberType { get; set; }
        [Parameter(Position = 1, Mandatory = true, ParameterSetName = "MemberSet")] public string Name { get; set; }
        [Parameter(Position = 2, ParameterSetName = "MemberSet")] public object Value { get; set; }
        [Parameter(Position = 3, ParameterSetName = "MemberSet")] public object SecondValue { get; set; }
        [Parameter(Mandatory = true, ParameterSetName = "TypeNameSet")]
        [Parameter(ParameterSetName = "MemberSet")] [Parameter(ParameterSetName = "NotePropertySingleMemberSet")] [Parameter(ParameterSetName = "NotePropertyMultiMemberSet")] public string TypeName { get; set; }
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "NotePropertySingleMemberSet")] [NotAMemberType] public string NotePropertyName { get; set; }
        [Parameter(Position = 1, Mandatory = true, ParameterSetName = "NotePropertySingleMemberSet")] [AllowNull] public object NotePropertyValue { get; set; }
        [Parameter(Position = 0, Mandatory = true, ParameterSetName = "NotePropertyMultiMemberSet")] public IDictionary NotePropertyMembers { get; set; }
        [Parameter(ParameterSetName = "MemberSet")] [Parameter(ParameterSetName = "NotePropertySingleMemberSet")] [Parameter(ParameterSetName = "NotePropertyMultiMemberSet")] public SwitchParameter Force { get; set; }
        [Parameter] public SwitchParameter PassThru { get; set; }
        private bool Put(PSMemberInfo m)
        {
            PSMemberInfo old = InputObject.Members[m.Name];
            if (old != null)
            {
                if (!Force) { WriteError(new ErrorRecord(new InvalidOperationException("Cannot add a member with the name \"" + m.Name + "\" because a member with that name already exists. To overwrite the member anyway, add the Force parameter to your command."), "MemberAlreadyExists", ErrorCategory.InvalidOperation, InputObject)); return false; }
                if (old.IsInstance) InputObject.Members.Remove(m.Name);
            }
            InputObject.Members.Add(m); return true;
        }
        protected override void ProcessRecord()
        {
            if (!string.IsNullOrEmpty(TypeName)) InputObject.TypeNames.Insert(0, TypeName);
            bool ok = true;
            if (NotePropertyMembers != null) foreach (DictionaryEntry e in NotePropertyMembers) ok &= Put(new PSNoteProperty(e.Key.ToString(), e.Value));
            else if (NotePropertyName != null) ok = Put(new PSNoteProperty(NotePropertyName, NotePropertyValue));
            else if (Name != null)
            {
                PSMemberInfo m = null;
                T As<T>(object v) => v == null ? default(T) : (T)LanguagePrimitives.ConvertTo(v, typeof(T), CultureInfo.InvariantCulture);
                switch (MemberType)
                {
                    case PSMemberTypes.NoteProperty: m = new PSNoteProperty(Name, Value); break;
                    case PSMemberTypes.ScriptProperty: m = SecondValue != null ? new PSScriptProperty(Name, As<ScriptBlock>(Value), As<ScriptBlock>(SecondValue)) : new PSScriptProperty(Name, As<ScriptBlock>(Value)); break;
                    case PSMemberTypes.ScriptMethod: m = new PSScriptMethod(Name, As<ScriptBlock>(Value)); break;
                    case PSMemberTypes.AliasProperty: m = SecondValue != null ? new PSAliasProperty(Name, As<string>(Value), As<Type>(SecondValue)) : new PSAliasProperty(Name, As<string>(Value)); break;
                    case PSMemberTypes.CodeMethod: m = new PSCodeMethod(Name, As<MethodInfo>(Value)); break;
                    case PSMemberTypes.CodeProperty: m = new PSCodeProperty(Name, As<MethodInfo>(Value), As<MethodInfo>(SecondValue)); break;
                    case PSMemberTypes.PropertySet: m = new PSPropertySet(Name, As<string[]>(Value)); break;
                    case PSMemberTypes.MemberSet: m = Value == null ? new PSMemberSet(Name) : new PSMemberSet(Name, As<Collection<PSMemberInfo>>(Value)); break;
                    default: ThrowTerminatingError(U.Err("Cannot add a member with type \"" + MemberType + "\". Specify a different type for the MemberTypes parameter.", "CannotAddMemberType", ErrorCategory.InvalidOperation, MemberType)); break;
                }
                ok = Put(m);
            }
            if (ok && PassThru) WriteObject(InputObject);
        }
    }

    public class MemberDefinition
    {
        public MemberDefinition(string typeName, string name, PSMemberTypes memberType, string definition) { TypeName = typeName; Name = name; MemberType = memberType; Definition = definition; }
        public string TypeName { get; }
        public string Name { get; }
        public PSMemberTypes MemberType { get; }
        public string Definition { get; }
        public override string ToString() => Definition;
    }
    [Cmdlet(VerbsCommon.Get, "Member")]
    public class GetMemberCommand : PSCmdlet
    {
        [Parameter(ValueFromPipeline = true)] public PSObject InputObject { get; set; }
        [Parameter(Position = 0)] public string[] Name { get; set; } = { "*" };
        [Parameter] [Alias("Type")] public PSMemberTypes MemberType { get; set; } = PSMemberTypes.All;
        [Parameter] public SwitchParameter Static { get; set; }
        [Parameter] public SwitchParameter Force { get; set; }
        private readonly HashSet<string> done = new HashSet<string>(); private bool any;
        protected override void ProcessRecord()
        {
            if (InputObject == null || ReferenceEquals(InputObject, AutomationNull.Value)) return;
            any = true; string tn; IEnumerable<PSMemberInfo> ms;
            if (Static)
            {
                Type t = InputObject.BaseObject as Type ?? InputObject.BaseObject.GetType(); tn = t.FullName;
                if (!done.Add("static " + tn)) return;
                var l = new List<MemberDefinition>();
                foreach (var g in t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy).Where(m => !m.IsSpecialName || m.Name.StartsWith("op_")).GroupBy(m => m.Name)) l.Add(new MemberDefinition(tn, g.Key, PSMemberTypes.Method, string.Join(", ", g.Select(m => "static " + m))));
                foreach (var p in t.GetProperties(BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy)) l.Add(new MemberDefinition(tn, p.Name, PSMemberTypes.Property, "static " + p.PropertyType + " " + p.Name));
                foreach (var p in t.GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy)) l.Add(new MemberDefinition(tn, p.Name, PSMemberTypes.Property, "static " + p.FieldType + " " + p.Name));
                foreach (var d in l.Where(d => (d.MemberType & MemberType) != 0 && U.WildMatchAny(d.Name, Name)).OrderBy(d => d.MemberType.ToString()).ThenBy(d => d.Name, StringComparer.OrdinalIgnoreCase)) WriteObject(d);
                return;
            }
            tn = InputObject.TypeNames.Count > 0 ? InputObject.TypeNames[0] : InputObject.BaseObject.GetType().FullName;
            if (!done.Add(tn + (InputObject.BaseObject is PSCustomObject ? string.Join("|", InputObject.Properties.Select(p => p.Name)) : ""))) return;
            ms = InputObject.Members;
            var hidden = new[] { "psbase", "psadapted", "psextended", "psobject", "pstypenames" };
            foreach (PSMemberInfo m in ms.Where(m => (m.MemberType & MemberType) != 0 && U.WildMatchAny(m.Name, Name) && (Force || (!hidden.Contains(m.Name) && !m.Name.StartsWith("get_") && !m.Name.StartsWith("set_") && !m.Name.StartsWith("add_") && !m.Name.StartsWith("remove_") && !m.Name.StartsWith("op_")))).OrderBy(m => m.MemberType.ToString()).ThenBy(m => m.Name, StringComparer.OrdinalIgnoreCase))
                WriteObject(new MemberDefinition(tn, m.Name, m.MemberType, m.ToString()));
        }
        protected override void EndProcessing() { if (!any) WriteError(U.Err("You must specify an object for the Get-Member cmdlet.", "NoObjectInGetMember", ErrorCategory.CloseError, null)); }
    }
}
