using Gantry.Promotion;

namespace Gantry.Nuke.Execution;

/// <summary>The build server's run, as releases and promotions record it.</summary>
/// <param name="Id">The build's id, or null on a developer's machine.</param>
/// <param name="Url">The web page of the build, or null.</param>
/// <param name="Branch">The branch of the build, or null. An agent checks out a commit and not a branch, so the branch comes from a
/// variable.</param>
internal sealed record BuildRun(string? Id, string? Url, string? Branch)
{
    /// <summary>The person who requested the run, or null.</summary>
    public string? RequestedFor { get; init; }

    /// <summary>The environment of Azure DevOps that the job deploys to, whose checks have passed; null for any other job.</summary>
    public string? AzureEnvironment { get; init; }

    /// <summary>The person who promotes in this run: the one who requested it, or the user of this machine.</summary>
    public PromotionActor Actor =>
        Id is null
            ? PromotionActor.LocalUser
            : new PromotionActor { Name = RequestedFor ?? PromotionActor.LocalUser.Name, RunId = Id, RunUrl = Url };

    /// <seealso href="https://learn.microsoft.com/azure/devops/pipelines/build/variables">Azure Pipelines, predefined variables</seealso>
    public static BuildRun From(IReadOnlyDictionary<string, string> environment)
    {
        var id = Find("BUILD_BUILDID");
        var collection = Find("SYSTEM_COLLECTIONURI") ?? Find("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI");
        var project = Find("SYSTEM_TEAMPROJECT");
        var url = id is not null && collection is not null && project is not null
            ? $"{collection.TrimEnd('/')}/{Uri.EscapeDataString(project)}/_build/results?buildId={id}"
            : null;
        const string heads = "refs/heads/";
        var source = Find("BUILD_SOURCEBRANCH");
        return new BuildRun(id, url, source?.StartsWith(heads, StringComparison.Ordinal) == true ? source[heads.Length..] : source)
        {
            RequestedFor = Find("BUILD_REQUESTEDFOR"),
            AzureEnvironment = Find("ENVIRONMENT_NAME"),
        };

        string? Find(string name) => environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
    }
}
