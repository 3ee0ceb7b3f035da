namespace Gantry.Nuke;

/// <summary>The run of a build server that this is, as a release records it.</summary>
/// <param name="Id">The build's id, or null on a developer's machine.</param>
/// <param name="Url">Where the build can be looked at, or null.</param>
/// <param name="Branch">The branch that it builds, or null: an agent checks out a commit, not a branch, and says the branch aside.</param>
internal sealed record BuildRun(string? Id, string? Url, string? Branch)
{
    /// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/build/variables">Azure Pipelines, predefined variables</seealso>
    public static BuildRun From(IReadOnlyDictionary<string, string> environment)
    {
        var id = environment.GetValueOrDefault("BUILD_BUILDID");
        var collection = environment.GetValueOrDefault("SYSTEM_COLLECTIONURI") ?? environment.GetValueOrDefault("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI");
        var project = environment.GetValueOrDefault("SYSTEM_TEAMPROJECT");
        var url = id is not null && collection is not null && project is not null
            ? $"{collection.TrimEnd('/')}/{Uri.EscapeDataString(project)}/_build/results?buildId={id}"
            : null;
        const string heads = "refs/heads/";
        var source = environment.GetValueOrDefault("BUILD_SOURCEBRANCH");
        return new BuildRun(id, url, source?.StartsWith(heads, StringComparison.Ordinal) == true ? source[heads.Length..] : source);
    }
}
