using Gantry.Oci;

namespace Gantry.Images.Comparison;

/// <summary>The result of comparing two images.</summary>
public sealed record ImageComparison
{
    /// <summary>The digest that was expected.</summary>
    public required Digest Expected { get; init; }

    /// <summary>The digest of the other image.</summary>
    public required Digest Actual { get; init; }

    /// <summary>The differences, beginning with the first layer that differs. Empty when the digests are the same.</summary>
    public IReadOnlyList<ImageDifference> Differences { get; init; } = [];

    /// <summary>True when there may be more differences than <see cref="ImageComparerOptions.MaximumDifferences"/>.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>True when the images are the same, byte for byte.</summary>
    public bool IsSame => Expected == Actual;
}

/// <summary>The options of <see cref="ImageComparer"/>.</summary>
public sealed record ImageComparerOptions
{
    /// <summary>The number of differences after which a comparison ends: 50 by default.</summary>
    public int MaximumDifferences { get; init; } = 50;

    /// <summary>
    /// The number of files in each layer whose first differing byte is looked for, which reads both layers again for each: 5 by default.
    /// Of the others, only that their content differs is reported.
    /// </summary>
    public int MaximumContents { get; init; } = 5;
}
