using Gantry.Environments;
using Gantry.Promotion;

namespace Gantry.Tests.Promotion;

/// <summary>A gate as a user of the packages declares it: a change ticket that must be approved.</summary>
internal sealed record TicketGate(string Ticket) : Gate
{
    public override string Description => $"ticket {Ticket}";

    protected override string? Validate() => Ticket.Length == 0 ? "it names no ticket" : null;
}

/// <summary>Evaluates tickets as the test says.</summary>
internal sealed class TicketEvaluator(Func<TicketGate, GateContext, GateEvaluation> evaluate) : IGateEvaluator
{
    public bool CanEvaluate(Gate gate) => gate is TicketGate;

    public Task<GateEvaluation> EvaluateAsync(Gate gate, GateContext context, CancellationToken cancellationToken) =>
        Task.FromResult(evaluate((TicketGate)gate, context));
}
