using Gantry.Releases;
using Gantry.Status;

namespace Gantry.Nuke.BaseImages;

/// <summary>GAN4852 to GAN4857: releases that are made from others, in a run.</summary>
internal static class RebaseRunErrors
{
    public static GantryException SameVersion(string version) =>
        new(
            "GAN4852",
            $"the rebased release cannot have the version {version}, which is that of the release that it is made from",
            "name another one (--release-version), or none: then the declaration sets it");

    public static GantryException Differs(Release release, IReadOnlyList<string> images, string first) =>
        new(
            "GAN4853",
            $"the release {release.Version} was not rebased with the same digests: {string.Join(", ", images)} "
                + $"{(images.Count == 1 ? "differs" : "differ")}, first in {first}",
            "find out who wrote it: the same release and the same base image give the same digest");

    public static GantryException OnlyPlanned() =>
        new(
            "GAN4854",
            "the rebased release does not exist in a dry run, so its promotion cannot be planned",
            "rebase without --dry-run, and plan the promotion of that release then");

    public static GantryException NoOrigin(Release release, string origin, GantryException cause) =>
        new(
            "GAN4855",
            $"the release {release.Version} was made from {origin}, which cannot be found: {cause.Problem}",
            "rebuild it where the base registry still has that release",
            cause);

    public static GantryException OtherOrigin(Release release, IEnumerable<string> origins) =>
        new(
            "GAN4855",
            $"the images of the release {release.Version} were not made from those of {string.Join(" or ", origins)}, as they say",
            "find out who wrote it, and publish a new release");

    public static GantryException Unreadable(StatusMark mark) =>
        new("GAN4857", $"{mark.Place} could not be read: {mark.Problem}", mark.Remedy ?? "check the registry, and run it again");

    public static GantryException TooManyRebases(Release release, int count) =>
        new(
            "GAN4856",
            $"the release {release.Version} was rebased more than {Format.Count(count, "time")} in a row",
            "build a new release from its commit");
}
