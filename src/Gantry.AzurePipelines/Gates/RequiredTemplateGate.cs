namespace Gantry.AzurePipelines.Gates;

/// <summary>Requires the pipeline to extend a template that another team controls. In Azure DevOps: the Required template check.</summary>
/// <param name="Repository">The repository that holds the template: <c>Project/templates</c>.</param>
/// <param name="Path">The template's path there.</param>
/// <param name="Reference">The branch or tag: <c>refs/heads/main</c>.</param>
public sealed record RequiredTemplateGate(string Repository, string Path, string Reference) : AzureDevOpsGate
{
    /// <summary>The type of the repository: <c>git</c> (Azure Repos), <c>github</c> or <c>bitbucket</c>.</summary>
    public string RepositoryType { get; init; } = "git";

    /// <inheritdoc/>
    public override string Description => $"template {Path} of {Repository}";

    /// <inheritdoc/>
    protected override string? Validate()
    {
        if (string.IsNullOrWhiteSpace(Repository) || string.IsNullOrWhiteSpace(Path))
            return "it names no template";
        if (!Reference.StartsWith("refs/", StringComparison.Ordinal))
            return $"'{Reference}' is not a full reference";
        if (RepositoryType is not ("git" or "github" or "bitbucket"))
            return $"'{RepositoryType}' is not a kind of repository";
        return null;
    }
}
