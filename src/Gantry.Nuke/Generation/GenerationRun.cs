using System.Reflection;
using Gantry.AzurePipelines;
using Gantry.Nuke.Execution;

namespace Gantry.Nuke.Generation;

/// <summary>Runs the generators of a build class and compares their output with the files on disk.</summary>
internal static class GenerationRun
{
    // Of one folder.
    private const int FilesNamed = 3;

    /// <summary>Returns the generators of a build class.</summary>
    public static IReadOnlyList<FileGeneratorAttribute> GeneratorsOf(INukeBuild build) =>
        [.. build.GetType().GetCustomAttributes<FileGeneratorAttribute>()];

    /// <summary>Writes stale files and logs them. Findings about the files are logged only when a file changes, not on each run.</summary>
    public static void Write(INukeBuild build, FileGeneratorAttribute generator, IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        var result = generator.CreateFiles(build, executableTargets);
        var missing = result.Files.Select(file => file.Path).Where(path => !File.Exists(build.RootDirectory / path)).ToHashSet();
        var written = GeneratedFiles.Write(result, build.RootDirectory).ToLookup(missing.Contains);
        if (written[true].Any())
            BuildOutput.Information($"Generated {Summarize(written[true])}. Commit it with the build class");
        if (written[false].Any())
            BuildOutput.Warning($"Regenerated because the declaration has changed: {Summarize(written[false])}. Commit it with the change");
        if (written.Count > 0)
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

    // A folder with run configurations has one for each target.
    private static string Summarize(IEnumerable<string> files) => string.Join(", ", files
        .GroupBy(file => Path.GetDirectoryName(file)!.Replace('\\', '/'))
        .Select(folder => folder.Key.Length > 0 && folder.Count() > FilesNamed
            ? $"{Format.Count(folder.Count(), "file")} in {folder.Key}"
            : string.Join(", ", folder)));

    private static void WarnAbout(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
            BuildOutput.Warning(diagnostic.Message);
    }
}
