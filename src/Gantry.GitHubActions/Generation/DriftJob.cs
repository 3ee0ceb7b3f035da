using Gantry.GitHubActions.Model;

namespace Gantry.GitHubActions.Generation;

/// <summary>The workflow that verifies environments, with its only job.</summary>
internal static class DriftJob
{
    private const string Id = "verify-environments";
    private const string Report = "artifacts/drift.json";

    public static Workflow Create(DriftWorkflow declaration) => new(declaration.Name)
    {
        Triggers = new() { Schedules = [declaration.Cron], Inputs = [] },
        Environment = RunVariables.Of(declaration.Workflow.Pipeline),
        Jobs = [CreateJob(declaration)],
    };

    private static WorkflowJob CreateJob(DriftWorkflow declaration)
    {
        var workflow = declaration.Workflow;
        var signIns = SignIns.OfAll(workflow);
        return new(Id)
        {
            Name = "Verify environments",
            Condition = Conditions.IsOfRepository,
            RunsOn = workflow.RunsOn,
            Environment = declaration.GitHubEnvironment,
            Permissions = new() { SignsIn = signIns.Azure is not null, ReadPackages = signIns.ReadsPackages },
            TimeoutInMinutes = 60,
            Steps =
            [
                .. JobSteps.Prepare(workflow, fullHistory: true),
                .. signIns.Steps(),
                Call(declaration, signIns, string.Join(' ', declaration.Targets)) with
                {
                    Name = string.Join(", ", declaration.Targets),
                    Secrets = SecretsOf(declaration, withAlert: true),
                },
                UploadIfThere(workflow, JobIds.Drift, Report) with { Name = "Upload the report of drift", Condition = "failure()" },
                .. Page(declaration, signIns),
            ],
            Origin = nameof(DriftWorkflow),
        };
    }

    // The page shows the drift as well, so it is written whether there is some or not.
    private static IEnumerable<WorkflowStep> Page(DriftWorkflow declaration, SignIns signIns)
    {
        if (declaration.PageTarget is not { } target)
            yield break;
        yield return Call(declaration, signIns, target) with
        {
            Name = target,
            Condition = Conditions.NotCancelled.ToString(),
            Secrets = SecretsOf(declaration, withAlert: false),
        };
        yield return UploadIfThere(declaration.Workflow, JobIds.Page, declaration.PageFolder) with
        {
            Name = "Upload the page", Condition = Conditions.NotCancelled.ToString(),
        };
    }

    private static WorkflowStep Call(DriftWorkflow declaration, SignIns signIns, string arguments) =>
        signIns.Under(JobSteps.Call(declaration.Workflow.Pipeline.Commands, arguments));

    private static WorkflowStep UploadIfThere(WorkflowDeclaration declaration, string artifact, string path)
    {
        var upload = JobSteps.Upload(declaration, artifact, path);
        return upload with
        {
            Inputs = [.. upload.Inputs.Select(input => input.Key == "if-no-files-found" ? new(input.Key, "warn") : input)],
        };
    }

    private static IReadOnlyList<string> SecretsOf(DriftWorkflow declaration, bool withAlert) =>
    [
        .. declaration.Workflow.Pipeline.Environments
            .SelectMany(PromotionJobs.SecretsOf)
            .Concat(withAlert ? declaration.Alert?.Variables ?? [] : [])
            .Distinct(StringComparer.OrdinalIgnoreCase),
    ];
}
