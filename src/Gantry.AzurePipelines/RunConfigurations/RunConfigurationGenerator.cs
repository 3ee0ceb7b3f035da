using System.Text.RegularExpressions;

namespace Gantry.AzurePipelines.RunConfigurations;

/// <summary>Generates run configurations for editors, which run or debug the build, one for each target.</summary>
public static partial class RunConfigurationGenerator
{
    /// <summary>
    /// Generates the files, or returns the errors. Whole files belong to the generator. Writes nothing, and returns the same files for the
    /// same set.
    /// </summary>
    public static GenerationResult Generate(RunConfigurationSet set)
    {
        List<Diagnostic> diagnostics = [.. Check(set)];
        if (diagnostics.Count > 0)
            return new([], diagnostics);

        List<GeneratedFile> files = [];
        if (set.Editors.HasFlag(Editors.Rider))
            files.AddRange(set.Targets.Select(target => RiderConfiguration.Create(set, target)));
        if (set.Editors.HasFlag(Editors.VisualStudio))
            files.Add(LaunchSettings.Create(set));
        if (set.Editors.HasFlag(Editors.VisualStudioCode))
            files.AddRange([CodeTasks.Create(set), CodeLaunches.Create(set)]);
        return new(files, []) { Orphans = OrphanedFiles.In(RiderConfiguration.Folder, "*.run.xml", RiderConfiguration.IsGenerated) };
    }

    /// <summary>Returns the arguments of the build for a target, without inputs from a person.</summary>
    internal static IReadOnlyList<string> ArgumentsOf(RunTarget target) =>
        [target.Name, .. target.Arguments, .. target.Profile is { } profile ? ["--profile", profile] : Array.Empty<string>()];

    private static IEnumerable<Diagnostic> Check(RunConfigurationSet set)
    {
        if (RelativePath.Validate(set.BuildProject) is { } project)
            yield return FileErrors.UnusableFile("BuildProject", set.BuildProject, project);
        if (RelativePath.Validate(set.BuildProgram) is { } program)
            yield return FileErrors.UnusableFile("BuildProgram", set.BuildProgram, program);

        for (var i = 0; i < set.Targets.Count; i++)
        {
            var target = set.Targets[i];
            var path = $"Targets[{i}]";
            if (!NamePattern().IsMatch(target.Name))
                yield return RunConfigurationErrors.UnusableTarget(path, target.Name, "it is no identifier");
            else if (set.Targets.Take(i).Any(other => other.Name.Equals(target.Name, StringComparison.OrdinalIgnoreCase)))
                yield return RunConfigurationErrors.UnusableTarget(path, target.Name, "another target has the same name");
            if (target.Profile is { } profile && !ProfilePattern().IsMatch(profile))
                yield return RunConfigurationErrors.UnusableTarget(
                    path, target.Name, $"its profile '{profile}' cannot be part of a file name");
            foreach (var input in target.Inputs.Where(input => !NamePattern().IsMatch(input.Parameter)))
                yield return RunConfigurationErrors.UnusableTarget(
                    path, target.Name, $"its parameter '{input.Parameter}' is no identifier");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ProfilePattern();
}
