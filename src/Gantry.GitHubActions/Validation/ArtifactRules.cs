using Gantry.AzurePipelines;
using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Validation;

/// <summary>Checks that artifacts are uploaded before they are downloaded, in another job of the run or in this one.</summary>
internal static class ArtifactRules
{
    public static IEnumerable<Diagnostic> Check(Workflow workflow)
    {
        foreach (var job in workflow.Jobs)
        {
            var uploaded = NeedRules.Before(workflow, job).SelectMany(before => Names(before.Steps, "actions/upload-artifact@")).ToList();
            for (var i = 0; i < job.Steps.Count; i++)
            {
                foreach (var name in Names([job.Steps[i]], "actions/download-artifact@")
                    .Where(name => !uploaded.Contains(name) && !Names(job.Steps.Take(i), "actions/upload-artifact@").Contains(name)))
                    yield return WorkflowErrors.UnknownArtifact(WorkflowValidator.PathOf(job, job.Steps[i]), job.Id, name);
            }
        }
    }

    // A name with an expression is known in the run only.
    private static IEnumerable<string> Names(IEnumerable<WorkflowStep> steps, string action) => steps
        .Where(step => step.Action?.StartsWith(action, StringComparison.OrdinalIgnoreCase) == true)
        .SelectMany(step => step.Inputs)
        .Where(input => input.Key == "name" && !input.Value.Contains("${{", StringComparison.Ordinal))
        .Select(input => input.Value);
}
