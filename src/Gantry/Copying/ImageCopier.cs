using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

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
    /// Copies one image, with the registry settings of this machine: the credentials of <c>docker login</c>, its certificates, mirrors and
    /// proxies.
    /// </summary>
    /// <param name="source">The image: <c>registry/repository:tag</c>, <c>…@sha256:…</c>, <c>oci:folder/repository:tag</c>,
    /// <c>oci-archive:file.tar[:tag]</c> or <c>docker-archive:file.tar[:name:tag]</c>.</param>
    /// <param name="target">The target, in the same forms except <c>docker-archive:</c>; without a tag, that of the source is used.</param>
    /// <param name="options">The parts to copy; null copies everything.</param>
    /// <param name="cancellationToken">Cancels the copy; no tag then points to an incomplete image.</param>
    /// <exception cref="GantryException">The image cannot be copied. A tag that exists with another digest is never moved
    /// (<c>GAN4035</c>).</exception>
    public static async Task<ImageOutcome> CopyAsync(
        string source, string target, CopyOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (from, to) = (ImageLocation.Parse(source), ImageLocation.Parse(target));
        await using var registries = new RegistrySession(
            RegistryEnvironment.Apply(new RegistrySessionOptions { Credentials = [new DockerConfigCredentials()] }));
        from = await ArchivedImages.ResolveAsync(from, registries, cancellationToken);
        if (from.Reference is null)
            throw OciErrors.MalformedReference(source, "it has neither a tag nor a digest");
        to.EnsureWritable(target);
        if (to.Digest is not null && to.Digest != from.Digest)
            throw OciErrors.MalformedReference(target, "a copy cannot have another digest than its source");

        var request = new CopyRequest
        {
            Source = registries.Open(from.Address, from.Repository),
            Tag = from.Tag,
            Digest = from.Digest,
            Targets = [new CopyTarget(registries.Open(to.Address, to.Repository), to.Tag ?? (to.Digest is null ? from.Tag : null))],
        };
        var outcome = (await new ImageCopier(options ?? new CopyOptions(), new CopyProgress()).CopyAsync([request], cancellationToken))[0];
        if (outcome.Error is { } error)
            ExceptionDispatchInfo.Throw(error);
        return outcome.Images[0];
    }

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
            .Select(request => new SourceImage(
                sources.GetOrAdd(request.Source.Location, _ => new ImageSource(request.Source, options)), request, options, session.Token))
            .ToList();

        return await session.RunAsync((number, lane, done) =>
        {
            var inspector = new TargetInspector(options);
            return Concurrently.ForEachAsync(
                Enumerable.Range(0, requests.Count),
                async (index, _) =>
                {
                    var copy = new ImageCopy(
                        images[index], requests[index].Targets[number], session.GetBlobSource(requests[index].Source), inspector, lane,
                        options);
                    done[index] = await copy.RunAsync();
                },
                lane.Token,
                options.MaximumConcurrentImages);
        });
    }
}
