using Gantry.Environments;
using Gantry.Promotion.Gates;

namespace Gantry.Promotion;

/// <summary>Evaluates the gates of a promotion with those evaluators that handle them.</summary>
/// <param name="own">The evaluators of the caller. They come before the shipped ones.</param>
internal sealed class GateEvaluators(IReadOnlyList<IGateEvaluator> own)
{
    private static readonly IGateEvaluator[] Shipped =
    [
        new SoakEvaluator(), new BusinessHoursEvaluator(), new BranchControlEvaluator(),
        new AttestationEvaluator(), new VulnerabilityEvaluator(), new SbomEvaluator(), new FreezeEvaluator(), new HttpEvaluator(),
        new CommandEvaluator(), new SignedApprovalsEvaluator(), new RebuiltEvaluator(),
    ];

    /// <summary>Evaluates all gates of the environment, in their order; those without an evaluator stay without a verdict.</summary>
    /// <param name="context">The promotion.</param>
    /// <param name="skipped">Collects the errors of gates that break-glass skips.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<PlannedGate>> EvaluateAsync(
        GateContext context, SkippedChecks skipped, CancellationToken cancellationToken)
    {
        var gates = new List<PlannedGate>();
        foreach (var gate in context.Request.Environment.Gates)
        {
            gates.Add(own.Concat(Shipped).FirstOrDefault(evaluator => evaluator.CanEvaluate(gate)) is { } evaluator
                ? await EvaluateAsync(gate, evaluator, context, skipped, cancellationToken)
                : new PlannedGate(gate));
        }

        return gates;
    }

    private static Task<PlannedGate> EvaluateAsync(
        Gate gate, IGateEvaluator evaluator, GateContext context, SkippedChecks skipped, CancellationToken cancellationToken) =>
        skipped.TryAsync(
            async () => (await evaluator.EvaluateAsync(gate, context, cancellationToken)).Plan(gate),
            error => new PlannedGate(gate) { Verdict = GateVerdict.Overridden, Finding = error.Problem, Reason = skipped.Reason });
}
