using System.Runtime.ExceptionServices;
using Gantry.Copying;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Oci;

namespace Gantry.Promotion;

/// <summary>The result of a promotion.</summary>
public sealed record PromotionOutcome
{
    /// <summary>The plan that was applied.</summary>
    public required PromotionPlan Plan { get; init; }

    /// <summary>The result of each target, in the order of the request.</summary>
    public required IReadOnlyList<CopyOutcome> Targets { get; init; }

    /// <summary>Returns the result of one target.</summary>
    public CopyOutcome At(PromotionTarget target) => Targets[Plan.Request.Targets.TakeWhile(other => other != target).Count()];

    /// <summary>The attestations that were written, by target and image.</summary>
    internal IReadOnlyDictionary<(PromotionTarget Target, string Image), Digest> Attestations { get; init; } =
        new Dictionary<(PromotionTarget Target, string Image), Digest>();

    /// <summary>The result of the deployments.</summary>
    public DeploymentOutcome Deployment { get; init; } = DeploymentOutcome.Empty;

    /// <summary>The wave in which the promotion has stopped; null when it has not, or no wave was begun.</summary>
    public PlannedWave? StoppedIn { get; init; }

    /// <summary>
    /// The waves that were not begun, because an earlier one has failed or the images could not be copied to all regions. Their regions
    /// keep what they have.
    /// </summary>
    public IReadOnlyList<PlannedWave> NotBegun { get; init; } = [];

    /// <summary>The waves that <see cref="Promoter.DeployAsync"/> goes through; null when there are none.</summary>
    internal WavePromotion? Waves { get; init; }

    /// <summary>The failure that has stopped the waves.</summary>
    internal Exception? Failure { get; init; }

    /// <summary>
    /// Throws the error of the first target that failed, or else of the first deployment step. In an environment with waves, throws
    /// <c>GAN4622</c>, which also says which regions have the release.
    /// </summary>
    public void ThrowIfFailed()
    {
        if (Failure is GantryException cause)
            throw WaveErrors.Stopped(this, cause);
        if ((Failure ?? Targets.FirstOrDefault(target => !target.Succeeded)?.Error) is { } error)
            ExceptionDispatchInfo.Throw(error);
        Deployment.ThrowIfFailed();
    }
}
