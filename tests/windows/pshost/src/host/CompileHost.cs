// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
// pwsh -CompileHost: a small C# compiler front end (Roslyn), so that the cmdlet assembly can be rebuilt without the .NET SDK.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace PSHostTool
{
    internal static class CompileHost
    {
        // A copy of the assembly, for the compiler only, in which internal types and members read as public
        // (at run time the cmdlet assembly carries IgnoresAccessChecksToAttribute).
        private static byte[] Publicize(byte[] image)
        {
            using var pe = new PEReader(new MemoryStream(image));
            MetadataReader mr = pe.GetMetadataReader();
            int baseOff = pe.PEHeaders.MetadataStartOffset;
            void Rows(TableIndex t, Action<int> f)
            {
                int off = baseOff + mr.GetTableMetadataOffset(t), size = mr.GetTableRowSize(t);
                for (int i = 0, n = mr.GetTableRowCount(t); i < n; i++) f(off + i * size);
            }
            Rows(TableIndex.TypeDef, o =>
            {
                int fl = BitConverter.ToInt32(image, o), vis = fl & 7;
                int nv = vis == 0 ? 1 : vis == 5 ? 2 : vis;   // NotPublic -> Public, NestedAssembly -> NestedPublic
                BitConverter.TryWriteBytes(new Span<byte>(image, o, 4), (fl & ~7) | nv);
            });
            Action<int> member = o =>
            {
                ushort fl = BitConverter.ToUInt16(image, o);
                if ((fl & 7) == 3) BitConverter.TryWriteBytes(new Span<byte>(image, o, 2), (ushort)((fl & ~7) | 6));   // Assembly -> Public
            };
            Rows(TableIndex.MethodDef, o => member(o + 6));
            Rows(TableIndex.Field, member);
            return image;
        }

        public static int Run(string[] a)
        {
            string outp = null; bool exe = false, internals = false, noStdRef = false; var refs = new List<string>(); var src = new List<string>(); var defs = new List<string>();
            for (int i = 0; i < a.Length; i++)
            {
                switch (a[i].ToLowerInvariant())
                {
                    case "-out": outp = a[++i]; break;
                    case "-exe": exe = true; break;
                    case "-internals": internals = true; break;
                    case "-nostdref": noStdRef = true; break;
                    case "-define": defs.AddRange(a[++i].Split(';')); break;
                    case "-r": refs.Add(a[++i]); break;
                    default: src.Add(a[i]); break;
                }
            }
            if (outp == null || src.Count == 0) { Console.Error.WriteLine("usage: pwsh -CompileHost -out FILE.dll [-exe] [-internals] [-define A;B] [-r REF.dll]... SOURCE.cs..."); return 64; }
            string home = AppContext.BaseDirectory;
            if (!noStdRef)
            {
                refs.AddRange(Directory.GetFiles(Path.Combine(home, "ref"), "*.dll"));
                foreach (string n in new[] { "System.Management.Automation.dll", "Microsoft.CodeAnalysis.dll", "Microsoft.CodeAnalysis.CSharp.dll", "Newtonsoft.Json.dll", "System.ServiceProcess.ServiceController.dll" })
                    if (File.Exists(Path.Combine(home, n))) refs.Add(Path.Combine(home, n));
            }
            var po = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest).WithPreprocessorSymbols(defs);
            var trees = src.Select(f => CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(f), Encoding.UTF8), po, Path.GetFileName(f))).ToList();
            var co = new CSharpCompilationOptions(exe ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, deterministic: true)
                .WithSpecificDiagnosticOptions(new Dictionary<string, ReportDiagnostic> { ["CS1701"] = ReportDiagnostic.Suppress, ["CS1702"] = ReportDiagnostic.Suppress });
            var comp = CSharpCompilation.Create(Path.GetFileNameWithoutExtension(outp), trees, refs.Select(r => internals && Path.GetFileName(r) == "System.Management.Automation.dll" ? (MetadataReference)MetadataReference.CreateFromImage(Publicize(File.ReadAllBytes(r))) : MetadataReference.CreateFromFile(r)), co);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(outp)));
            using var ms = new MemoryStream();
            var res = comp.Emit(ms);
            int n1 = 0;
            foreach (Diagnostic d in res.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(200)) { Console.Error.WriteLine(d.ToString()); n1++; }
            if (!res.Success) { Console.Error.WriteLine(n1 + " error(s)"); return 1; }
            File.WriteAllBytes(outp, ms.ToArray());
            Console.Out.WriteLine("compiled " + Path.GetFileName(outp) + ", " + ms.Length + " bytes");
            return 0;
        }
    }
}
