using Gantry.Environments;

namespace Gantry.Promotion.Gates;

/// <summary>
/// Evaluates gates of one type. An error on the way is no answer, and so the gate does not hold: a person may pass it with a reason, which
/// is recorded with the error. No answer is left to a service, which knows none of these gates, and a run without a terminal names it.
/// </summary>
/// <typeparam name="TGate">The type of the gates.</typeparam>
internal abstract class CheckedEvaluator<TGate> : IGateEvaluator
    where TGate : Gate
{
    public bool CanEvaluate(Gate gate) => gate is TGate;

    public async Task<GateEvaluation> EvaluateAsync(Gate gate, GateContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await EvaluateAsync((TGate)gate, context, cancellationToken);
        }
        catch (GantryException error)
        {
            return GateEvaluation.DoesNotHold(Format.Line($"cannot be evaluated: {error.Problem}"));
        }
    }

    protected abstract Task<GateEvaluation> EvaluateAsync(TGate gate, GateContext context, CancellationToken cancellationToken);

    /// <summary>Concludes from the reasons why a gate does not hold; it holds when there are none.</summary>
    protected static GateEvaluation Conclude(IReadOnlyCollection<string> problems, IReadOnlyCollection<string> findings) =>
        problems.Count > 0 ? GateEvaluation.DoesNotHold(Format.Line(Reasons.Join(problems)))
        : findings.Count > 0 ? GateEvaluation.Holds(Format.Line(Reasons.Join(findings)))
        : GateEvaluation.DoesNotHold("the release has no image");
}
