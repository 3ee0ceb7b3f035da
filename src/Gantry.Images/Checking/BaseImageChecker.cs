using Gantry.Environments;
using Gantry.Images.Comparison;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Status;

namespace Gantry.Images.Checking;

/// <summary>
/// Finds the releases in environments whose base image has moved on: the tag that the Dockerfile named points to another image by now.
/// Everything is read from registries; nothing is written.
/// </summary>
/// <param name="baseImages">The client for the registries of base images.</param>
/// <param name="options">The options.</param>
public sealed class BaseImageChecker(IRegistryClient baseImages, CheckOptions? options = null)
{
    // Answers of registries take longer than what is done with them.
    private const int Parallelism = 8;

    private readonly CheckOptions _options = options ?? new CheckOptions();

    /// <summary>Opens the repository of an image in a registry of an environment, with the credentials of that environment.</summary>
    public required Func<PromotionTarget, string, IImageRepository> Open { get; init; }

    /// <summary>
    /// Checks the releases. Errors are in the report: <c>GAN4830</c> (no base image is recorded), <c>GAN4831</c> (a stand-in),
    /// <c>GAN4832</c> (a registry that may not be asked), <c>GAN4833</c> (the tag is gone), <c>GAN4834</c> (it could not be asked), and
    /// those of images that could not be read. Each base image is asked for once.
    /// </summary>
    /// <param name="status">The status of the environments.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<BaseImageReport> CheckAsync(FleetStatus status, CancellationToken cancellationToken)
    {
        var read = await SelectAsync(status.Cells.Where(cell => cell.Digest is not null), ReadAsync, cancellationToken);
        var problems = read.Select(image => image.Problem).OfType<GantryException>().ToList();

        // Several images of several environments stand on one base image.
        var recorded = read
            .SelectMany(image => image.Recorded)
            .Where(found => found.Kind == RecordedBaseKind.Recorded && found.Reference!.Tag is not null)
            .GroupBy(found => found.Reference!)
            .ToList();
        var answers = await SelectAsync(
            recorded,
            (group, token) => AskAsync(group.Key, [.. group.Select(found => found.Platform).Distinct()], token),
            cancellationToken);
        var known = answers.ToDictionary(answer => answer.Reference!);

        var images = read.Select(image => image.Checked with { Bases = [.. Conclude(image, known)] }).ToList();
        problems.AddRange(images.SelectMany(image => image.Bases).Select(found => found.Problem).OfType<GantryException>());
        return new BaseImageReport
        {
            AsOf = status.AsOf,
            Images = images,
            Moved = [.. answers.Select(answer => answer.Moved).OfType<MovedBaseImage>()],
            Problems = [.. problems.DistinctBy(problem => problem.Message)],
            Unreadable = [.. status.Marks.Where(mark => mark.Kind == StatusMarkKind.Unreadable)],
        };
    }

    private static async Task<IReadOnlyList<TResult>> SelectAsync<T, TResult>(
        IEnumerable<T> items, Func<T, CancellationToken, Task<TResult>> select, CancellationToken cancellationToken)
    {
        var all = items.ToList();
        var results = new TResult[all.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, all.Count),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (index, token) => results[index] = await select(all[index], token));
        return results;
    }

    private sealed record ReadImage(CheckedImage Checked, IReadOnlyList<RecordedBaseImage> Recorded, GantryException? Problem);

    private async Task<ReadImage> ReadAsync(StatusCell cell, CancellationToken cancellationToken)
    {
        var found = new CheckedImage { Target = cell.Target, Image = cell.Image, Version = cell.Version!, Digest = cell.Digest!.Value };
        try
        {
            var inputs = await RecordedInputs.ReadAsync(
                new ComparedImage(Open(cell.Target, cell.Image), found.Digest), cancellationToken);
            return new ReadImage(found with { Created = inputs.Created }, inputs.Platforms, null);
        }
        catch (GantryException problem)
        {
            return new ReadImage(found, [], problem);
        }
    }

    private async Task<CheckedBaseImage> AskAsync(
        ImageReference recorded, IReadOnlyList<Platform> platforms, CancellationToken cancellationToken)
    {
        var unknown = new CheckedBaseImage(BaseImageState.Unknown, recorded, platforms);
        if (_options.Registries is { } registries && !registries.Contains(recorded.Registry.Host, StringComparer.OrdinalIgnoreCase))
            return unknown with { Problem = CheckErrors.OtherRegistry(recorded, registries) };
        try
        {
            var repository = baseImages.Open(recorded.Registry, recorded.Repository);
            var there = await repository.FindTagAsync(recorded.Tag!, cancellationToken);
            if (there?.Digest == recorded.Digest)
                return unknown with { State = BaseImageState.Current };
            if (there is null || await repository.FindManifestAsync(recorded.Tag!, cancellationToken) is not { } root)
                return unknown with { Problem = CheckErrors.TagGone(recorded) };
            var moved = await new MovedBaseImageReader(repository, recorded, _options).ReadAsync(root, platforms, cancellationToken);
            return unknown with { State = moved is null ? BaseImageState.Current : BaseImageState.Moved, Moved = moved };
        }
        catch (GantryException exception)
        {
            return unknown with { Problem = CheckErrors.Unreadable(recorded, exception) };
        }
    }

    private static IEnumerable<CheckedBaseImage> Conclude(ReadImage image, Dictionary<ImageReference, CheckedBaseImage> known) =>
        image.Recorded.GroupBy(found => (found.Kind, found.Reference)).Select(group =>
        {
            IReadOnlyList<Platform> platforms = [.. group.Select(found => found.Platform)];
            var (name, place) = (image.Checked.Image, image.Checked.Target.DisplayName);
            return group.Key switch
            {
                (RecordedBaseKind.Recorded, { Tag: not null } reference) => known[reference] with { Platforms = platforms },
                (RecordedBaseKind.Recorded or RecordedBaseKind.Scratch, var reference) =>
                    new CheckedBaseImage(BaseImageState.Fixed, reference, platforms),
                (RecordedBaseKind.StandIn, _) => new CheckedBaseImage(BaseImageState.Unknown, null, platforms)
                {
                    Problem = CheckErrors.OnStandIn(name, place),
                },
                _ => new CheckedBaseImage(BaseImageState.Unknown, null, platforms) { Problem = CheckErrors.NotRecorded(name, place) },
            };
        });
}
