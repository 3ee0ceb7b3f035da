using Gantry.Docker.Engine;
using Gantry.Docker.Transfer;
using Gantry.Environments;
using Gantry.Nuke.Building;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Promoting;
using Gantry.Nuke.Registries;

namespace Gantry.Nuke;

/// <summary>
/// Brings a release to an environment with a Docker engine that pulls, tags and pushes it, for builds that need the image on the agent
/// anyway. Declare a target for it: <c>Target MoveDev => _ => _.PushWithDocker(this, Dev);</c>
/// </summary>
/// <remarks>
/// This is not a promotion: gates are not evaluated, no record is written, and signatures are not copied. See docs/docker.md.
/// </remarks>
public interface IPushWithDocker : IPromote
{
    /// <summary>True when the engine may push images with other digests than those that were built.</summary>
    [Parameter(
        "Lets a Docker engine push images with other digests than those that were built; signatures and approvals do not apply to them")]
    bool AllowOtherDigest => TryGetValue<bool?>(() => AllowOtherDigest) ?? false;
}

/// <summary>Defines targets that transfer a release with a Docker engine.</summary>
public static class PushWithDockerExtensions
{
    /// <summary>
    /// Makes a target transfer the release to an environment with a Docker engine. An environment with gates requires a promotion
    /// (<c>GAN6020</c>).
    /// </summary>
    public static ITargetDefinition PushWithDocker(
        this ITargetDefinition target, IPushWithDocker build, PromotionEnvironment environment) => target
        .DependsOn<IPushBase>(x => x.PushBase)
        .Description($"Pushes the release to {environment.DisplayName} with a Docker engine: pull, tag, push")
        .Uses(new(
            nameof(IPushBase.Release), nameof(IPushBase.ReleaseDigest), nameof(IPushBase.MoveTag),
            nameof(IPushWithDocker.AllowOtherDigest))
        {
            Registries = true,
            WritesAlways = true,
        })
        .ExecutesAsync(build, async cancellationToken =>
        {
            if (environment.Gates.Count > 0)
                throw PromoteErrors.GatedEnvironment(environment.Name);

            using var engine = DockerEngine.Connect(DockerEndpoint.Resolve(DockerEnvironment.Current));
            var mover = new DockerTransfer(engine, new BuilderLog(), RegistryAccess.Of(build.RegistrySettings).Credentials);
            var moved = await new DockerReleaseTransfer(mover, build.Registries).TransferAsync(
                await build.FindReleaseAsync(cancellationToken),
                build.BaseRegistryAddress,
                build.RegistriesOf(environment),
                build.MoveTag,
                build.AllowOtherDigest,
                cancellationToken);
            foreach (var move in moved)
                BuildOutput.Information(
                    move.IsUnchanged
                        ? $"{move.Target}: transferred by the Docker engine"
                        : $"{move.Target}: recompressed by the Docker engine, not a promotion of what was built");
            if (moved.Count == 0)
                BuildOutput.Information("Nothing to transfer.");
        });
}
