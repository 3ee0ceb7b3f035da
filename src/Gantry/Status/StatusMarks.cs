using Gantry.Environments;
using Gantry.Promotion;
using Gantry.Verification;

namespace Gantry.Status;

/// <summary>Creates the marks of a status: each with its code and the command that mends it.</summary>
internal static class StatusMarks
{
    private const string RegionsDiffer = "GAN4058";

    /// <summary>Returns the marks that concern whole registries, or all regions of an environment.</summary>
    public static IEnumerable<StatusMark> Of(IReadOnlyList<EnvironmentStatus> environments) =>
        from status in environments
        from problem in status.Problems
        where !status.ImageProblems.Any(ofImage => ofImage.Error.Message == problem.Message)
        select problem.Code == RegionsDiffer
            ? OfRegions(environments, status.Target, problem)
            : Create(status, KindOf(status, problem, image: null), problem, image: null);

    /// <summary>Returns the marks that concern one image.</summary>
    public static IReadOnlyList<StatusMark> Of(EnvironmentStatus status, string image) =>
    [
        .. status.ImageProblems
            .Where(problem => problem.Image == image)
            .DistinctBy(problem => problem.Error.Message)
            .Select(problem => Create(status, KindOf(status, problem.Error, image), problem.Error, ImageOf(status, problem))),
    ];

    /// <summary>Returns the marks about the way of an image into an environment.</summary>
    /// <param name="target">The registry.</param>
    /// <param name="release">The release that is there.</param>
    /// <param name="image">The image.</param>
    /// <param name="disorder">Why the release came out of order; null when it did not.</param>
    /// <param name="lag">How far the environment is behind; null when that is not known.</param>
    public static IEnumerable<StatusMark> Of(
        PromotionTarget target, PromotedRelease release, PromotedImage image, string? disorder, Lag? lag)
    {
        var (place, environment, version) = (target.DisplayName, target.Environment, release.Version);
        if (disorder is not null && image.Record is { BreakGlass: null })
            yield return Create(
                target, StatusMarkKind.BrokenOrder, VerificationErrors.OutOfOrder(place, version, disorder), Command(environment, version));
        if (image.OpenBypass is { } bypass)
            yield return Create(
                target, StatusMarkKind.OpenBypass, VerificationErrors.Bypassed(place, version, bypass), Command(environment, version)) with
            {
                Error = null,
            };
        if (lag is { Count: > 0 })
            yield return Create(
                target,
                StatusMarkKind.Behind,
                StatusErrors.Behind(place, version, lag.Count, lag.Before.DisplayName, lag.Latest),
                Command(environment, lag.Latest)) with
            {
                Error = null,
            };
    }

    /// <summary>Sorts marks, the gravest first; what concerns several images or all regions is there once.</summary>
    public static IReadOnlyList<StatusMark> Sort(IEnumerable<StatusMark> marks) =>
    [
        .. marks
            .OrderBy(mark => mark.Kind)
            .DistinctBy(mark => (mark.Place, mark.Code, mark.Problem)),
    ];

    /// <summary>Returns true when the error is about an attestation that does not count.</summary>
    public static bool IsOfAttestation(GantryException error) =>
        error.Code.StartsWith("GAN42", StringComparison.Ordinal) && error.Code is not ("GAN4201" or "GAN4211");

    // The release that came last is the one that all regions should have.
    private static StatusMark OfRegions(IReadOnlyList<EnvironmentStatus> environments, PromotionTarget target, GantryException error)
    {
        var latest = environments
            .Where(other => other.Target.Environment == target.Environment && other.Release is not null)
            .MaxBy(other => other.Release!.Since ?? DateTimeOffset.MinValue);
        return Create(
            target, StatusMarkKind.Incomplete, error,
            latest is null ? null : Command(target.Environment, latest.Release!.Version, "--skip")) with
        {
            Place = target.Environment.DisplayName,
        };
    }

    private static StatusMark Create(EnvironmentStatus status, StatusMarkKind kind, GantryException error, string? image)
    {
        var target = status.Target;
        var command = status.Release is not { } release ? null : kind switch
        {
            StatusMarkKind.MovedTag when error.Code == "GAN4056" =>
                Command(target.Environment, release.Version, "--skip --move-tag \"reason\""),
            StatusMarkKind.Unattested or StatusMarkKind.Incomplete => Command(target.Environment, release.Version, "--skip"),
            _ => null,
        };
        return Create(target, kind, error, command) with { Image = image };
    }

    private static StatusMark Create(PromotionTarget target, StatusMarkKind kind, GantryException error, string? command) => new()
    {
        Kind = kind,
        Code = error.Code,
        Place = target.DisplayName,
        Problem = error.Problem,
        Remedy = error.Remedy,
        Command = command,
        Error = error,
    };

    // Versions are those of tags, and names of environments have letters and digits: neither needs quotes in a shell.
    private static string Command(PromotionEnvironment environment, string version, string? options = null) =>
        $"./build.sh Promote{environment.Identifier} {(options is null ? "" : options + " ")}--release {version}";

    // One sentence may be about several images.
    private static string? ImageOf(EnvironmentStatus status, ImageProblem problem) =>
        status.ImageProblems.All(other => other.Image == problem.Image || other.Error.Message != problem.Error.Message)
            ? problem.Image
            : null;

    private static StatusMarkKind KindOf(EnvironmentStatus status, GantryException error, string? image)
    {
        var there = status.Release?.Images.FirstOrDefault(each => each.Name == image);
        return error.Code switch
        {
            "GAN4056" or "GAN4021" => StatusMarkKind.MovedTag,
            "GAN4057" => there is null ? StatusMarkKind.Incomplete : StatusMarkKind.Unattested,

            // Something beside the image does not count. Where nothing else does, the image is without proof.
            "GAN4059" when there is { Record: null } => StatusMarkKind.Unattested,
            _ when IsOfProof(error) && there is { Record: null } => StatusMarkKind.Unattested,
            _ => StatusMarkKind.Unreadable,
        };
    }

    private static bool IsOfProof(GantryException error) => error.Code.StartsWith("GAN42", StringComparison.Ordinal);
}
