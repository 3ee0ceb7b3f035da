using System.Reflection;
using Gantry.AzurePipelines;
using Serilog;

namespace Gantry.Nuke.Generation;

/// <summary>What the generators of a build class have to do with the files on disk.</summary>
internal static class GenerationRun
{
    /// <summary>The generators of a build class.</summary>
    public static IReadOnlyList<FileGeneratorAttribute> GeneratorsOf(INukeBuild build) => [.. build.GetType().GetCustomAttributes<FileGeneratorAttribute>()];

    /// <summary>
    /// Writes what is stale and says so. What else should be known about the files is told when one changes, not at each run.
    /// </summary>
    public static void Write(INukeBuild build, FileGeneratorAttribute generator, IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        var result = generator.CreateFiles(build, executableTargets);
        var written = GeneratedFiles.Write(result, build.RootDirectory);
        if (written.Count == 0)
            return;

        Log.Warning("Generated again, as the declaration has changed: {Files:l}. Commit it with the change", string.Join(", ", written));
        WarnAbout(result.Findings);
    }

    /// <summary>Compares the files with what they should be; tells what would change, and what else should be known.</summary>
    public static async Task<IReadOnlyList<FileDifference>> CompareAsync(INukeBuild build, IReadOnlyCollection<ExecutableTarget> executableTargets, CancellationToken cancellationToken)
    {
        var stale = new List<FileDifference>();
        foreach (var generator in GeneratorsOf(build))
        {
            var result = generator.CreateFiles(build, executableTargets);
            stale.AddRange(await GeneratedFiles.CompareAsync(result, build.RootDirectory, cancellationToken));
            WarnAbout(result.Findings);
        }

        // As it is, without what a logger puts before it: somebody may want to apply it.
        foreach (var file in stale)
            Console.WriteLine(file.Diff);
        return stale;
    }

    private static void WarnAbout(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
            Log.Warning("{Finding:l}", finding.Message);
    }
}
