using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Promotion;

/// <summary>
/// Returns to the release that was there before, when a health check fails after a promotion and the environment declares it
/// (<see cref="PromotionEnvironment.ReturnsOnFailure"/>). A return is a promotion like any other, and sets a hold. It happens once: a
/// return whose own health check fails does not return again.
/// </summary>
/// <param name="repositories">The client that opens registries.</param>
/// <param name="planner">Plans the return.</param>
/// <param name="promoter">Applies it.</param>
/// <param name="time">The clock; the system clock by default.</param>
public sealed class AutomaticReturn(
    IRegistryClient repositories, PromotionPlanner planner, Promoter promoter, TimeProvider? time = null)
{
    /// <summary>
    /// Returns true when a promotion has failed in a way after which its environment returns. One that went back itself does not: a person
    /// has decided what is to be there.
    /// </summary>
    /// <param name="failed">The outcome of the promotion.</param>
    public static bool IsDue(PromotionOutcome failed) =>
        failed.Plan.Request is { Environment.ReturnsOnFailure: true, Returns: false }
        && failed.Plan.Images.All(image => image.RollsBackFrom is null)
        && FindCause(failed) is not null;

    /// <summary>
    /// Plans and applies the return; its errors are in the result, because the promotion has failed in any case. Only the registries in
    /// which the release was placed return: in an environment with waves, those of the waves that were begun
    /// (<see cref="PromotionRequest.ReturnsEarlierWaves"/>), all at the same time.
    /// </summary>
    /// <param name="failed">The outcome of the promotion, for which <see cref="IsDue"/> is true.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ReturnOutcome> RunAsync(PromotionOutcome failed, CancellationToken cancellationToken)
    {
        var request = failed.Plan.Request;
        var cause = FindCause(failed) ?? throw new ArgumentException("No health check has failed.", nameof(failed));
        string? version = null;
        try
        {
            List<PromotionTarget> targets =
            [
                .. request.ReturnsEarlierWaves ? request.EarlierWaves : [],
                .. request.Targets.Where(target => failed.At(target).Succeeded),
            ];
            var images = request.Release.Images.Select(image => image.Name).ToList();
            var finder = new EarlierReleaseFinder(repositories, time) { UsesHolds = false };
            version = await finder.FindAsync(targets, images, cancellationToken);
            var release = await new ReleaseFinder(repositories, time).FindAsync(
                request.EarlierReleases, images, version, digest: null, cancellationToken);
            var plan = await planner.PlanAsync(
                request with
                {
                    Release = release,
                    Targets = targets,
                    EarlierWaves = [],
                    Returns = true,
                    ReturnCause = cause.Problem,
                    GoBackReason = $"the health check of {request.Release.Version} failed",
                    MoveTagReason = null,
                    OverrideSoakReason = null,
                    BreakGlassReason = null,
                    IsNamed = false,
                    IsOnTheWay = false,
                },
                cancellationToken);
            var outcome = await promoter.ApplyAsync(plan, cancellationToken);
            return new ReturnOutcome(version) { Outcome = outcome, Error = FindError(outcome) };
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // The error of the promotion must not be lost.
            return new ReturnOutcome(version) { Error = error };
        }
    }

    private static GantryException? FindCause(PromotionOutcome failed) => failed.Deployment.Steps
        .Where(step => step.Step is HealthCheckStep)
        .Select(step => step.Error)
        .OfType<GantryException>()
        .FirstOrDefault(error => error.Code == DeploymentErrors.NotHealthyCode);

    private static Exception? FindError(PromotionOutcome outcome) =>
        outcome.Targets.FirstOrDefault(target => !target.Succeeded)?.Error
        ?? outcome.Deployment.Steps.FirstOrDefault(step => step.Error is not null)?.Error;
}

/// <summary>The result of an automatic return.</summary>
/// <param name="Version">The release that was there before; null when it is not known.</param>
public sealed record ReturnOutcome(string? Version)
{
    /// <summary>The outcome of the promotion; null when none was planned.</summary>
    public PromotionOutcome? Outcome { get; init; }

    /// <summary>The reason why the return is not done, or not complete; null when it is.</summary>
    public Exception? Error { get; init; }
}
