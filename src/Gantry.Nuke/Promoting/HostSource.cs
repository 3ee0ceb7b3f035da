using Gantry.Deployments;
using Gantry.Drift;
using Gantry.Nuke.Registries;
using Gantry.Releases;
using Gantry.Status;

namespace Gantry.Nuke.Promoting;

/// <summary>Adds to a status what hosts run that was not promoted.</summary>
/// <param name="registries">The registries of the build.</param>
/// <param name="images">The names of its images.</param>
/// <param name="deployers">The deployers, some of which can read their hosts.</param>
internal sealed class HostSource(
    RegistrySettings registries, IReadOnlyList<string> images, IReadOnlyList<IDeployer> deployers) : IStatusSource
{
    /// <inheritdoc/>
    public async Task<StatusAddition> ReadAsync(FleetStatus status, CancellationToken cancellationToken)
    {
        var hosts = await VerifyAsync(status, cancellationToken);
        return new StatusAddition { Marks = [.. hosts.Findings.Select(finding => finding.ToMark())] };
    }

    /// <summary>Reads all hosts and health checks.</summary>
    /// <param name="status">The status as the registries prove it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<HostVerification> VerifyAsync(FleetStatus status, CancellationToken cancellationToken)
    {
        using var probe = BuiltInDeployers.Probe();
        return await new HostVerifier(deployers, probe, BuiltInDeployers.Variable)
        {
            Base = new BaseReleases(RegistryAccess.Of(registries).Client, registries.Base, images),
        }.VerifyAsync(status, cancellationToken);
    }
}
