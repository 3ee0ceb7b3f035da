using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>
/// Brings images from one registry to another without their bytes passing through this machine: the target fetches them. What it brought
/// is held against the image's digests afterwards, and completed where something is missing.
/// </summary>
public interface IServerSideCopy
{
    /// <summary>Whether images can go this way. Writes nothing.</summary>
    /// <returns>How, or why not; null where nobody would expect it: between places that know of no such way.</returns>
    Task<TransferResult?> CheckAsync(RegistryAddress from, RegistryAddress to, CancellationToken cancellationToken);

    /// <summary>Brings an image and everything that it lists, by its digest and without a tag. What refers to the image stays behind.</summary>
    /// <returns>How, or why not: then the image is copied.</returns>
    Task<TransferResult> CopyAsync(ServerSideCopyRequest item, CancellationToken cancellationToken);
}

/// <summary>An image to bring.</summary>
public sealed record ServerSideCopyRequest
{
    /// <summary>Where it is.</summary>
    public required RegistryAddress From { get; init; }

    /// <summary>Where it goes.</summary>
    public required RegistryAddress To { get; init; }

    /// <summary>The name of the image, without the paths of the addresses.</summary>
    public required string Image { get; init; }

    /// <summary>Its digest.</summary>
    public required Digest Digest { get; init; }

    /// <summary>The repository that it goes to.</summary>
    public required IImageRepository Target { get; init; }
}

/// <summary>Whether something goes a way that does not lead through this machine.</summary>
/// <param name="Succeeded">Whether it does.</param>
/// <param name="Reason">How, or why not, as the rest of a sentence: <c>imported by contosoprod</c>, <c>the identity lacks the right …</c>.</param>
public sealed record TransferResult(bool Succeeded, string Reason);
