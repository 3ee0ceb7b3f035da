using System.Reflection;
using Gantry.AzurePipelines;
using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Generation;

/// <summary>Runs the generators of a build class and compares their output with the files on disk.</summary>
internal static class GenerationRun
{
    /// <summary>Returns the generators of a build class.</summary>
    public static IReadOnlyList<FileGeneratorAttribute> GeneratorsOf(INukeBuild build) =>
        [.. build.GetType().GetCustomAttributes<FileGeneratorAttribute>()];

    /// <summary>Writes stale files and logs them. Findings about the files are logged only when a file changes, not on each run.</summary>
    public static void Write(INukeBuild build, FileGeneratorAttribute generator, IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        var result = generator.CreateFiles(build, executableTargets);
        var written = GeneratedFiles.Write(result, build.RootDirectory);
        if (written.Count == 0)
            return;

        BuildOutput.Warning($"Regenerated because the declaration has changed: {string.Join(", ", written)}. Commit it with the change");
        WarnAbout(result.Diagnostics);
    }

    /// <summary>Compares the files on disk with the generated content, and prints the differences and findings.</summary>
    public static async Task<IReadOnlyList<FileDifference>> CompareAsync(
        INukeBuild build, IReadOnlyCollection<ExecutableTarget> executableTargets, CancellationToken cancellationToken)
    {
        var stale = new List<FileDifference>();
        foreach (var generator in GeneratorsOf(build))
        {
            var result = generator.CreateFiles(build, executableTargets);
            stale.AddRange(await GeneratedFiles.CompareAsync(result, build.RootDirectory, cancellationToken));
            WarnAbout(result.Diagnostics);
        }

        // Without the prefix of a logger, so that the output can be applied as a patch.
        foreach (var line in stale.SelectMany(file => file.Diff.Split('\n')))
            BuildOutput.Out.WriteLine(line);
        return stale;
    }

    private static void WarnAbout(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
            BuildOutput.Warning(diagnostic.Message);
    }
}
