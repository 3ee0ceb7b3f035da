using System.Text.RegularExpressions;
using Gantry.AzurePipelines;
using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Validation;

/// <summary>Checks the ids of jobs and steps: valid and unique.</summary>
internal static partial class IdRules
{
    public static IEnumerable<Diagnostic> Check(Workflow workflow)
    {
        foreach (var diagnostic in Check(workflow.Jobs.Select(job => (job.Id, job.Origin)), "job"))
            yield return diagnostic;
        foreach (var diagnostic in workflow.Jobs.SelectMany(job => Check(
            job.Steps.Where(step => step.Id is not null).Select(step => (step.Id!, WorkflowValidator.PathOf(job, step))), "step")))
            yield return diagnostic;
    }

    private static IEnumerable<Diagnostic> Check(IEnumerable<(string Id, string Path)> ids, string kind)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (id, path) in ids)
        {
            if (!Pattern().IsMatch(id))
                yield return WorkflowErrors.InvalidId(path, kind, id);
            if (!seen.Add(id))
                yield return WorkflowErrors.DuplicateId(path, kind, id);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_-]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
