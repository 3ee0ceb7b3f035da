using Gantry.Environments;

namespace Gantry.Promotion.Gates;

/// <summary>Compares the time of the promotion with the times of a freeze.</summary>
internal sealed class FreezeEvaluator : CheckedEvaluator<FreezeGate>
{
    protected override Task<GateEvaluation> EvaluateAsync(
        FreezeGate gate, GateContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Evaluate(gate, context.Time.GetUtcNow()));

    private static GateEvaluation Evaluate(FreezeGate gate, DateTimeOffset now)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(gate.TimeZone, out var zone))
            return GateEvaluation.DoesNotHold(Format.Line($"the time zone {gate.TimeZone} is not known here"));

        // Of several, the one that ends last: until then nothing goes.
        var current = gate.Windows
            .Select(window => (Window: window, End: window.FindEnd(now, zone)))
            .Where(one => one.End is not null)
            .OrderByDescending(one => one.End)
            .Select(one => $"the freeze {one.Window} ends at {Format.Time(one.End!.Value)} ({one.Window.Reason})")
            .FirstOrDefault();
        return current is null
            ? GateEvaluation.Holds($"no freeze at {Format.Time(now)}")
            : GateEvaluation.DoesNotHold(Format.Line($"{current}"));
    }
}
