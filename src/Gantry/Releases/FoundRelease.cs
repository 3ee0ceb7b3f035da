namespace Gantry.Releases;

/// <summary>A release record that was found beside an image.</summary>
/// <param name="Release">The release that it describes.</param>
/// <param name="Origin">The name of the record in errors: its digest and the repository.</param>
internal sealed record FoundRelease(Release Release, string Origin)
{
    /// <summary>
    /// Returns the only release that the records describe; null when there are none. Throws <c>GAN4054</c> when two of them differ, in
    /// whatever property: nothing in a record shows which of them is right, least of all its date.
    /// </summary>
    public static Release? RequireSame(IReadOnlyList<FoundRelease> records)
    {
        if (records is not [var first, ..])
            return null;
        foreach (var other in records.Skip(1))
        {
            if (first.Release.FindDifferences(other.Release) is { Count: > 0 } differences)
                throw ReleaseErrors.DifferingRecords(first.Release.Version, first.Origin, other.Origin, differences);
        }

        return first.Release;
    }
}
