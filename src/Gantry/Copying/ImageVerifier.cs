using System.Collections.Concurrent;
using Gantry.IO;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Copying;

/// <summary>
/// Reads every byte of an image as it is stored, and verifies it against its digests and sizes: manifests, blobs and attachments. Trusts
/// nothing but the digest that it starts from.
/// </summary>
public sealed class ImageVerifier(CopyOptions options, CopyProgress progress)
{
    /// <summary>Verifies the image that a tag points to; throws <c>GAN4030</c> when the tag does not exist.</summary>
    public async Task<VerificationReport> VerifyAsync(IImageRepository repository, string tag, CancellationToken cancellationToken) =>
        await VerifyAsync(
            repository,
            await repository.FindManifestAsync(tag, cancellationToken) ?? throw CopyErrors.UnknownImage(repository.Location, tag),
            tag,
            cancellationToken);

    /// <summary>Verifies the image with a digest; throws <c>GAN4030</c> when it does not exist.</summary>
    public async Task<VerificationReport> VerifyAsync(IImageRepository repository, Digest digest, CancellationToken cancellationToken) =>
        await VerifyAsync(
            repository,
            await repository.FindManifestAsync(digest, cancellationToken)
                ?? throw CopyErrors.UnknownImage(repository.Location, digest.ToString()),
            tag: null,
            cancellationToken);

