using Gantry.Docker;
using Gantry.Environments;
using Serilog;

namespace Gantry.Nuke;

/// <summary>
/// Docker's way of bringing a release to an environment, for those who need the image on the agent anyway: an engine pulls, tags and pushes.
/// A build that wants it declares a target: <c>Target MoveDev => _ => _.MoveWithEngine(this, Dev);</c>
/// </summary>
/// <remarks>It is no promotion: no gate is asked and no record written, and signatures stay behind. See docs/docker.md.</remarks>
public interface IPushWithDocker : IPromote
{
    /// <summary>Whether the engine may deliver images with other digests than those that were built.</summary>
    [Parameter("Lets an engine deliver images with other digests than those that were built; signatures and approvals do not hold for them")]
    bool AllowOtherDigest => TryGetValue<bool?>(() => AllowOtherDigest) ?? false;
}

/// <summary>Makes targets that move a release with an engine.</summary>
public static class PushWithDockerExtensions
{
    /// <summary>
    /// Lets a target bring the release to an environment with a Docker engine. An environment that has gates is for promotions
    /// (<c>GAN6020</c>).
    /// </summary>
    public static ITargetDefinition PushWithDocker(this ITargetDefinition target, IPushWithDocker build, PromotionEnvironment environment) => target
        .DependsOn<IPushBase>(x => x.PushBase)
        .Description($"Brings the release to {environment.DisplayName} with a Docker engine: pull, tag, push")
        .ExecutesAsync(build, async cancellationToken =>
        {
            if (environment.Gates.Count > 0)
                throw BuildErrors.GatedEnvironment(environment.Name);

            using var engine = DockerEngine.Connect(DockerEndpoint.Resolve(DockerEnvironment.Current));
            var mover = new DockerTransfer(engine, new SerilogBuildLog(), RegistrySessions.Credentials(build));
            var moved = await new DockerReleaseTransfer(mover, build.Registries).TransferAsync(
                await build.FindReleaseAsync(cancellationToken),
                build.BaseRegistryAddress,
                build.RegistriesOf(environment),
                build.MoveTag,
                build.AllowOtherDigest,
                cancellationToken);
            foreach (var move in moved)
                Log.Information("{Line:l}", move is UnchangedTransfer ? $"{move.Target}: moved by the engine" : $"{move.Target}: written anew by the engine, no promotion of what was built");
            if (moved.Count == 0)
                Log.Information("{Line:l}", "Nothing moves.");
        });
}
