using Gantry.Docker.Engine;
using Gantry.Images;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Docker.Transfer;

/// <summary>
/// Copies an image between registries the way Docker does it: an engine pulls, tags and pushes it. For builds that need the image on the
/// agent anyway. It copies one platform, and no signatures or other referrers.
/// </summary>
/// <remarks>
/// Only an engine with containerd's image store pushes the bytes that it pulled. Any other engine unpacks the layers, compresses them again
/// and writes its own manifest. Its digest differs, so signatures and approvals of the source do not apply to it.
/// </remarks>
public sealed class DockerTransfer
{
    private readonly DockerEngine _engine;
    private readonly IBuildLog _log;
    private readonly ICredentialSource? _credentials;

    /// <summary>Creates a transfer.</summary>
    /// <param name="engine">The engine; the caller disposes of it.</param>
    /// <param name="log">Receives the output of the engine.</param>
    /// <param name="credentials">Credentials for both registries; null when none are needed.</param>
    public DockerTransfer(DockerEngine engine, IBuildLog log, ICredentialSource? credentials = null)
    {
        _engine = engine;
        _log = log;
        _credentials = credentials;
    }

    /// <summary>Copies an image.</summary>
    /// <param name="source">The source image, by digest.</param>
    /// <param name="target">The target, by tag.</param>
    /// <param name="allowOtherDigest">True to accept an image with another digest at the target. False by default.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="GantryException"><c>GAN6017</c>, before anything is pulled or pushed: the engine would change the digest.
    /// <c>GAN6018</c>: the engine changed the digest unexpectedly; the message names the image that is now at the target. <c>GAN6015</c>
    /// and <c>GAN6016</c>: the pull or the push failed.</exception>
    public async Task<DockerTransferResult> TransferAsync(
        ImageReference source, ImageReference target, bool allowOtherDigest, CancellationToken cancellationToken)
    {
        if (source.Digest is not { } digest)
            throw new ArgumentException("The source must have a digest.", nameof(source));
        if (target.Tag is null)
            throw new ArgumentException("The target must have a tag.", nameof(target));

        var description = await _engine.DescribeAsync(cancellationToken);
        if (!description.HasContainerdImageStore && !allowOtherDigest)
            throw DockerErrors.WouldRecompress(_engine.Endpoint, description, source.ToString());

        var credentials = await DockerCredentials.FindAsync(_credentials, [source.Registry.Host, target.Registry.Host], cancellationToken);
        var images = new DockerImages(_engine, credentials, _log);
        await images.PullAsync(source, platform: null, cancellationToken);
        await images.TagAsync(source, target, cancellationToken);
        var pushed = await images.PushAsync(target with { Digest = null }, cancellationToken);
        var result = new DockerTransferResult(target.At(pushed), digest);
        if (result.IsUnchanged)
            return result;

        if (!allowOtherDigest)
            throw DockerErrors.Recompressed(_engine.Endpoint, source.ToString(), result.Target.ToString());
        _log.Warning(
            $"{result.Target} is not {source}: the engine recompressed it, so signatures and approvals of the source do not apply to it.");
        return result;
    }
}
