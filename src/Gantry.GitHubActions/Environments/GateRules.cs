using Gantry.AzurePipelines;
using Gantry.AzurePipelines.Gates;
using Gantry.Environments;

namespace Gantry.GitHubActions.Environments;

/// <summary>Checks that each gate holds: by the environment in GitHub, by the workflow, or by the promotion itself.</summary>
internal static class GateRules
{
    public static IEnumerable<Diagnostic> Check(WorkflowDeclaration declaration, PromotionEnvironment environment)
    {
        for (var i = 0; i < environment.Gates.Count; i++)
        {
            var gate = environment.Gates[i];
            var path = $"Pipeline.Environments[\"{environment.Name}\"].Gates[{i}]";
            var isFirst = !environment.Gates.Take(i).Any(other => other.GetType() == gate.GetType());
            if (FindError(gate, environment, isFirst) is { } error)
                yield return EnvironmentErrors.UnsupportedGate(path, gate.Description, environment.Name, error);
            else
            {
                foreach (var loss in Losses(gate))
                    yield return EnvironmentErrors.PartOfGate(path, gate.Description, environment.Name, loss);
            }

            foreach (var approver in gate is ApprovalGate approval ? approval.Approvers : [])
            {
                if (EnvironmentProtection.ReviewerOf(declaration.Approvers, approver) is not { } reviewer)
                    yield return EnvironmentErrors.UnknownApprover(path, approver);
                else if (!IsReviewer(reviewer))
                    yield return EnvironmentErrors.MalformedReviewer(path, approver, reviewer);
            }
        }
    }

    // Whatever GitHub cannot hold must not look as if it did.
    private static string? FindError(Gate gate, PromotionEnvironment environment, bool isFirst) => gate switch
    {
        ApprovalGate or BranchControlGate when !isFirst => "an environment of GitHub has one gate of this kind",
        ApprovalGate { Minimum: > 1 } approval => $"it asks for {Format.Count(approval.Minimum, "approval")}, and GitHub for one",
        ApprovalGate { InSequence: true, Approvers.Count: > 1 } => "GitHub asks all reviewers at once",
        ApprovalGate { Approvers.Count: > EnvironmentProtection.ReviewerLimit } approval =>
            $"it has {Format.Count(approval.Approvers.Count, "approver")}, and GitHub takes {EnvironmentProtection.ReviewerLimit}",
        BranchControlGate branches when branches.References.FirstOrDefault(reference =>
            reference != "refs/*" && BranchPattern.Of(reference) is null) is { } other => $"'{other}' is neither a branch nor a tag",
        SoakGate when environment.After is null => "there is no previous environment, in which the release could have been",
        BusinessHoursGate hours when !IsKnownZone(hours.TimeZone) => UnknownZone(hours.TimeZone),
        FreezeGate freeze when !IsKnownZone(freeze.TimeZone) => UnknownZone(freeze.TimeZone),
        ApprovalGate or BranchControlGate or SoakGate or BusinessHoursGate or ExclusiveLockGate => null,
        AzureDevOpsGate => "it is a check of Azure DevOps",
        _ when gate.IsEvaluatedByPromotion => null,
        _ => "neither GitHub nor the promotion knows it",
    };

    // The build runs without globalization data, which Windows names need outside of Windows.
    private static bool IsKnownZone(string name) => name == "UTC" || name.Contains('/', StringComparison.Ordinal);

    private static string UnknownZone(string zone) =>
        $"GitHub has no such gate, and the promotion does not know the time zone '{zone}' on every runner: use UTC or its name in the tz "
            + "database, as Europe/Berlin";

    private static IEnumerable<string> Losses(Gate gate)
    {
        switch (gate)
        {
            case ApprovalGate approval:
                if (approval.Instructions is not null)
                    yield return "GitHub shows no instructions to reviewers";
                if (approval.Timeout != Gate.MaximumTimeout)
                    yield return "GitHub waits 30 days for an approval";
                break;
            case BranchControlGate { RequireProtection: true } branches
                when !branches.References.Any(reference => reference is "refs/heads/*" or "refs/*"):
                yield return "GitHub compares the names of branches, and not also their protection: protect them by a ruleset";
                break;
            case SoakGate soak when soak.Duration.TotalMinutes > EnvironmentProtection.LongestWaitMinutes:
                yield return "GitHub waits at most 30 days, so run the job again when the soak time is over: it fails until then";
                break;
        }
    }

    private static bool IsReviewer(string name) =>
        name.Length > 1
        && name[0] == '@'
        && name[1..].Split('/') is { Length: <= 2 } parts
        && parts.All(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'));
}
