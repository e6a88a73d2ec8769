// Copyright: (c) 2026, vmbackup.azure contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

/// <summary>Keeps what Ansible compiles at each task of Windows: the compiler takes seconds, its result is the same.</summary>
/// <remarks>Ansible's Add-CSharpType names these types; PowerShell finds those of the same name here first.</remarks>
internal class StartupHook
{
    public static void Initialize()
    {
        var add = typeof(PSObject).Assembly.GetType("System.Management.Automation.TypeAccelerators").GetMethod("Add");
        foreach (var (name, type) in new[] { ("SyntaxTree", typeof(Source)), ("CSharp.CSharpSyntaxTree", typeof(Source)), ("CSharp.CSharpCompilation", typeof(Compiled)) })
            add.Invoke(null, new object[] { "Microsoft.CodeAnalysis." + name, type });
    }
}

public record Source(string Text, CSharpParseOptions Options)
{
    public static Source ParseText(string text, CSharpParseOptions options) => new Source(text, options);
}

public record Compiled(string Name, List<Source> Sources, IEnumerable<MetadataReference> References, CSharpCompilationOptions Options)
{
    public bool Success => true;

    public static Compiled Create(string name, List<Source> sources, IEnumerable<MetadataReference> references, CSharpCompilationOptions options) =>
        new Compiled(name, sources, references, options);

    public object Emit(Stream image, Stream pdb, Stream xml, Stream resources, IEnumerable<ResourceDescription> manifest, EmitOptions options)
    {
        var parts = Sources.SelectMany(one => one.Options.PreprocessorSymbolNames.Append(one.Text)).Concat(References.Select(one => one.Display));
        var key = string.Join("\n", parts.Append($"{Options.AllowUnsafe} {options.DebugInformationFormat}"));
        var file = Path.Combine(Environment.GetEnvironmentVariable("PSHOST_COMPILED"), Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key))) + ".dll");
        if (!File.Exists(file))
        {
            var trees = Sources.Select(one => CSharpSyntaxTree.ParseText(one.Text, one.Options));
            using var made = new MemoryStream();
            var result = CSharpCompilation.Create(Name, trees, References, Options).Emit(made, options: options);
            if (!result.Success) return result;
            var part = $"{file}.{Guid.NewGuid()}";
            File.WriteAllBytes(part, made.ToArray());
            File.Move(part, file, true);
        }
        image.Write(File.ReadAllBytes(file));
        return this;
    }
}
