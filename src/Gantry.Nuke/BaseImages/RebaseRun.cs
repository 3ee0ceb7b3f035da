using Gantry.Attestations;
using Gantry.Images.Rebasing;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Reporting;
using Gantry.Nuke.Signing;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Nuke.BaseImages;

/// <summary>Makes a release from an existing one by exchanging its base layers, and publishes it.</summary>
internal sealed class RebaseRun
{
    /// <summary>Opens the repository of an image in the base registry.</summary>
    public required Func<string, IImageRepository> OpenBase { get; init; }

    /// <summary>The folder for what is known of layers.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Publishes the release.</summary>
    public required Publisher Publisher { get; init; }

    /// <summary>The publication without its version and images.</summary>
    public required PublishRequest Publication { get; init; }

    /// <summary>
    /// Publishes the release; returns null in a dry run. Everything that can refuse it does so before anything is written.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="version">The version of the new release.</param>
    /// <param name="dry">The dry run; null when it is none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<PublishedRelease?> RunAsync(
        ReleaseRebasePlan plan, string version, DryRun? dry, CancellationToken cancellationToken)
    {
        Report(plan, version);
        var rebased = plan.Create(version);
        var images = new List<ImageToPublish>();
        foreach (var (image, planned) in rebased.Zip(plan.Images))
            images.Add(await DescribeAsync(image, planned, plan, version, cancellationToken));

        var request = Publication with { Version = version, Images = images };
        var publication = await Publisher.PlanAsync(request, cancellationToken);
        if (dry is not null)
        {
            PromotionLog.Write(publication);
            dry.Report(nameof(IMaintainBaseImages.RebaseRelease), !publication.NothingMoves);
            return null;
        }

        foreach (var (image, planned) in rebased.Zip(plan.Images))
            await image.MountAsync(OpenBase(planned.Image), cancellationToken);
        return await CopyDisplay.ShowAsync(
            Publisher.Progress, () => Publisher.PublishAsync(request, cancellationToken), cancellationToken);
    }

    private static void Report(ReleaseRebasePlan plan, string version)
    {
        BuildOutput.Information($"Rebasing {plan.Release.Version} as {version}");
        foreach (var image in plan.Images)
        {
            if (!image.HasMoved)
                BuildOutput.Information($"{image.Image} stays as it is: its base image has not moved");
            foreach (var exchanged in image.HasMoved ? image.BaseImages : [])
                BuildOutput.Information($"{image.Image} for {exchanged.Platform}: {exchanged.Before} becomes {exchanged.After.Digest}"
                    + (exchanged.Created is { } created ? $" of {Format.Time(created)}" : ""));
        }
    }

    // An image that stays as it is has its SBOMs already.
    private async Task<ImageToPublish> DescribeAsync(
        RebasedImage image, RebasePlan planned, ReleaseRebasePlan plan, string version, CancellationToken cancellationToken)
    {
        var toPublish = new ImageToPublish(planned.Image, image.Source, image.Image)
        {
            Definition = new ImageDefinition
            {
                RebasedFrom = new RebasedImageSource(
                    plan.Release.Version, ResourceUri.For(Publication.Base, planned.Image, SigningKeys.Base), planned.Digest),
            },
        };
        return planned.HasMoved
            ? await ImageSboms.AddAsync(toPublish, version, plan.Created, CacheFolder, cancellationToken)
            : toPublish;
    }
}
