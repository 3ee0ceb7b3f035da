using Gantry.Environments;

namespace Gantry.Promotion.Runs;

/// <summary>
/// Refuses gates that only the build can ask: those that a build class has derived, and programs of its repository. A promotion without the
/// build has their description alone.
/// </summary>
public sealed class NamedGateEvaluator : IGateEvaluator
{
    /// <inheritdoc/>
    public bool CanEvaluate(Gate gate) => gate is NamedGate or CommandGate;

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN4131</c>: always.</exception>
    public Task<GateEvaluation> EvaluateAsync(Gate gate, GateContext context, CancellationToken cancellationToken) =>
        throw RunErrors.UnaskableGate(gate, context.Request.Environment);
}
