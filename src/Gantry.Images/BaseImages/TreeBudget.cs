namespace Gantry.Images.BaseImages;

/// <summary>Counts the entries and paths of layers, so that none fills the memory.</summary>
/// <param name="tooLarge">Creates the error for layers beyond a limit, from the reason and the name of the limit.</param>
internal sealed class TreeBudget(Func<string, string, GantryException> tooLarge)
{
    /// <param name="image">The base image, for messages.</param>
    public TreeBudget(string image)
        : this((reason, limit) => BaseImageErrors.TooLarge(image, reason, limit))
    {
    }

    private int _entries;
    private long _text;
    private long _steps;

    /// <summary>Counts an entry; throws <c>GAN3030</c> when there are too many, or when its path has too many levels.</summary>
    public void Take(string path, int more = 0)
    {
        if (path.AsSpan().Count('/') > Limits.PathDepth)
            throw tooLarge(
                $"a path in its layers has more than {Format.Count(Limits.PathDepth, "level")}", nameof(Limits.PathDepth));
        if (++_entries > Limits.BaseImageEntries)
            throw tooLarge(
                $"its layers have more entries than {Limits.BaseImageEntries}", nameof(Limits.BaseImageEntries));
        if ((_text += path.Length + more) > Limits.BaseImagePaths)
            throw tooLarge(
                $"the paths in its layers have more than {Limits.BaseImagePaths} characters", nameof(Limits.BaseImagePaths));
    }

    /// <summary>Counts the parts of a path that were resolved; throws <c>GAN3030</c> when links lead on and on.</summary>
    public void TakeSteps(int steps)
    {
        if ((_steps += steps) > Limits.BaseImagePaths)
            throw tooLarge(
                $"links in its layers lead through more than {Limits.BaseImagePaths} folders", nameof(Limits.BaseImagePaths));
    }
}
