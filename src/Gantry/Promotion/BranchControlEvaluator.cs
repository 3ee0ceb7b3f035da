using System.IO.Enumeration;
using Gantry.Environments;

namespace Gantry.Promotion;

/// <summary>Compares the branch that a release was built from. Whether it is protected only its host knows.</summary>
internal sealed class BranchControlEvaluator : IGateEvaluator
{
    public bool CanEvaluate(Gate gate) => gate is BranchControlGate;

    public Task<GateEvaluation> EvaluateAsync(Gate gate, GateContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Evaluate((BranchControlGate)gate, context.Request.Release.Branch));

    private static GateEvaluation Evaluate(BranchControlGate gate, string? branch)
    {
        if (branch is null)
            return GateEvaluation.Unknown("the branch of the release is not known");

        var reference = BranchControlGate.ToReference(branch);
        if (!gate.References.Any(pattern => Matches(pattern, reference)))
            return GateEvaluation.DoesNotHold($"built from {branch}");
        return gate.RequireProtection
            ? GateEvaluation.Unknown($"built from {branch}; whether that is protected is not known here")
            : GateEvaluation.Holds($"built from {branch}");
    }

    // '*' matches any characters, as in the check of the service.
    private static bool Matches(string pattern, string reference) =>
        FileSystemName.MatchesSimpleExpression(pattern.Replace("?", "\\?", StringComparison.Ordinal), reference, ignoreCase: false);
}
