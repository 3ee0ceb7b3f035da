using Gantry.Environments;
using Gantry.Notifications;

namespace Gantry.Promotion.Runs;

/// <summary>Makes messages about promotions for channels.</summary>
internal static class PromotionMessages
{
    private const int NamedImages = 3;

    /// <summary>Returns the message about a promotion that is done.</summary>
    public static NotificationMessage Of(PromotionOutcome outcome)
    {
        var plan = outcome.Plan;
        var request = plan.Request;
        var environment = request.Environment.DisplayName;
        return new NotificationMessage
        {
            Title = request.Returns
                ? $"{environment} went back to {request.Release.Version}"
                : $"{request.Release.Version} was promoted to {environment}",
            IsGood = !request.Returns && plan.BreakGlass is null,
            Facts =
            [
                .. FactsOf(request),
                .. plan.Gates.Where(gate => gate.Reason is not null)
                    .Select(gate => ($"Gate {gate.Gate.Description}", $"{gate.Verdict}: {gate.Reason}")),
                .. plan.BreakGlass is { } broken ? [("Break-glass", broken.Reason)] : Array.Empty<(string, string)>(),
                .. request.GoBackReason is { } reason ? [("Reason", reason)] : Array.Empty<(string, string)>(),
            ],
            RunUrl = request.By.RunUrl,
        };
    }

    /// <summary>Returns the message about a promotion that was refused, or failed.</summary>
    public static NotificationMessage Of(PromotionRequest request, GantryException error, bool hasBegun)
    {
        var what = hasBegun ? "the promotion failed" : "it was refused";
        return new NotificationMessage
        {
            Title = $"{request.Release.Version} is not in {request.Environment.DisplayName}: {what} ({error.Code})",
            IsGood = false,
            Facts = [("Problem", error.Problem), ("Remedy", error.Remedy), .. FactsOf(request)],
            RunUrl = request.By.RunUrl,
        };
    }

    private static IEnumerable<(string Label, string Value)> FactsOf(PromotionRequest request)
    {
        var images = request.Release.Images;
        var more = images.Count > NamedImages ? $", and {images.Count - NamedImages} more" : "";
        yield return ("Images", string.Join(", ", images.Take(NamedImages).Select(image => $"{image.Name}@{image.Digest.Short}")) + more);
        yield return ("Commit", request.Release.Commit);
        if (request.Targets is [{ Region: not null }, ..])
            yield return ("Regions", string.Join(", ", request.Targets.Select(target => target.Region)));
        yield return ("By", request.By.ToString());
    }
}
