namespace Gantry.Environments;

/// <summary>Allows builds of certain branches only. In Azure DevOps: the Branch control check.</summary>
/// <param name="Branches">The branches, with <c>*</c> as wildcard; a name without <c>refs/</c> is a branch.</param>
public sealed record BranchControlGate(IReadOnlyList<string> Branches) : Gate
{
    /// <summary>True when the branch must be protected by policies.</summary>
    public bool RequireProtection { get; init; } = true;

    /// <summary>True when a branch also passes if its protection is unknown.</summary>
    public bool AllowUnknownProtection { get; init; }

    /// <summary>The branches as full references: <c>refs/heads/main</c>.</summary>
    public IReadOnlyList<string> References =>
        [.. Branches.Select(branch => branch.StartsWith("refs/", StringComparison.Ordinal) ? branch : "refs/heads/" + branch)];

    /// <inheritdoc/>
    public override string Description => $"branch {string.Join(" or ", Branches)}";

    private protected override string? Validate() =>
        Branches.Count == 0 || Branches.Any(string.IsNullOrWhiteSpace) ? "a branch has no name"
        : Branches.Any(branch => branch.Contains(',', StringComparison.Ordinal)) ? "a branch has a comma in its name"
        : null;
}

/// <summary>Requires the pipeline to extend a template that another team controls. In Azure DevOps: the Required template check.</summary>
/// <param name="Repository">The repository that holds the template: <c>Project/templates</c>.</param>
/// <param name="Path">The template's path there.</param>
/// <param name="Reference">The branch or tag: <c>refs/heads/main</c>.</param>
public sealed record RequiredTemplateGate(string Repository, string Path, string Reference) : Gate
{
    /// <summary>The type of the repository: <c>git</c> (Azure Repos), <c>github</c> or <c>bitbucket</c>.</summary>
    public string RepositoryType { get; init; } = "git";

    /// <inheritdoc/>
    public override string Description => $"template {Path} of {Repository}";

    private protected override string? Validate() =>
        string.IsNullOrWhiteSpace(Repository) || string.IsNullOrWhiteSpace(Path) ? "it names no template"
        : !Reference.StartsWith("refs/", StringComparison.Ordinal) ? $"'{Reference}' is not a full reference"
        : RepositoryType is not ("git" or "github" or "bitbucket") ? $"'{RepositoryType}' is not a kind of repository"
        : null;
}
