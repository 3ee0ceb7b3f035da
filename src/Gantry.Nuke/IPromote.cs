using Gantry.Promotion;
using Gantry.Registries;
using Nuke.Common;

namespace Gantry.Nuke;

/// <summary>
/// Promotes a release to an environment: the digest that was built, and nothing else. A build declares its environments as properties
/// and a target for each: <c>Target PromoteDev => _ => _.Promote(this, Dev);</c>
/// </summary>
public interface IPromote : IPushBase
{
    /// <summary>The release that this run promotes: the one named with <c>--release</c>, or the one that <c>PushBase</c> recorded.</summary>
    internal sealed async Task<Release> FindReleaseAsync(CancellationToken cancellationToken)
    {
        if (Release is not { } version)
            return await ReleaseRecord.ReadFileAsync(ReleaseFile, cancellationToken);

        var image = ContainerImage.Validate(Images)[0];
        return await ReleaseReferrer.FindReleaseAsync(Registries.Open(BaseRegistryAddress, image.Name), version, cancellationToken);
    }
}

/// <summary>Makes targets into promotions.</summary>
public static class PromoteExtensions
{
    /// <summary>
    /// Lets a target promote the release to an environment, after the environment before it (or after <c>PushBase</c>).
    /// </summary>
    public static ITargetDefinition Promote(this ITargetDefinition target, IPromote build, PromotionEnvironment environment)
    {
        var ordered = environment.After is { } before
            ? target.DependsOn(EnvironmentDeclarations.TargetOf(build, before))
            : target.DependsOn<IPushBase>(x => x.PushBase);
        return ordered
            .Description($"Promotes the release to {environment.DisplayName}")
            .Does(async cancellationToken =>
            {
                var plan = await new PromotionPlanner(build.Registries).PlanAsync(
                    new PromotionRequest
                    {
                        Release = await build.FindReleaseAsync(cancellationToken),
                        Environment = environment,
                        Base = build.BaseRegistryAddress,
                        Targets = build.RegistriesOf(environment),
                        Before = environment.After is { } predecessor && build.IsLocalBuild ? build.RegistriesOf(predecessor) : [],
                        MoveTagReason = build.MoveTag,
                    },
                    cancellationToken);
                PromotionLog.Write(plan);
                if (plan.NothingMoves)
                    return;

                var outcome = await new Promoter().ApplyAsync(plan, cancellationToken);
                PromotionLog.Write(outcome);
                outcome.ThrowIfFailed();
            });
    }
}
