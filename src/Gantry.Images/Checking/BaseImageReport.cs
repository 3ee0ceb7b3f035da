using Gantry.Differences;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Status;

namespace Gantry.Images.Checking;

/// <summary>The releases that are in environments, and whether their base images have moved on.</summary>
public sealed record BaseImageReport
{
    /// <summary>The time of the read.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>One entry for each image in each registry, in the order of the environments, then of the images.</summary>
    public required IReadOnlyList<CheckedImage> Images { get; init; }

    /// <summary>The base images that have moved on, each once.</summary>
    public required IReadOnlyList<MovedBaseImage> Moved { get; init; }

    /// <summary>What is not known of images and of their base images, each once.</summary>
    public required IReadOnlyList<GantryException> Problems { get; init; }

    /// <summary>
    /// The problems without those that are the same in each run: no base image is recorded (<c>GAN4830</c>), a stand-in
    /// (<c>GAN4831</c>), a tag that is gone (<c>GAN4833</c>).
    /// </summary>
    public IReadOnlyList<GantryException> Failures =>
        [.. Problems.Where(problem => problem.Code is not ("GAN4830" or "GAN4831" or CheckErrors.TagGoneCode))];

    /// <summary>The environments that could not be read, as the status says.</summary>
    public IReadOnlyList<StatusMark> Unreadable { get; init; } = [];

    /// <summary>
    /// The marks for the status: one for each image whose base image has moved on, is gone, or could not be asked for.
    /// </summary>
    public IReadOnlyList<StatusMark> Marks =>
        [.. Images.SelectMany(image => image.Bases.Select(found => MarkOf(image, found)).OfType<StatusMark>())];

    private static StatusMark? MarkOf(CheckedImage image, CheckedBaseImage found) => found switch
    {
        { Moved: { } moved } => ToMark(image, StatusMarkKind.OldBaseImage, CheckErrors.Moved(image.Image, image.Version, moved)) with
        {
            Command = $"./build.sh RebaseRelease --release {image.Version}",
        },
        { Problem: { Code: CheckErrors.TagGoneCode } gone } => ToMark(image, StatusMarkKind.OldBaseImage, gone),
        { Problem: { } problem, Reference: not null } => ToMark(image, StatusMarkKind.Unreadable, problem),
        _ => null,
    };

    private static StatusMark ToMark(CheckedImage image, StatusMarkKind kind, GantryException problem) => new()
    {
        Kind = kind,
        Code = problem.Code,
        Place = image.Target.DisplayName,
        Image = image.Image,
        Problem = problem.Problem,
        Remedy = problem.Remedy,
    };
}

/// <summary>An image of the release that is in one registry of an environment.</summary>
public sealed record CheckedImage
{
    /// <summary>The registry.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>The name of the image.</summary>
    public required string Image { get; init; }

    /// <summary>The version of the release.</summary>
    public required string Version { get; init; }

    /// <summary>The digest of the image.</summary>
    public required Digest Digest { get; init; }

    /// <summary>The time of the image, which is that of its commit; null when it is not recorded.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Its base images: one, unless its platforms have different ones. Empty when the image could not be read.</summary>
    public IReadOnlyList<CheckedBaseImage> Bases { get; init; } = [];
}

/// <summary>The base image of some platforms of an image.</summary>
/// <param name="State">The state.</param>
/// <param name="Reference">The base image with its digest; null when none is recorded.</param>
/// <param name="Platforms">The platforms.</param>
public sealed record CheckedBaseImage(BaseImageState State, ImageReference? Reference, IReadOnlyList<Platform> Platforms)
{
    /// <summary>The image that the tag points to now; null unless it has moved on.</summary>
    public MovedBaseImage? Moved { get; init; }

    /// <summary>The reason why the state is not known; null when it is.</summary>
    public GantryException? Problem { get; init; }
}

/// <summary>The states of base images.</summary>
public enum BaseImageState
{
    /// <summary>The tag points to the image that the release stands on.</summary>
    Current,

    /// <summary>The tag points to another image.</summary>
    Moved,

    /// <summary>There is nothing that could move: the Dockerfile names a digest without a tag, or <c>scratch</c>.</summary>
    Fixed,

    /// <summary>It is not known: see <see cref="CheckedBaseImage.Problem"/>.</summary>
    Unknown,
}

/// <summary>A base image whose tag has moved on.</summary>
public sealed record MovedBaseImage
{
    /// <summary>The base image that releases stand on, with its digest.</summary>
    public required ImageReference Before { get; init; }

    /// <summary>The base image that the tag points to, with its digest.</summary>
    public required ImageReference After { get; init; }

    /// <summary>The time at which the old one was created; null when it does not say so, or is gone.</summary>
    public DateTimeOffset? BeforeCreated { get; init; }

    /// <summary>The time at which the new one was created: it has not moved before. Null when it does not say so.</summary>
    public DateTimeOffset? AfterCreated { get; init; }

    /// <summary>The packages that differ, as the SBOMs of the two list them, sorted by name.</summary>
    public IReadOnlyList<ChangedPackage> Packages { get; init; } = [];

    /// <summary>What could not be compared, each with the reason as one sentence.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];
}
