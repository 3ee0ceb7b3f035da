using System.Text.Json.Nodes;
using Gantry.Environments;

namespace Gantry.Promotion.Runs;

/// <summary>Writes promotions as JSON, in the schema of <c>docs/schemas/promotion.schema.json</c>.</summary>
public static class PromotionRunDocument
{
    private const int Schema = 1;

    /// <summary>Returns the document of a promotion, and of the return after it if there was one.</summary>
    /// <param name="promotions">The plans, each with its outcome; null when nothing was applied.</param>
    /// <param name="isDry">True for a dry run.</param>
    public static JsonNode Of(IReadOnlyList<(PromotionPlan Plan, PromotionOutcome? Outcome)> promotions, bool isDry) => new JsonObject
    {
        ["schema"] = Schema,
        ["dryRun"] = isDry,
        ["promotions"] = List(promotions, promotion => Describe(promotion.Plan, promotion.Outcome)),
    };

    private static JsonObject Describe(PromotionPlan plan, PromotionOutcome? outcome) => new()
    {
        ["release"] = plan.Request.Release.Version,
        ["environment"] = plan.Request.Environment.Name,
        ["returns"] = plan.Request.Returns,
        ["applied"] = outcome is not null,
        ["changes"] = !plan.IsHeld && !plan.WritesNothing,
        ["isHeld"] = plan.IsHeld,
        ["signedBy"] = plan.SignedBy?.Id,
        ["breakGlass"] = plan.BreakGlass is { } broken
            ? new JsonObject { ["reason"] = broken.Reason, ["skipped"] = List(broken.Skipped, skipped => JsonValue.Create(skipped)!) }
            : null,
        ["gates"] = List(plan.Gates, Describe),
        ["images"] = List(plan.Images, Describe),
        ["hosts"] = List(plan.Deployment.Steps, step => new JsonObject
        {
            ["host"] = step.Description,
            ["region"] = step.Target?.Region,
            ["skipped"] = step.SkippedReason,
        }),
        ["results"] = outcome is null ? null : Results(plan, outcome),
    };

    private static JsonObject Describe(PlannedGate gate) => new()
    {
        ["gate"] = gate.Gate.Description,
        ["verdict"] = gate.Verdict is { } verdict ? NameOf(verdict) : null,
        ["holds"] = gate.Verdict is not null ? true : gate.DoesNotHold ? false : null,
        ["finding"] = gate.Finding,
        ["reason"] = gate.Reason,
    };

    private static JsonObject Describe(PlannedImage image) => new()
    {
        ["image"] = image.Image.Name,
        ["region"] = image.PromotionTarget.Region,
        ["target"] = image.Target.ToString(),
        ["digest"] = image.Image.Digest.ToString(),
        ["nothingMoves"] = image.NothingMoves,
        ["bytesToMove"] = image.BytesToMove,
        ["rollsBackFrom"] = image.RollsBackFrom,
    };

    private static JsonObject Results(PromotionPlan plan, PromotionOutcome outcome) => new()
    {
        ["targets"] = List(plan.Request.Targets, target => new JsonObject
        {
            ["region"] = target.Region,
            ["registry"] = target.Address.ToString(),
            ["succeeded"] = outcome.At(target).Succeeded,
            ["error"] = outcome.At(target).Error is { } error ? Describe(error) : null,
        }),
        ["hosts"] = List(outcome.Deployment.Steps, step => new JsonObject
        {
            ["host"] = step.Step.Description,
            ["region"] = step.Step.Target?.Region,
            ["done"] = step.Done,
            ["error"] = step.Error is { } error ? Describe(error) : null,
        }),
    };

    private static JsonObject Describe(Exception error) => error is GantryException known
        ? new() { ["code"] = known.Code, ["problem"] = known.Problem, ["remedy"] = known.Remedy }
        : new() { ["code"] = null, ["problem"] = error.Message, ["remedy"] = null };

    private static string NameOf(GateVerdict verdict) => verdict switch
    {
        GateVerdict.Held => "held",
        GateVerdict.Approved => "approved",
        GateVerdict.Service => "service",
        _ => "overridden",
    };

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode> describe) => [.. items.Select(describe)];
}
