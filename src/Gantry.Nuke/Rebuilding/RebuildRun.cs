using Gantry.Images.Comparison;
using Gantry.IO;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Versioning;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Nuke.Rebuilding;

/// <summary>Builds a release again from its commit, in a temporary folder, and compares the images with the published ones.</summary>
internal sealed class RebuildRun
{
    /// <summary>The folder of this build.</summary>
    public required string Root { get; init; }

    /// <summary>Opens the repository of an image in the base registry.</summary>
    public required Func<string, IImageRepository> OpenBase { get; init; }

    /// <summary>Opens the repository of an image in a folder.</summary>
    public required Func<string, string, IImageRepository> OpenStore { get; init; }

    /// <summary>Finds the version of the .NET SDK that builds in a folder; null when there is none.</summary>
    public required Func<string, string?> FindSdk { get; init; }

    /// <summary>True to go on with another .NET SDK than the recorded one.</summary>
    public required bool AllowOtherSdk { get; init; }

    /// <summary>The variables of this process.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>
    /// Builds and compares. Returns the version of the .NET SDK that built; throws <c>GAN7092</c> when a digest differs, and the errors of
    /// the steps before.
    /// </summary>
    public async Task<string> RunAsync(RecordedBuild build, CancellationToken cancellationToken)
    {
        using var temporary = TemporaryFolder.Create("gantry-rebuild-");
        var (checkout, store) = (temporary.Combine("checkout"), temporary.Combine("images"));
        var release = build.Release;
        BuildOutput.Information($"Rebuilding {release.Version} from {release.Commit} in {checkout}");
        if (!build.IsVerified)
            BuildOutput.Warning("The base registry has no trusted keys: what the release records of its build is not verified");
        new CommitCheckout(release).CheckOut(Root, checkout, build.Source);
        ReportSource(build, SourceRevision.Read(Root).Source);
        var sdk = RequireSdk(build, checkout);

        var commitTime = SourceRevision.Read(checkout).CommitTime;
        if (build.Created is { } created && created != commitTime)
            BuildOutput.Information($"The release was built with SOURCE_DATE_EPOCH, for {Format.Rfc3339(created)}");
        await new CheckoutBuild(release, checkout).RunAsync(
            store, RebuildEnvironment.Create(Variables, build, commitTime), cancellationToken);
        await CompareAsync(build, store, cancellationToken);
        return sdk;
    }

    private static void ReportSource(RecordedBuild build, string? here)
    {
        if (build.Source != here)
            BuildOutput.Information(
                $"The release records {build.Source ?? "no repository"} as its source, and this clone has {here ?? "none"}");
    }

    private string RequireSdk(RecordedBuild build, string checkout)
    {
        var recorded = string.Join(" or ", build.Sdks);
        if (FindSdk(checkout) is not { } present)
            throw RebuildingErrors.NoSdk(build.Release, recorded.Length == 0 ? "that global.json names" : recorded);
        if (build.Sdks.Count == 0)
            BuildOutput.Warning($"The release does not record its .NET SDK; this one is {present}");
        else if (!build.Sdks.Contains(present) && !AllowOtherSdk)
            throw RebuildingErrors.OtherSdk(build.Release, recorded, present);
        else if (!build.Sdks.Contains(present))
            BuildOutput.Warning($"The release was built with the .NET SDK {recorded}, and is rebuilt with {present}");
        return present;
    }

    private async Task CompareAsync(RecordedBuild build, string store, CancellationToken cancellationToken)
    {
        var (different, first) = (new List<string>(), "");
        foreach (var image in build.Release.Images)
        {
            var rebuilt = OpenStore(store, image.Name);
            var found = await rebuilt.FindManifestAsync(build.Release.Tag, cancellationToken)
                ?? throw RebuildingErrors.NotBuilt(build.Release, image.Name);
            var actual = new ComparedImage(rebuilt, found.Descriptor.Digest);
            var expected = new ComparedImage(OpenBase(image.Name), image.Digest);
            var comparison = await new ImageComparer().CompareAsync(expected, actual, cancellationToken);
            if (comparison.IsSame)
            {
                BuildOutput.Information($"{image.Name} {build.Release.Version} is the same: {image.Digest}");
                continue;
            }

            await EnsureSameBaseAsync(image.Name, expected, actual, cancellationToken);
            Report(image.Name, comparison);
            different.Add(image.Name);
            if (first.Length == 0)
                first = $"{image.Name}, {comparison.Differences[0]}";
        }

        if (different.Count > 0)
            throw RebuildingErrors.Differs(build.Release, different, first);
    }

    private static async Task EnsureSameBaseAsync(
        string name, ComparedImage expected, ComparedImage actual, CancellationToken cancellationToken)
    {
        var recorded = (await RecordedInputs.ReadAsync(expected, cancellationToken)).BaseImages;
        var used = (await RecordedInputs.ReadAsync(actual, cancellationToken)).BaseImages;
        if (!recorded.ToHashSet().SetEquals(used) && recorded.Count > 0)
            throw RebuildingErrors.OtherBaseImageUsed(name, recorded, used);
    }

    private static void Report(string name, ImageComparison comparison)
    {
        BuildOutput.Warning($"{name} differs: {comparison.Actual} instead of {comparison.Expected}");
        foreach (var difference in comparison.Differences)
            BuildOutput.Information($"  {difference}");
        if (comparison.IsTruncated)
            BuildOutput.Information($"  and possibly more: {Format.Count(comparison.Differences.Count, "difference")} are shown");
    }
}
