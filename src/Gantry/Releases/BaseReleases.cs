using System.Collections.Concurrent;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Releases;

/// <summary>The releases of a base registry, which environments are compared with. Each is read once for all environments.</summary>
/// <param name="repositories">The client that opens the base registry.</param>
/// <param name="address">The base registry.</param>
/// <param name="images">The names of the images of the build.</param>
/// <param name="time">The clock, which shows that the date of a release cannot be true; the system clock by default.</param>
public sealed class BaseReleases(
    IRegistryClient repositories, RegistryAddress address, IReadOnlyList<string> images, TimeProvider? time = null)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Release>>> _releases = new();
    private readonly SharedAnswers<(string Image, string Tag), Digest?> _tags = new();

    /// <summary>The base registry.</summary>
    public RegistryAddress Address => address;

    /// <summary>The client that opens the base registry.</summary>
    internal IRegistryClient Client => repositories;

    /// <summary>Finds a release; throws like <see cref="ReleaseFinder.FindAsync"/>.</summary>
    /// <param name="version">The version.</param>
    /// <param name="cancellationToken">Cancels the operation, for all that wait for it.</param>
    public Task<Release> FindAsync(string version, CancellationToken cancellationToken) => _releases.GetOrAdd(
        version,
        _ => new(() => new ReleaseFinder(repositories, time).FindAsync(address, images, version, digest: null, cancellationToken))).Value;

    /// <summary>Finds the digest that a tag of the base registry points to; null when there is none.</summary>
    internal Task<Digest?> FindTagAsync(string image, string tag, CancellationToken cancellationToken) => _tags.GetAsync(
        (image, tag), async () => (await repositories.Open(address, image).FindTagAsync(tag, cancellationToken))?.Digest);
}
