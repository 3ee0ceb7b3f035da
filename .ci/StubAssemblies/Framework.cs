using System.Runtime.InteropServices;
using Mono.Cecil;

namespace StubAssemblies;

/// <summary>The public types of the framework's reference assemblies, which sources are compiled against.</summary>
internal sealed class Framework
{
    private readonly Dictionary<string, TypeDefinition> _types = [];

    public Framework()
    {
        var packs = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../packs/Microsoft.NETCore.App.Ref");
        var newest = Directory.GetDirectories(packs).MaxBy(folder => Version.Parse(Path.GetFileName(folder)))
            ?? throw new DirectoryNotFoundException($"The SDK has no reference assemblies in {packs}.");
        foreach (var file in Directory.GetFiles(Path.Combine(newest, "ref", $"net{Environment.Version.Major}.0"), "*.dll"))
            foreach (var type in ModuleDefinition.ReadModule(file).GetTypes().Where(type => type.IsPublic || type.IsNestedPublic))
                _types[CecilNames.KeyOf(type)] = type;
    }

    public TypeDefinition? Find(string key) => _types.GetValueOrDefault(key);

    public TypeDefinition this[string name] => _types[$"{name}`0"];
}
