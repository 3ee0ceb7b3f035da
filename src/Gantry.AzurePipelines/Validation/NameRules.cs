using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Validation;

/// <summary>Checks names: well formed, unique (ignoring case), not reserved.</summary>
internal static class NameRules
{
    // Prefixes that the agent reserves, and the namespaces of the predefined variables, of which only few may be set.
    private static readonly string[] ReservedPrefixes = ["endpoint", "input", "secret", "path", "securefile"];
    private static readonly string[] PredefinedNamespaces =
        ["Agent.", "Build.", "Pipeline.", "Release.", "System.", "Environment.", "Strategy.", "Checks.", "Resources."];
    private static readonly string[] Settable = ["System.Debug", "Build.SyncSources"];

    public static IEnumerable<Diagnostic> Check(PipelineIndex index) =>
        [
            .. Unique(index.Stages, stage => stage.Stage.Name, stage => stage.Path, "stage", "the pipeline"),
            .. index.Stages.SelectMany(CheckStage),
            .. index.Jobs.SelectMany(CheckJob),
            .. CheckVariables(index.Pipeline.Variables, index.Path),
        ];

    /// <summary>Returns true for letters, digits and '_', as required for names of stages, jobs, steps and aliases.</summary>
    public static bool IsIdentifier(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    public static IEnumerable<Diagnostic> Unique<T>(
        IEnumerable<T> items, Func<T, string> name, Func<T, string> path, string kind, string where) =>
        items.GroupBy(name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .Select(group => PipelineErrors.DuplicateName(path(group.Last()), kind, group.Key, where));

    private static IEnumerable<Diagnostic> CheckStage(IndexedStage stage)
    {
        if (!IsIdentifier(stage.Stage.Name))
            yield return PipelineErrors.InvalidName(stage.Path, "stage", stage.Stage.Name);
        foreach (var diagnostic in Unique(stage.Jobs, job => job.Job.Name, job => job.Path, "job", $"the stage '{stage.Stage.Name}'"))
            yield return diagnostic;
        foreach (var diagnostic in CheckVariables(stage.Stage.Variables, stage.Path))
            yield return diagnostic;
    }

    private static IEnumerable<Diagnostic> CheckJob(IndexedJob job)
    {
        if (!IsIdentifier(job.Job.Name))
            yield return PipelineErrors.InvalidName(job.Path, "job", job.Job.Name);
        if (job.Job.Environment is not null && job.Job.Name.Equals("deploy", PipelineIndex.IgnoreCase))
            yield return PipelineErrors.ReservedName(job.Path, "deployment job", job.Job.Name, "the service uses it for the deploy hook");

        foreach (var step in job.Steps.Where(step => step.Step.Name is not null && !IsIdentifier(step.Step.Name)))
            yield return PipelineErrors.InvalidName(step.Path, "step", step.Step.Name!);
        foreach (var diagnostic in Unique(
            job.Steps.Where(step => step.Step.Name is not null),
            step => step.Step.Name!,
            step => step.Path,
            "step",
            $"the job '{job.Job.Name}'"))
            yield return diagnostic;
        foreach (var diagnostic in CheckVariables(job.Job.VariableEntries, job.Path))
            yield return diagnostic;
    }

    private static IEnumerable<Diagnostic> CheckVariables(IReadOnlyList<VariableEntry> entries, string path)
    {
        var variables = entries.OfType<Variable>().ToList();
        foreach (var diagnostic in Unique(
            variables, variable => variable.Name, variable => variable.Origin ?? path, "variable", "one list"))
            yield return diagnostic;

        foreach (var variable in variables)
        {
            var place = variable.Origin ?? path;
            if (variable.Name.Length == 0 || variable.Name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')))
                yield return PipelineErrors.InvalidName(place, "variable", variable.Name, "letters, digits, '.', '_' and '-'");
            else if (ReservedPrefixes.FirstOrDefault(prefix => variable.Name.StartsWith(prefix, PipelineIndex.IgnoreCase)) is { } prefix)
                yield return PipelineErrors.ReservedVariable(place, variable.Name, $"names that start with '{prefix}' belong to the agent");
            else if (PredefinedNamespaces.Any(prefix => variable.Name.StartsWith(prefix, PipelineIndex.IgnoreCase))
                && !Settable.Contains(variable.Name, StringComparer.OrdinalIgnoreCase))
                yield return PipelineErrors.ReservedVariable(place, variable.Name, "the service sets it");
        }

        foreach (var group in entries.OfType<VariableGroup>().Where(group => string.IsNullOrWhiteSpace(group.Name)))
            yield return PipelineErrors.InvalidName(
                group.Origin ?? path, "variable group", group.Name, "the name that it has in the library");
    }
}
