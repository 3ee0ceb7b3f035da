namespace Gantry.Images.BaseImages;

/// <summary>Counts the entries and paths of the layers of an image, so that none fills the memory.</summary>
/// <param name="failures">Creates the error for what exceeds a limit.</param>
internal sealed class TreeBudget(LayerFailures failures)
{
    private int _entries;
    private long _text;
    private long _steps;

    /// <summary>Counts an entry; throws when there are too many, or when its path has too many levels.</summary>
    public void Take(string path, int more = 0)
    {
        if (path.AsSpan().Count('/') > Limits.PathDepth)
            throw failures.TooLarge(
                $"a path in its layers has more than {Format.Count(Limits.PathDepth, "level")}", nameof(Limits.PathDepth));
        if (++_entries > Limits.BaseImageEntries)
            throw failures.TooLarge(
                $"its layers have more entries than {Limits.BaseImageEntries}", nameof(Limits.BaseImageEntries));
        if ((_text += path.Length + more) > Limits.BaseImagePaths)
            throw failures.TooLarge(
                $"the paths in its layers have more than {Limits.BaseImagePaths} characters", nameof(Limits.BaseImagePaths));
    }

    /// <summary>Counts the parts of a path that were resolved; throws when links lead on and on.</summary>
    public void TakeSteps(int steps)
    {
        if ((_steps += steps) > Limits.BaseImagePaths)
            throw failures.TooLarge(
                $"links in its layers lead through more than {Limits.BaseImagePaths} folders", nameof(Limits.BaseImagePaths));
    }
}
