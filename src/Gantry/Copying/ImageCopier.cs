using System.Collections.Concurrent;
using Gantry.IO;

namespace Gantry.Copying;

/// <summary>
/// Copies images between repositories, byte for byte and with everything that belongs to them: one session for many images, many tags
/// and several targets. Whenever it ends, at whatever point, no tag points to anything incomplete, and the same copy again completes it.
/// </summary>
/// <remarks>
/// The order at each target: blobs, manifests (each behind what it lists), what belongs to the image, and the tag at last. What is
/// there is not written again. A manifest that is there is trusted to be complete, unless <see cref="CopyOptions.Deep"/> is set.
/// </remarks>
public sealed class ImageCopier(CopyOptions options, CopyProgress progress)
{
    /// <summary>Creates a copier that copies everything and tells nobody how far it is.</summary>
    public ImageCopier()
        : this(new CopyOptions(), new CopyProgress())
    {
    }

    /// <summary>Where blobs are kept for targets that lag behind, when there are several.</summary>
    public string SpoolFolder { get; init; } = Path.GetTempPath();

    /// <summary>
    /// Copies images, each to all its targets at once. What fails at one target stops that target alone and is told in its outcome;
    /// cancelling stops everything and throws.
    /// </summary>
    /// <returns>One outcome a target, in the order of <see cref="CopyRequest.Targets"/>.</returns>
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
