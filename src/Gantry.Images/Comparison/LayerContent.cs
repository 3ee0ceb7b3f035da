using System.Formats.Tar;
using Gantry.Images.BaseImages;
using Gantry.Oci;
using Gantry.Registries;
using ZstdSharp;

namespace Gantry.Images.Comparison;

/// <summary>A layer of an image that is compared. It is read as a stream, from its repository, as often as it is needed.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Blob">The layer.</param>
/// <param name="DiffId">The digest of the uncompressed layer, as the configuration has it.</param>
/// <param name="Name">The name in messages: <c>layer 2 (COPY app /app)</c>.</param>
internal sealed record LayerContent(IImageRepository Repository, Descriptor Blob, Digest DiffId, string Name)
{
    private LayerFailures Failures => new(
        (reason, inner) => ComparisonErrors.Malformed(Name, Repository.Location, reason, inner),
        (reason, limit) => ComparisonErrors.TooLarge(Name, Repository.Location, reason, limit));

    /// <summary>
    /// Reads the tar to its end, so that the digest of the layer is verified. Throws <c>GAN3041</c> when it is malformed, <c>GAN3042</c>
    /// when it exceeds a limit, and the errors of the registry.
    /// </summary>
    /// <param name="read">Reads an entry, and any part of its content.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task ReadEntriesAsync(Func<TarEntry, Task> read, CancellationToken cancellationToken) => ReadAsync(
        async plain =>
        {
            var budget = new TreeBudget(Failures);
            await using var tar = new TarReader(plain, leaveOpen: true);
            while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                if (entry.Name.Length > Limits.PathLength || entry.LinkName.Length > Limits.PathLength)
                    throw new InvalidDataException($"it has a path of more than {Limits.PathLength} characters");
                budget.Take(entry.Name, entry.LinkName.Length);
                plain.IsInContent = true;
                if (entry.EntryType != TarEntryType.GlobalExtendedAttributes)
                    await read(entry);
                if (entry.DataStream is { } rest)
                    await rest.CopyToAsync(Stream.Null, cancellationToken);
                plain.IsInContent = false;
            }
        },
        cancellationToken);

    /// <summary>Reads the uncompressed bytes to their end; see <see cref="ReadEntriesAsync"/>.</summary>
    /// <param name="read">Reads the bytes, or some of them.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task ReadAsync(Func<LayerTarStream, Task> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var blob = await Repository.OpenBlobAsync(Blob, cancellationToken);
            await using var plain = new LayerTarStream(LayerIndexReader.Decompress(blob, Blob, Failures), Blob, Failures);
            await read(plain);

            // The rest as well: the digest of a blob is verified at its end.
            plain.IsInContent = true;
            await plain.CopyToAsync(Stream.Null, cancellationToken);
            await blob.CopyToAsync(Stream.Null, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException or EndOfStreamException
            or ArgumentException or InvalidOperationException or OverflowException or OutOfMemoryException or ZstdException)
        {
            throw ComparisonErrors.Malformed(Name, Repository.Location, exception.Message.TrimEnd('.'), exception);
        }
    }
}
