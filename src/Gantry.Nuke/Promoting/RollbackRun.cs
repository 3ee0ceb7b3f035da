using Gantry.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Registries;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Promotion.Runs;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Nuke.Promoting;

/// <summary>Brings an environment back to a release that was there before: a promotion that also sets a hold.</summary>
/// <param name="run">The promotion, without what is particular to a return.</param>
/// <param name="registries">The client that opens registries.</param>
/// <param name="base">The base registry.</param>
/// <param name="images">The names of the images.</param>
internal sealed class RollbackRun(PromotionRun run, IRegistryClient registries, RegistryAddress @base, IReadOnlyList<string> images)
{
    /// <summary>
    /// Runs it. Throws <c>GAN4613</c> when there is neither an approval of the environment nor a reason, and the errors of
    /// <see cref="EarlierReleaseFinder"/> and of promotions.
    /// </summary>
    /// <param name="version">The version to go back to; null for the release that was there before.</param>
    /// <param name="reason">The reason; null for none.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task RunAsync(string? version, string? reason, CancellationToken cancellationToken)
    {
        var environment = run.Environment;
        if (reason is null && !environment.Gates.Any(gate => gate is ApprovalGate or SignedApprovalsGate))
            throw PromoteErrors.NoReason(environment.DisplayName);
        if (version is null)
        {
            var chosen = RegionChoice.Of(environment, run.Registries.Of(environment), run.Region, run.Wave, isGoal: true)
                .Select(target => target.Region)
                .ToHashSet();
            var targets = (await run.Keys.TargetsOfAsync(environment, cancellationToken))
                .Where(target => chosen.Contains(target.Region))
                .ToList();
            version = await new EarlierReleaseFinder(RegistryAccess.Of(run.Registries, environment).Client)
                .FindAsync(targets, images, cancellationToken);
            BuildOutput.Information($"{environment.DisplayName} goes back to {version}, which was there before");
        }

        var release = await new ReleaseFinder(registries).FindAsync(@base, images, version, digest: null, cancellationToken);
        await (run with { Returns = true, IsNamed = false, GoBack = reason ?? "no reason given" }).RunAsync(release, cancellationToken);
    }
}
