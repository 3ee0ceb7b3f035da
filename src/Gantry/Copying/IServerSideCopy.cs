using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>
/// Copies images from one registry to another without their bytes passing through this machine: the target fetches them. The result is
/// verified against the image's digests afterwards, and missing parts are copied.
/// </summary>
public interface IServerSideCopy
{
    /// <summary>Checks whether images can be copied this way. Writes nothing.</summary>
    /// <returns>The result with a description; null when server-side copies do not apply to these registries.</returns>
    Task<TransferResult?> CheckAsync(RegistryAddress from, RegistryAddress to, CancellationToken cancellationToken);

    /// <summary>Copies an image and everything that it lists, by digest and without a tag. Its referrers are not copied.</summary>
    /// <returns>The result with a description; when it failed, the caller copies the image.</returns>
    Task<TransferResult> CopyAsync(ServerSideCopyRequest item, CancellationToken cancellationToken);
}

/// <summary>An image to copy on the server side.</summary>
public sealed class ServerSideCopyRequest
{
    /// <summary>The registry or repository that holds the image.</summary>
    public required RegistryAddress From { get; init; }

    /// <summary>The destination.</summary>
    public required RegistryAddress To { get; init; }

    /// <summary>The name of the image, without the paths of the addresses.</summary>
    public required string Image { get; init; }

    /// <summary>The digest of the image.</summary>
    public required Digest Digest { get; init; }

    /// <summary>The repository that the image is copied to.</summary>
    public required IImageRepository Target { get; init; }
}

/// <summary>The result of a server-side copy.</summary>
/// <param name="Succeeded">True when it works.</param>
/// <param name="Reason">A description of how it works, or of why it does not, as the rest of a sentence: <c>imported by contosoprod</c>,
/// <c>the identity lacks the right …</c>.</param>
public sealed record TransferResult(bool Succeeded, string Reason);
