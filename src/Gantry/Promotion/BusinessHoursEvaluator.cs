using System.Globalization;
using Gantry.Environments;

namespace Gantry.Promotion;

/// <summary>Compares the time of the promotion with the hours of a gate.</summary>
internal sealed class BusinessHoursEvaluator : IGateEvaluator
{
    public bool CanEvaluate(Gate gate) => gate is BusinessHoursGate;

    public Task<GateEvaluation> EvaluateAsync(Gate gate, GateContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Evaluate((BusinessHoursGate)gate, context.Time.GetUtcNow()));

    private static GateEvaluation Evaluate(BusinessHoursGate gate, DateTimeOffset time)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(gate.TimeZone, out var zone))
            return GateEvaluation.Unknown($"the time zone {gate.TimeZone} is not known here");

        var now = TimeZoneInfo.ConvertTime(time, zone);
        var minute = new TimeOnly(now.Hour, now.Minute);
        var finding = string.Create(CultureInfo.InvariantCulture, $"it is {now:dddd HH:mm} there");
        return gate.Days.Contains(now.DayOfWeek) && minute >= gate.Start && minute <= gate.End
            ? GateEvaluation.Holds(finding)
            : GateEvaluation.DoesNotHold(finding);
    }
}
