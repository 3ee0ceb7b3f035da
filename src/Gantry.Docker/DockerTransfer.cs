using Gantry.Images;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Docker;

/// <summary>
/// Docker's way of moving an image: an engine pulls it, gives it another name and pushes it. For those who need the image on the
/// agent anyway. It moves one platform, and no signatures or other referrers.
/// </summary>
/// <remarks>
/// Only an engine with containerd's image store pushes what it pulled. Any other unpacks layers, compresses them again and writes
/// a manifest of its own, so that what arrives is another image as far as digests, signatures and approvals go.
/// </remarks>
public sealed class DockerTransfer
{
    private readonly DockerEngine _engine;
    private readonly IBuildLog _log;
    private readonly ICredentialSource? _credentials;

    /// <summary>Creates a mover.</summary>
    /// <param name="engine">The engine; the caller disposes of it.</param>
    /// <param name="log">Receives what the engine says.</param>
    /// <param name="credentials">Credentials for both registries; null when they need none.</param>
    public DockerTransfer(DockerEngine engine, IBuildLog log, ICredentialSource? credentials = null)
    {
        _engine = engine;
        _log = log;
        _credentials = credentials;
    }

    /// <summary>Moves an image.</summary>
    /// <param name="source">What to move, by digest.</param>
    /// <param name="target">Where to, by tag.</param>
    /// <param name="allowOtherDigest">Whether an image with another digest may arrive. Asked for explicitly, never by default.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="GantryException">
    /// <c>GAN6017</c>, before anything is pulled or pushed: the engine would change the digest. <c>GAN6018</c>: it did, although it
    /// should not; the message says what is at the target now. <c>GAN6015</c> and <c>GAN6016</c>: it could not pull or push.
    /// </exception>
    public async Task<DockerTransferResult> TransferAsync(ImageReference source, ImageReference target, bool allowOtherDigest, CancellationToken cancellationToken)
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
        if (pushed == digest)
            return new UnchangedTransfer(target.At(pushed));

        if (!allowOtherDigest)
            throw DockerErrors.Recompressed(_engine.Endpoint, source.ToString(), target.At(pushed).ToString());
        _log.Warning($"{target.At(pushed)} is not {source}: the engine wrote it anew, and nothing that was signed or approved for the source holds for it.");
        return new RecompressedTransfer(target.At(pushed), digest);
    }
}

/// <summary>What an engine moved.</summary>
/// <param name="Target">What is at the target now, with tag and digest.</param>
public abstract record DockerTransferResult(ImageReference Target);

/// <summary>The image arrived as it was: its digest is the source's.</summary>
/// <param name="Target">What is at the target now, with tag and digest.</param>
public sealed record UnchangedTransfer(ImageReference Target) : DockerTransferResult(Target);

/// <summary>Another image arrived, with the same files in it. This is no promotion of the source.</summary>
/// <param name="Target">What is at the target now, with tag and digest.</param>
/// <param name="SourceDigest">The digest of the image that was pulled.</param>
public sealed record RecompressedTransfer(ImageReference Target, Digest SourceDigest) : DockerTransferResult(Target);
