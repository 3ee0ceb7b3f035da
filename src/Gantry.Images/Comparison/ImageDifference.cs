using Gantry.Oci;

namespace Gantry.Images.Comparison;

/// <summary>One difference between two images.</summary>
public sealed record ImageDifference
{
    /// <summary>The kind of the difference.</summary>
    public required DifferenceKind Kind { get; init; }

    /// <summary>The platform of an image with several; null for the only one, and for the index itself.</summary>
    public Platform? Platform { get; init; }

    /// <summary>The layer and the instruction that made it: <c>layer 2 (COPY artifacts/app /app)</c>. Null outside of layers.</summary>
    public string? Layer { get; init; }

    /// <summary>The path of the file in the image, or of a value in a document: <c>config.Labels.team</c>. Null for the whole.</summary>
    public string? Path { get; init; }

    /// <summary>The expected value, shortened; null when there is none.</summary>
    public string? Expected { get; init; }

    /// <summary>The value of the other image, shortened; null when there is none.</summary>
    public string? Actual { get; init; }

    /// <summary>The offset of the first byte that differs; null when it was not looked for.</summary>
    public long? Offset { get; init; }

    /// <summary>The usual cause of such a difference; null when none is known.</summary>
    public string? Hint { get; init; }

    /// <summary>Returns one line: <c>layer 2 (COPY app /app), /app/run: the mode is 0755 instead of 0644</c>.</summary>
    public override string ToString()
    {
        var place = string.Join(", ", new[] { Platform?.ToString(), Layer, Path }.OfType<string>());
        var hint = Hint is null ? "" : $" ({Hint})";
        return Format.Line($"{(place.Length == 0 ? "image" : place)}: {Describe()}{hint}");
    }

    private string Describe() => Kind switch
    {
        DifferenceKind.Missing => "it is missing",
        DifferenceKind.Additional => "it is additional",
        DifferenceKind.Content when Offset is { } offset => $"the content differs at byte {offset}: {Values()}",
        DifferenceKind.Content => "the content differs",
        DifferenceKind.Order => $"the entries have another order: {Values()}",
        DifferenceKind.Format when Offset is { } offset => $"the same files are written as another tar, from byte {offset} on",
        DifferenceKind.Format => "the same content is written with other bytes",
        DifferenceKind.Compression => $"the same content is compressed in another way: {Values()}",
        DifferenceKind.Unreadable => $"it differs, and cannot be compared: {Values()}",
        DifferenceKind.Size => $"the size is {Values()}",
        DifferenceKind.Mode => $"the mode is {Values()}",
        DifferenceKind.Owner => $"the owner is {Values()}",
        DifferenceKind.Time => $"the time is {Values()}",
        DifferenceKind.Type => $"the type is {Values()}",
        DifferenceKind.Link => $"the link leads to {Values()}",
        _ => $"the value is {Values()}",
    };

    private string Values() => $"{Actual ?? "missing"} instead of {Expected ?? "missing"}";
}

/// <summary>The kinds of differences between two images.</summary>
public enum DifferenceKind
{
    /// <summary>A file, a layer or a platform is missing.</summary>
    Missing,

    /// <summary>A file, a layer or a platform is additional.</summary>
    Additional,

    /// <summary>A path has another type: a file, a directory, a link.</summary>
    Type,

    /// <summary>A file has other permission bits.</summary>
    Mode,

    /// <summary>A file has another owner or group.</summary>
    Owner,

    /// <summary>A file has another modification time.</summary>
    Time,

    /// <summary>A link has another target.</summary>
    Link,

    /// <summary>A file has another size.</summary>
    Size,

    /// <summary>A file of the same size has other content.</summary>
    Content,

    /// <summary>The same entries are in another order.</summary>
    Order,

    /// <summary>The same files or values are written with other bytes: another form of tar headers, another formatting of JSON.</summary>
    Format,

    /// <summary>The same tar is compressed in another way.</summary>
    Compression,

    /// <summary>A value of the configuration differs: a label, a variable, a command, a time.</summary>
    Configuration,

    /// <summary>An annotation, or another value of a manifest or an index, differs.</summary>
    Manifest,

    /// <summary>Layers differ that cannot be read here.</summary>
    Unreadable,
}
