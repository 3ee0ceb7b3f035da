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
            cancellationToken);

    /// <summary>Verifies the image with a digest; throws <c>GAN4030</c> when it does not exist.</summary>
    public async Task<VerificationReport> VerifyAsync(IImageRepository repository, Digest digest, CancellationToken cancellationToken) =>
        await VerifyAsync(
            repository,
            await repository.FindManifestAsync(digest, cancellationToken)
                ?? throw CopyErrors.UnknownImage(repository.Location, digest.ToString()),
            cancellationToken);

    private async Task<VerificationReport> VerifyAsync(
        IImageRepository repository, ManifestContent root, CancellationToken cancellationToken)
    {
        var faults = new ConcurrentBag<VerificationFault>();
        var manifests = new ConcurrentDictionary<Digest, ManifestContent> { [root.Descriptor.Digest] = root };
        var budget = new ManifestBudget(repository.Location);
        budget.Take(root);
        await ReadBelowAsync(root, depth: 0);

        var attachments = await TryAsync(root.Descriptor.Digest, "what belongs to it", () =>
            new AttachmentReader(new ImageSource(repository, options), options).ReadAsync(manifests.Keys, cancellationToken)) ?? [];
        foreach (var node in attachments.SelectMany(attachment => attachment.Graph.Manifests))
            manifests.TryAdd(node.Content.Descriptor.Digest, node.Content);

        // Two manifests may declare different sizes for one blob; both are verified.
        var blobs = manifests.Values.SelectMany(Blobs).DistinctBy(blob => (blob.Digest, blob.Size)).ToList();
        budget.TakeLinks(blobs.Count);
        blobs.ForEach(progress.Expect);
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

        async Task ReadBelowAsync(ManifestContent parent, int depth)
        {
            if (depth > Limits.IndexDepth)
                throw CopyErrors.TooDeep(root.Descriptor.Digest, Limits.IndexDepth);
            var children = await TryAsync(parent.Descriptor.Digest, "manifest", () => Task.FromResult(ManifestLinks.Read(parent).Manifests))
                ?? [];
            budget.TakeLinks(children.Count);
            await Concurrently.ForEachAsync(children, (child, _) => ReadChildAsync(child, depth), cancellationToken);
        }

        async Task ReadChildAsync(Descriptor child, int depth)
        {
            var content = await TryAsync(child.Digest, "manifest", () => repository.FindManifestAsync(child.Digest, cancellationToken));
            if (content is null)
                faults.Add(new VerificationFault(child.Digest, "manifest", "it is missing"));
            else if (content.Descriptor.Size != child.Size)
                faults.Add(new VerificationFault(
                    child.Digest, "manifest", $"it has {Format.Count(content.Descriptor.Size, "byte")} instead of {child.Size}"));
            if (content is null || !manifests.TryAdd(child.Digest, content))
                return;
            budget.Take(content);
            await ReadBelowAsync(content, depth + 1);
        }

        IEnumerable<Descriptor> Blobs(ManifestContent manifest)
        {
            try
            {
                return ManifestLinks.Read(manifest).Blobs.Where(blob =>
                    options.NonDistributableLayers || blob.Urls is not { Count: > 0 } || !MediaTypes.IsNonDistributable(blob.MediaType));
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
                    return await ReadAsync(blob, transfer, token);
                }
                catch (GantryException exception) when (exception.Kind == ErrorKind.DigestMismatch)
                {
                    // Perhaps damaged in transit: what is stored wrong is wrong again.
                    transfer.Restart();
                    return await ReadAsync(blob, transfer, token);
                }
            });
            progress.End(transfer);
            progress.Settle(blob);
        }

        async Task<bool> ReadAsync(Descriptor blob, BlobTransfer transfer, CancellationToken token)
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
