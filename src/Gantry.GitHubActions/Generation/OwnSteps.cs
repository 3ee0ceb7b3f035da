namespace Gantry.GitHubActions.Generation;

/// <summary>The steps of a team's own in a job, each with its place in the declaration.</summary>
internal static class OwnSteps
{
    public static IEnumerable<WorkflowStep> Before(WorkflowDeclaration declaration, string job) =>
        Of(declaration, job, nameof(JobAdditions.StepsBefore), additions => additions.StepsBefore);

    public static IEnumerable<WorkflowStep> After(WorkflowDeclaration declaration, string job) =>
        Of(declaration, job, nameof(JobAdditions.StepsAfter), additions => additions.StepsAfter);

    public static IEnumerable<WorkflowStep> OnFailure(WorkflowDeclaration declaration, string job) =>
        Of(declaration, job, nameof(JobAdditions.OnFailure), additions => additions.OnFailure)
            .Select(step => step with { Condition = step.Condition is { } own ? $"failure() && ({own})" : "failure()" });

    private static IEnumerable<WorkflowStep> Of(
        WorkflowDeclaration declaration, string job, string name, Func<JobAdditions, IReadOnlyList<WorkflowStep>> steps) =>
        declaration.Additions
            .Where(additions => additions.Job == job)
            .SelectMany(additions => steps(additions).Select((step, i) => step with { Origin = $"Additions[\"{job}\"].{name}[{i}]" }));
}
