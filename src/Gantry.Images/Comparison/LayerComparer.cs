using System.Globalization;
using Gantry.Images.BaseImages;

namespace Gantry.Images.Comparison;

/// <summary>Compares two layers whose digests differ.</summary>
/// <param name="expected">The layer as it was expected.</param>
/// <param name="actual">The other layer.</param>
/// <param name="maximumContents">The number of files whose first differing byte is looked for.</param>
internal sealed class LayerComparer(LayerContent expected, LayerContent actual, int maximumContents)
{
    private int _contents;

    /// <summary>Finds the differences, file by file in the order of the expected layer.</summary>
    /// <param name="maximum">The number of differences that are wanted.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<ImageDifference>> CompareAsync(int maximum, CancellationToken cancellationToken)
    {
        if (!LayerIndexReader.CanRead(expected.Blob) || !LayerIndexReader.CanRead(actual.Blob))
            return [Difference(DifferenceKind.Unreadable, null, Describe(expected), Describe(actual))];
        if (expected.DiffId == actual.DiffId)
            return [Difference(DifferenceKind.Compression, null, Describe(expected), Describe(actual))];

        var one = await ComparedEntry.ListAsync(expected, cancellationToken);
        var other = await ComparedEntry.ListAsync(actual, cancellationToken);
        var found = await CompareFilesAsync(one, other, maximum, cancellationToken);
        if (found.Count < maximum && FindOrder(one, other) is { } order)
            found.Add(order);
        return found.Count > 0 ? found : [await FindFormatAsync(cancellationToken)];
    }

    private async Task<List<ImageDifference>> CompareFilesAsync(
        IReadOnlyList<ComparedEntry> one, IReadOnlyList<ComparedEntry> other, int maximum, CancellationToken cancellationToken)
    {
        var found = new List<ImageDifference>();
        var others = other.ToDictionary(entry => entry.Key);
        foreach (var entry in one)
        {
            if (found.Count >= maximum)
                return found;
            if (!others.Remove(entry.Key, out var match))
                found.Add(Difference(DifferenceKind.Missing, entry.Key.Path));
            else if (entry != match)
                found.AddRange(await CompareAsync(entry, match, cancellationToken));
        }

        found.AddRange(other
            .Where(entry => others.ContainsKey(entry.Key))
            .Take(Math.Max(0, maximum - found.Count))
            .Select(entry => Difference(DifferenceKind.Additional, entry.Key.Path)));
        return found;
    }

    private async Task<IReadOnlyList<ImageDifference>> CompareAsync(
        ComparedEntry one, ComparedEntry other, CancellationToken cancellationToken)
    {
        var found = new List<ImageDifference>();
        var path = one.Key.Path;
        Add(DifferenceKind.Type, one.Type.ToString(), other.Type.ToString());
        Add(DifferenceKind.Mode, Octal(one.Mode), Octal(other.Mode));
        Add(DifferenceKind.Owner, one.Owner, other.Owner);
        Add(DifferenceKind.Time, Exact(one.ModifiedAt), Exact(other.ModifiedAt));
        Add(DifferenceKind.Link, one.Link, other.Link);
        Add(DifferenceKind.Size, Format.Count(one.Size, "byte"), Format.Count(other.Size, "byte"));
        if (one.Content != other.Content && one.Type == other.Type)
            found.Add(await FindContentAsync(one.Key, cancellationToken));
        return found;

        void Add(DifferenceKind kind, string before, string after)
        {
            if (before != after)
                found.Add(Difference(kind, path, before, after));
        }
    }

    // Both layers are read again up to the file: none of them has to be in memory or on the disk.
    private async Task<ImageDifference> FindContentAsync((string Path, int Repetition) key, CancellationToken cancellationToken)
    {
        if (++_contents > maximumContents)
            return Difference(DifferenceKind.Content, key.Path);
        ContentDifference? difference = null;
        await ReadFileAsync(
            expected,
            key,
            one => ReadFileAsync(
                actual,
                key,
                async other => difference = await ContentDifference.FindAsync(one, other, cancellationToken),
                cancellationToken),
            cancellationToken);
        return Difference(DifferenceKind.Content, key.Path, difference?.Expected, difference?.Actual) with
        {
            Offset = difference?.Offset,
            Hint = difference?.Hint,
        };
    }

    private static Task ReadFileAsync(
        LayerContent layer, (string Path, int Repetition) key, Func<Stream, Task> read, CancellationToken cancellationToken)
    {
        var keys = new EntryKeys();
        return layer.ReadEntriesAsync(
            async entry =>
            {
                if (keys.Next(entry) == key)
                    await read(entry.DataStream ?? Stream.Null);
            },
            cancellationToken);
    }

    private ImageDifference? FindOrder(IReadOnlyList<ComparedEntry> one, IReadOnlyList<ComparedEntry> other)
    {
        var (keys, others) = (one.Select(entry => entry.Key).ToHashSet(), other.Select(entry => entry.Key).ToHashSet());
        return one.Select(entry => entry.Key).Where(others.Contains)
            .Zip(other.Select(entry => entry.Key).Where(keys.Contains))
            .Where(pair => pair.First != pair.Second)
            .Select(pair => Difference(DifferenceKind.Order, null, pair.First.Path, pair.Second.Path))
            .FirstOrDefault();
    }

    private async Task<ImageDifference> FindFormatAsync(CancellationToken cancellationToken)
    {
        ContentDifference? difference = null;
        await expected.ReadAsync(
            one => actual.ReadAsync(
                async other => difference = await ContentDifference.FindAsync(one, other, cancellationToken), cancellationToken),
            cancellationToken);
        return difference is null
            ? Difference(DifferenceKind.Compression, null, Describe(expected), Describe(actual))
            : Difference(DifferenceKind.Format, null) with { Offset = difference.Offset };
    }

    private ImageDifference Difference(DifferenceKind kind, string? path, string? before = null, string? after = null) => new()
    {
        Kind = kind,
        Layer = expected.Name,
        Path = path,
        Expected = before,
        Actual = after,
    };

    private static string Describe(LayerContent layer) =>
        $"{Format.Count(layer.Blob.Size, "byte")} of the type {layer.Blob.MediaType}";

    private static string Octal(int mode) => "0" + Convert.ToString(mode, 8);

    // With the fraction of a second, when there is one.
    private static string Exact(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
