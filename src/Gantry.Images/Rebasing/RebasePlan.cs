using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Images.Rebasing;

/// <summary>
/// An image whose base layers can be exchanged: everything that could refuse it was verified, and nothing is written. The same image and
/// the same new base images give the same plan, anywhere and at any time.
/// </summary>
public sealed class RebasePlan
{
    private readonly RebaseRequest _request;
    private readonly ManifestContent _root;
    private readonly IReadOnlyList<PlatformRebase> _platforms;

    internal RebasePlan(RebaseRequest request, ManifestContent root, IReadOnlyList<PlatformRebase> platforms)
    {
        _request = request;
        _root = root;
        _platforms = platforms;
        BaseImages = [.. platforms.Select(platform => new ExchangedBase(
            platform.Platform, platform.Old.Reference!, platform.New.Reference!, platform.NewCreated))];
    }

    /// <summary>The name of the image.</summary>
    public string Image => _request.Name;

    /// <summary>The digest of the image as it is.</summary>
    public Digest Digest => _request.Digest;

    /// <summary>The base images, one for each platform.</summary>
    public IReadOnlyList<ExchangedBase> BaseImages { get; }

    /// <summary>True when the layers or the configuration of a base image differ. Without that, the image stays as it is.</summary>
    public bool HasMoved => _platforms.Any(platform => platform.HasMoved);

    /// <summary>
    /// The time of the rebased image: that of the new base image or of the image, whichever is later, so that it needs no clock.
    /// </summary>
    public DateTimeOffset Created => _platforms
        .SelectMany(platform => new[] { platform.Created, platform.NewCreated })
        .OfType<DateTimeOffset>()
        .DefaultIfEmpty(DateTimeOffset.UnixEpoch)
        .Max();

    /// <summary>Creates the image; throws <c>GAN4849</c> when its configuration cannot be derived.</summary>
    /// <param name="fromVersion">The version of the release that it is made from.</param>
    /// <param name="version">The version of the new release.</param>
    /// <param name="created">The time of the new release: the latest <see cref="Created"/> of its images.</param>
    public RebasedImage Create(string fromVersion, string version, DateTimeOffset created)
    {
        if (!HasMoved)
            return new RebasedImage(
                new BuiltImage(_root, Platforms, CommonBase(platform => platform.Old.Reference!), standIn: false), _request.Repository, []);

        var source = new RebasedRepository(_request.Repository);
        var origin = new RebaseOrigin(fromVersion, _request.Digest, version, Format.Rfc3339(created));
        var manifests = new List<ManifestContent>();
        foreach (var platform in _platforms)
            manifests.Add(platform.Create(origin, source));
        var root = _root.IsIndex ? CreateIndex(origin, manifests) : manifests[0];
        source.Add(root);
        return new RebasedImage(
            new BuiltImage(root, Platforms, CommonBase(platform => platform.New.Reference!), standIn: false)
            {
                BaseImages = [.. _platforms.Select(platform => platform.New.Reference!).Distinct()],
            },
            source,
            [.. _platforms.SelectMany(platform => platform.New.Layers)]);
    }

    private IReadOnlyList<Platform> Platforms => [.. _platforms.Select(platform => platform.Platform)];

    private ManifestContent CreateIndex(RebaseOrigin origin, List<ManifestContent> manifests)
    {
        var index = _root.ReadIndex();
        return ManifestContent.Create(new ImageIndex
        {
            MediaType = MediaTypes.OciIndex,
            Manifests = [.. manifests.Zip(index.Manifests, (manifest, entry) => manifest.Descriptor with { Platform = entry.Platform })],
            Annotations = origin.Annotate(
                index.Annotations, CommonBase(platform => platform.New.Reference!), withOrigin: true),
        });
    }

    private ImageReference? CommonBase(Func<PlatformRebase, ImageReference> select) =>
        _platforms.Select(select).Distinct().ToArray() is [var common] ? common : null;
}

/// <summary>The base image of one platform, before and after.</summary>
/// <param name="Platform">The platform.</param>
/// <param name="Before">The base image that the image was built on, with its digest.</param>
/// <param name="After">The base image that its tag points to, with its digest.</param>
/// <param name="Created">The time at which the new base image was created; null when it does not say so.</param>
public sealed record ExchangedBase(Platform Platform, ImageReference Before, ImageReference After, DateTimeOffset? Created);
