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
    public async Task<IReadOnlyList<PlannedGate>> EvaluateAsync(GateContext context, CancellationToken cancellationToken)
    {
        var gates = new List<PlannedGate>();
        foreach (var gate in context.Request.Environment.Gates)
        {
            gates.Add(own.Concat(Shipped).FirstOrDefault(evaluator => evaluator.CanEvaluate(gate)) is { } evaluator
                ? (await evaluator.EvaluateAsync(gate, context, cancellationToken)).Plan(gate)
                : new PlannedGate(gate));
        }

        return gates;
    }
}
