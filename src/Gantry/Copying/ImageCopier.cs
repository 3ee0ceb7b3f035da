using System.Collections.Concurrent;
using Gantry.IO;

namespace Gantry.Copying;

/// <summary>
/// Copies images between repositories, byte for byte and with their attachments: one session for many images, many tags and several
/// targets. If it stops at any point, no tag points to an incomplete image, and running the same copy again completes it.
/// </summary>
/// <remarks>
/// The order at each target: blobs, manifests (each after the manifests that it lists), attachments, and the tag last. Existing content is
/// not written again. An existing manifest is trusted to be complete unless <see cref="CopyOptions.Deep"/> is set.
/// </remarks>
public sealed class ImageCopier(CopyOptions options, CopyProgress progress)
{
    /// <summary>Creates a copier that copies everything, without progress reporting.</summary>
    public ImageCopier()
        : this(new CopyOptions(), new CopyProgress())
    {
    }

    /// <summary>The folder for blobs that slower targets still need, when there are several targets.</summary>
    public string SpoolFolder { get; init; } = Path.GetTempPath();

    /// <summary>
    /// Copies images, each to all its targets at the same time. A failure at one target stops only that target and is in its outcome;
    /// cancelling stops everything and throws.
    /// </summary>
    /// <returns>One outcome per target, in the order of <see cref="CopyRequest.Targets"/>.</returns>
    public async Task<IReadOnlyList<CopyOutcome>> CopyAsync(IReadOnlyList<CopyRequest> requests, CancellationToken cancellationToken)
    {
        var targets = requests.Count == 0 ? 0 : requests[0].Targets.Count;
        if (requests.Any(request => request.Targets.Count != targets))
            throw new ArgumentException("Every request of a session needs the same number of targets.", nameof(requests));

        await using var session = new CopySession(targets, options, progress, SpoolFolder, cancellationToken);
        var sources = new ConcurrentDictionary<string, ImageSource>();
        var images = requests
            .Select(request => new SourceImage(sources.GetOrAdd(request.Source.Location, _ => new ImageSource(request.Source, options)), request, options, session.Token))
            .ToList();

        return await session.RunAsync((number, lane, done) =>
        {
            var inspector = new TargetInspector(options, requests.Select(request => request.Targets[number]));
            return Concurrently.ForEachAsync(
                Enumerable.Range(0, requests.Count),
                async (index, _) =>
                {
                    var copy = new ImageCopy(images[index], requests[index].Targets[number], session.GetBlobSource(requests[index].Source), inspector, lane, options);
                    done[index] = await copy.RunAsync();
                },
                lane.Token,
                options.MaximumConcurrentImages);
        });
    }
}
