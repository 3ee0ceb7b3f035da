using System.Text;
using Nuke.Common.IO;
using Nuke.Common.Utilities;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.CI;

/// <summary>
/// Remembers what the generated files were made of, so that starting a build whose assemblies, parameters and generated files
/// are all unchanged starts no other process.
/// </summary>
internal sealed class GenerationStamp(INukeBuild build, IReadOnlyList<IConfigurationGenerator> generators)
{
    private AbsolutePath StampFile => build.TemporaryDirectory / "generated-configurations.stamp";

    public bool IsCurrent() => StampFile.FileExists() && File.ReadAllText(StampFile) == Compute();

    public void Write() => File.WriteAllText(StampFile, Compute());

    private string Compute()
    {
        var inputs = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(build.BuildAssemblyDirectory, "*.dll").Order(StringComparer.Ordinal))
        {
            var info = new FileInfo(file);
            inputs.AppendLine($"{file} {info.Length} {info.LastWriteTimeUtc.Ticks}");
        }

        var parameterFiles = Directory.EnumerateFiles(Constants.DirectoryOf(build.RootDirectory), "parameters*.json");
        var generatedFiles = generators.SelectMany(x => x.GeneratedFiles).Select(x => (string)x);
        foreach (var file in parameterFiles.Concat(generatedFiles).Order(StringComparer.Ordinal))
            inputs.AppendLine($"{file} {(File.Exists(file) ? File.ReadAllText(file).GetSHA256Hash() : "-")}");

        foreach (var parameter in InjectionMembers.ParametersOf(build.GetType(), includeUnlisted: true))
            inputs.AppendLine($"{parameter.Name} {ParameterService.GetVariable(ParameterService.GetMemberName(parameter))}");
        return inputs.ToString().GetSHA256Hash();
    }
}