    private async Task<VerificationReport> VerifyAsync(
        IImageRepository repository, ManifestContent root, string? tag, CancellationToken cancellationToken)
    {
        var faults = new ConcurrentBag<VerificationFault>();
        var manifests = new ConcurrentDictionary<Digest, ManifestContent> { [root.Descriptor.Digest] = root };
        var budget = new ManifestBudget(repository.Location);
        budget.Take(root);
        await ReadBelowAsync(root);

        var subjects = root.Alias is { } alias ? manifests.Keys.Append(alias) : manifests.Keys;
        var attachments = await TryAsync(root.Descriptor.Digest, "what belongs to it", () =>
            new AttachmentReader(new ImageSource(repository, options), options)
                .ReadAsync(root.Descriptor.Digest, subjects, tag, cancellationToken)) ?? [];
        foreach (var node in attachments.SelectMany(attachment => attachment.Graph.Manifests))
            manifests.TryAdd(node.Content.Descriptor.Digest, node.Content);

        // Two manifests may declare different sizes for one blob; both are verified.
        var blobs = manifests.Values.SelectMany(Blobs).DistinctBy(blob => (blob.Digest, blob.Size)).ToList();
        budget.TakeLinks(blobs.Count);
        blobs.ForEach(blob => progress.Expect(blob));
        await Concurrently.ForEachAsync(blobs, VerifyBlobAsync, cancellationToken, options.MaximumConcurrentBlobs);

        return new VerificationReport
        {
            Root = root.Descriptor,
            Manifests = manifests.Count,
            Blobs = blobs.Count,
            Bytes = blobs.Sum(blob => blob.Size) + manifests.Values.Sum(manifest => manifest.Descriptor.Size),
            Attachments = attachments.Count,
            Faults = [.. faults.OrderBy(fault => fault.Digest.ToString(), StringComparer.Ordinal)],
        };

        // Level by level, by the same rules and limits as a copy: what would not verify is not promoted.
        async Task ReadBelowAsync(ManifestContent top)
        {
            var level = new List<ManifestContent> { top };
            var missing = new HashSet<Digest>();
            for (var depth = 0; level.Count > 0; depth++)
            {
                if (depth > Limits.IndexDepth)
                    throw CopyErrors.TooDeep(top.Descriptor.Digest, Limits.IndexDepth);
                var entries = new List<Descriptor>();
                foreach (var parent in level)
                    entries.AddRange(await TryAsync(
                        parent.Descriptor.Digest, "manifest", () => Task.FromResult(ManifestLinks.Read(parent).Manifests)) ?? []);
                budget.TakeLinks(entries.Count);
                var unread = entries
                    .Select(entry => entry.Digest)
                    .Where(digest => !manifests.ContainsKey(digest) && !missing.Contains(digest))
                    .ToHashSet();
                if (manifests.Count + unread.Count > Limits.ImageManifests)
                    throw CopyErrors.TooManyManifests(
                        repository.Location, Format.Count(Limits.ImageManifests, "manifest"), nameof(Limits.ImageManifests));

                var read = await Concurrently.SelectAsync(unread, ReadAsync, cancellationToken);
                level = [.. read.OfType<ManifestContent>()];
                level.ForEach(content => manifests[content.Descriptor.Digest] = content);
                level.ForEach(budget.Take);
                missing.UnionWith(unread.Where(digest => !manifests.ContainsKey(digest)));
                foreach (var entry in entries.DistinctBy(entry => (entry.Digest, entry.Size, entry.MediaType)))
                    await TryAsync(entry.Digest, "manifest", () => Task.FromResult(CompareWithEntry(entry)));
            }
        }

        Task<ManifestContent?> ReadAsync(Digest digest, CancellationToken token) => TryAsync(digest, "manifest", async () =>
        {
            var content = await repository.FindManifestAsync(digest, token);
            if (content is null)
                faults.Add(new VerificationFault(digest, "manifest", "it is missing"));
            return content;
        });

        bool CompareWithEntry(Descriptor entry)
        {
            var difference = manifests.GetValueOrDefault(entry.Digest)?.FindMismatch(entry);
            if (difference is not null)
                faults.Add(new VerificationFault(entry.Digest, "manifest", difference));
            return difference is null;
        }

        IEnumerable<Descriptor> Blobs(ManifestContent manifest)
        {
            try
            {
                return ManifestLinks.Read(manifest).Blobs.Where(options.Includes);
            }
            catch (GantryException)
            {
                return []; // Noted when it was read.
            }
        }

        async Task VerifyBlobAsync(Descriptor blob, CancellationToken token)
        {
            var transfer = progress.Begin(blob, repository.Location);
            await TryAsync(blob.Digest, "blob", async () =>
            {
                try
                {
                    return await ReadBlobAsync(blob, transfer, token);
                }
                catch (GantryException exception) when (exception.Kind == ErrorKind.DigestMismatch)
                {
                    // Perhaps damaged in transit: what is stored wrong is wrong again.
                    transfer.Restart();
                    return await ReadBlobAsync(blob, transfer, token);
                }
            });
            progress.End(transfer);
            progress.AddTransferred(blob);
            progress.Settle(blob);
        }

        async Task<bool> ReadBlobAsync(Descriptor blob, BlobTransfer transfer, CancellationToken token)
        {
            await using var content = new CountingStream(await repository.OpenBlobAsync(blob, token), transfer);
            await content.CopyToAsync(Stream.Null, token);
            return true;
        }

        async Task<T?> TryAsync<T>(Digest digest, string kind, Func<Task<T>> read)
        {
            try
            {
                return await read();
            }
            catch (GantryException exception) when (exception.Kind is not (ErrorKind.Stalled or ErrorKind.Unreachable))
            {
                // Without answers nothing can be said about the rest, and every part of it would wait as long.
                faults.Add(new VerificationFault(digest, kind, exception.Message));
                return default;
            }
        }
    }
}

/// <summary>The result of a verification.</summary>
public sealed class VerificationReport
{
    /// <summary>The image.</summary>
    public required Descriptor Root { get; init; }

    /// <summary>The number of manifests that were read.</summary>
    public required int Manifests { get; init; }

    /// <summary>The number of blobs that were read.</summary>
    public required int Blobs { get; init; }

    /// <summary>The size of all manifests and blobs in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The number of referrers and cosign tags among them.</summary>
    public required int Attachments { get; init; }

    /// <summary>The faults, ordered by digest.</summary>
    public required IReadOnlyList<VerificationFault> Faults { get; init; }
}

/// <summary>A part of an image that does not match its digest or its manifest.</summary>
public sealed class VerificationFault
{
    internal VerificationFault(Digest digest, string kind, string reason)
    {
        Digest = digest;
        Kind = kind;
        Reason = reason;
    }

    /// <summary>The expected digest.</summary>
    public Digest Digest { get; }

    /// <summary>The kind of content: manifest or blob.</summary>
    public string Kind { get; }

    /// <summary>The description of the problem.</summary>
    public string Reason { get; }
}
