using System.Globalization;
using Gantry.AzurePipelines.Environments;
using Gantry.Promotion;

namespace Gantry.AzurePipelines.Service;

/// <summary>Reads who approved that a run deploys to its environment.</summary>
/// <remarks>
/// The deployment in progress names the stage and its attempt. The approvals are those that this attempt of the stage waited for, of the
/// checks of this environment: a stage can also wait for approvals of service connections and of other environments.
/// </remarks>
/// <seealso href="https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/approvals/query">Approvals - Query</seealso>
public sealed class ApprovalReader(AzureDevOpsClient client)
{
    private const string Approved = "approved";

    /// <summary>
    /// Reads the approvals of a run. What cannot be read is no error: the gates have been evaluated by the service, and the answer says why
    /// it does not name the people.
    /// </summary>
    public async Task<ServiceApprovals> ReadAsync(VerifiedRun run, CancellationToken cancellationToken)
    {
        if (run.Deployment is not { } deployment)
            return ServiceApprovals.NotRead("the deployments to the environment do not name the stage");
        try
        {
            return await ReadAsync(deployment, cancellationToken);
        }
        catch (GantryException error)
        {
            return ServiceApprovals.NotRead(error.Problem);
        }
    }

    private async Task<ServiceApprovals> ReadAsync(RunDeployment deployment, CancellationToken cancellationToken)
    {
        var records = await client.ListTimelineAsync(deployment.Run, cancellationToken);
        var asked = new List<string>();
        foreach (var checkpoint in CheckpointsOf(records, deployment))
        {
            var approvals = IdsOf(ChildrenOf(records, checkpoint, TimelineRecordDocument.Approval, deployment.Attempt));
            if (approvals.Count == 0)
                continue;
            var runs = await client.ListCheckRunsAsync(deployment.Run, checkpoint, cancellationToken);
            asked.AddRange(runs.Where(check => IsOf(check, deployment.Environment)).Select(check => check.Id).OfType<string>()
                .Where(approvals.Contains));
        }

        if (asked.Count > Limits.RequestedApprovals)
            return ServiceApprovals.NotRead($"the stage waited for {Format.Count(asked.Count, "approval")}");
        if (asked.Count == 0)
            return ServiceApprovals.Of([]);
        var answers = await client.ListApprovalsAsync(deployment.Run, asked, cancellationToken);
        return ServiceApprovals.Of(GivenIn(answers, asked, deployment.Run));
    }

    private static IReadOnlyCollection<string> CheckpointsOf(IReadOnlyList<TimelineRecordDocument> records, RunDeployment deployment) =>
        [.. records
            .Where(record => record.Type == TimelineRecordDocument.Stage && (record.Attempt ?? 1) == deployment.Attempt
                && deployment.Stage.Equals(record.Identifier, StringComparison.OrdinalIgnoreCase))
            .SelectMany(stage => IdsOf(ChildrenOf(records, stage.Id, TimelineRecordDocument.Checkpoint, deployment.Attempt)))];

    private static IEnumerable<TimelineRecordDocument> ChildrenOf(
        IReadOnlyList<TimelineRecordDocument> records, string? parent, string type, int attempt) => records.Where(record =>
            parent is not null && record.Type == type && (record.Attempt ?? attempt) == attempt
            && parent.Equals(record.ParentId, StringComparison.OrdinalIgnoreCase));

    // Ids go into addresses, and the service writes the same id in upper and lower case.
    private static HashSet<string> IdsOf(IEnumerable<TimelineRecordDocument> records) => records
        .Select(record => record.Id)
        .OfType<string>()
        .Where(id => Guid.TryParse(id, out _))
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static bool IsOf(CheckRunDocument check, int environment) =>
        check.CheckConfigurationRef is { Type.Id: { } type, Resource: { Type: { } kind, Id: { } id } }
        && type.Equals(CheckType.Approval.Id, StringComparison.OrdinalIgnoreCase)
        && kind.Equals("environment", StringComparison.OrdinalIgnoreCase)
        && id == environment.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<RecordedApproval> GivenIn(IEnumerable<ApprovalDocument> approvals, List<string> asked, int run) => approvals
        .Where(approval => asked.Contains(approval.Id, StringComparer.OrdinalIgnoreCase)
            && IsApproved(approval.Status)
            && (approval.Pipeline?.Owner is not { } owner || owner.Id == run))
        .SelectMany(approval => approval.Steps ?? [])
        .OfType<ApprovalStepDocument>()
        .Where(step => IsApproved(step.Status))
        .OrderBy(step => step.LastModifiedOn)
        .Select(step => step.ActualApprover?.Name is { } name
            ? RecordedApproval.Of(name, GroupOf(step), step.LastModifiedOn, step.Comment)
            : null)
        .OfType<RecordedApproval>();

    private static bool IsApproved(string? status) => Approved.Equals(status, StringComparison.OrdinalIgnoreCase);

    // A person who was asked by name approves for nobody else.
    private static string? GroupOf(ApprovalStepDocument step) =>
        step is { AssignedApprover: { } asked, ActualApprover: { } actual } && asked.Id != actual.Id ? asked.Name : null;
}

/// <summary>The deployment of a run that is in progress, as the service has confirmed it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Environment">The id of the environment.</param>
/// <param name="Stage">The name of the stage.</param>
/// <param name="Attempt">The attempt of the stage, from 1 on.</param>
internal sealed record RunDeployment(int Run, int Environment, string Stage, int Attempt);
