using Gantry.Environments;
using Gantry.Holds;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Signing;
using Gantry.Promotion;
using Gantry.Promotion.Runs;

namespace Gantry.Nuke.Promoting;

/// <summary>Sets and ends holds of environments for a person.</summary>
/// <param name="registries">The registries of the build.</param>
/// <param name="keys">Its keys.</param>
/// <param name="approvers">Returns the users and teams of GitHub for approvers of the build class.</param>
/// <param name="images">The names of the images.</param>
internal sealed class EnvironmentHolds(
    RegistrySettings registries, SigningKeys keys, Func<IReadOnlyDictionary<string, string>> approvers, IReadOnlyList<string> images)
{
    /// <summary>
    /// Holds an environment at the release that each of its regions has. Throws <c>GAN4614</c> without a name, <c>GAN4605</c> without a
    /// reason.
    /// </summary>
    public Task SetAsync(string? name, string? reason, string? region, CancellationToken cancellationToken) =>
        ForEachAsync(name, region, async (place, actor) =>
        {
            var reader = new EnvironmentReader(place.Access.Client);
            var status = await reader.ReadAsync(place.Target, images, version: null, cancellationToken);
            var held = await new HoldWriter(place.Access.Client).SetAsync(
                place.Target, images, Decide(actor, reason, status.History is [var last, ..] ? last.Version : null), place.Keys.Signer,
                cancellationToken);
            var what = held.Version ?? "whatever is there";
            BuildOutput.Information($"{place.Target.DisplayName} is held at {what} since {Format.Time(held.Time)}: {held.Reason}");
        }, cancellationToken);

    /// <summary>Ends the hold of an environment in each of its regions; one that is not held stays as it is.</summary>
    public Task EndAsync(string? name, string? reason, string? region, CancellationToken cancellationToken) =>
        ForEachAsync(name, region, async (place, actor) =>
        {
            var ended = await new HoldWriter(place.Access.Client).ReleaseAsync(
                place.Target, images, Decide(actor, reason, version: null), place.Keys.Signer, cancellationToken);
            BuildOutput.Information(ended is null
                ? $"{place.Target.DisplayName} is not held"
                : $"{place.Target.DisplayName} is no longer held: {ended.Reason}");
        }, cancellationToken);

    private sealed record Place(PromotionTarget Target, RegistryAccess Access, SigningAccess Keys);

    private async Task ForEachAsync(
        string? name, string? region, Func<Place, PromotionActor, Task> change, CancellationToken cancellationToken)
    {
        var environments = EnvironmentDeclarations.Of(registries.Build) ?? EnvironmentSet.Create([]);
        var environment = environments.Find(name ?? throw PromoteErrors.NoEnvironmentToHold(environments));
        var access = RegistryAccess.Of(registries, environment);
        var own = await keys.OfAsync(environment, cancellationToken);
        var run = BuildRun.From(EnvironmentInfo.Variables);
        var confirmation = await RunConfirmation.OfAsync(registries.Build, run, approvers, cancellationToken);
        foreach (var target in RegionChoice.Of(environment, registries.Of(environment), region, isGoal: true))
            await change(new Place(target with { Trust = own.Trust }, access, own), run.ActorOf(confirmation.Run));
    }

    private static HoldDecision Decide(PromotionActor actor, string? reason, string? version) =>
        new() { By = actor.ToString(), RunUrl = actor.RunUrl, Reason = reason ?? "", Version = version };
}
