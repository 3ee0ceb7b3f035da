using Gantry.AzurePipelines;
using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Validation;

/// <summary>Checks that jobs need jobs that exist, and not themselves.</summary>
internal static class NeedRules
{
    public static IEnumerable<Diagnostic> Check(Workflow workflow)
    {
        if (workflow.Jobs.Count == 0)
            yield return WorkflowErrors.NothingInside("Declaration", "the workflow", "jobs");
        foreach (var job in workflow.Jobs)
        {
            foreach (var need in job.Needs.Where(need => Find(workflow, need) is null))
                yield return WorkflowErrors.UnknownNeed(job.Origin, job.Id, need);
            if (FindCycle(workflow, job, [job.Id]) is { } way)
                yield return WorkflowErrors.CyclicNeeds(job.Origin, job.Id, way);
        }
    }

    /// <summary>Returns the jobs that run before a job, also those that it does not name itself.</summary>
    public static IReadOnlyList<WorkflowJob> Before(Workflow workflow, WorkflowJob job)
    {
        var found = new List<WorkflowJob>();
        var open = new Queue<string>(job.Needs);
        while (open.TryDequeue(out var id))
        {
            if (Find(workflow, id) is not { } need || found.Contains(need))
                continue;
            found.Add(need);
            foreach (var next in need.Needs)
                open.Enqueue(next);
        }

        return found;
    }

    private static WorkflowJob? Find(Workflow workflow, string id) => workflow.Jobs.FirstOrDefault(job => job.Id == id);

    private static IReadOnlyList<string>? FindCycle(Workflow workflow, WorkflowJob job, IReadOnlyList<string> way)
    {
        foreach (var need in job.Needs)
        {
            if (need == way[0])
                return [.. way, need];
            if (!way.Contains(need) && Find(workflow, need) is { } next && FindCycle(workflow, next, [.. way, need]) is { } found)
                return found;
        }

        return null;
    }
}
