namespace Gantry.Environments;

/// <summary>A commit that sets a digest in a git repository, from where a GitOps tool deploys it to the cluster.</summary>
/// <param name="Repository">
/// The address: <c>https://dev.azure.com/contoso/shop/_git/deploy</c>, <c>git@ssh.dev.azure.com:v3/…</c>, <c>file://…</c>.
/// </param>
/// <param name="Path">The file or folder in the repository, with '/' as separator.</param>
public abstract record GitCommitDeployment(string Repository, string Path) : Deployment
{
    /// <summary>The branch to commit to.</summary>
    public string Branch { get; init; } = "main";

    /// <summary>
    /// The token for an https address, as environment variables: <c>$(System.AccessToken)</c>. When null, git uses its own credentials.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>The name of the author of the commit.</summary>
    public string AuthorName { get; init; } = "Gantry";

    /// <summary>The e-mail address of the author of the commit.</summary>
    public string AuthorEmail { get; init; } = "gantry@localhost";

    /// <inheritdoc/>
    public override string Description => $"commit to {Path} in {HookAddress.Describe(Repository)} ({Branch})";

    /// <inheritdoc/>
    public override IEnumerable<string> Variables => VariableExpander.FindNames([Token ?? ""]);

    /// <inheritdoc/>
    protected override string? Validate() => ValidateRepository() ?? ValidatePath() ?? ValidateBranch() ?? ValidateAuthor();

    private string? ValidateBranch() => IsBranch(Branch) ? null : $"'{Branch}' is not a branch";

    private string? ValidateAuthor() =>
        string.IsNullOrWhiteSpace(AuthorName) || string.IsNullOrWhiteSpace(AuthorEmail)
            ? "the author needs a name and an e-mail address"
            : null;

    private string? ValidateRepository()
    {
        if (Uri.TryCreate(Repository, UriKind.Absolute, out var uri) && !Repository.StartsWith('/') && !IsSecureShell(Repository))
        {
            if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
                return "credentials do not belong in the address of a repository";
            if (uri.Scheme is not ("https" or "ssh" or "file") && !(uri is { Scheme: "http", IsLoopback: true }))
                return $"'{Repository}' is not an https, ssh or file address";
            return ValidateToken(uri.Scheme);
        }

        return !IsSecureShell(Repository) ? $"'{Repository}' is not the address of a git repository"
            : Token is not null ? "a token is for https addresses" : null;
    }

    private string? ValidateToken(string scheme)
    {
        if (Token is null)
            return null;
        if (scheme is not ("https" or "http"))
            return "a token is for https addresses";
        return VariableExpander.FindNames([Token]).Any()
            ? null
            : "a token is not written into the declaration, but taken from a variable: $(System.AccessToken)";
    }

    private string? ValidatePath() =>
        Path.Length == 0
            || Path.StartsWith('/')
            || Path.Contains('\\', StringComparison.Ordinal)
            || Path.Contains(':', StringComparison.Ordinal)
            || Path.Split('/').Any(part => part is ".." or ".git")
            ? $"'{Path}' is not a path in a repository"
            : null;

    // user@host:path, which git accepts beside URLs.
    private static bool IsSecureShell(string address) =>
        address.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
        && address.IndexOf(':', StringComparison.Ordinal) is var colon && colon > at + 1
        && !address.StartsWith('-') && !address.Contains("://", StringComparison.Ordinal) && !address.Any(char.IsWhiteSpace);

    private static bool IsBranch(string name) =>
        name.Length > 0 && name[0] is not ('-' or '/' or '.') && name[^1] is not ('/' or '.')
        && !name.Contains("..", StringComparison.Ordinal) && !name.Contains("@{", StringComparison.Ordinal)
        && !name.Any(letter =>
            char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is '~' or '^' or ':' or '?' or '*' or '[' or '\\');
}

/// <summary>
/// Sets <c>newName</c> and <c>digest</c> of an entry in the <c>images</c> of a kustomization, and <c>newTag</c> when the entry has it.
/// </summary>
/// <param name="Repository">The address of the repository.</param>
/// <param name="Path">The folder of the kustomization, or its file.</param>
/// <seealso href="https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/">Kustomize, images</seealso>
public sealed record KustomizeCommitDeployment(string Repository, string Path) : GitCommitDeployment(Repository, Path)
{
    /// <summary>The <c>name</c> of the entry, which the manifests use for the image; when null, the name of the image.</summary>
    public string? Entry { get; init; }

    /// <inheritdoc/>
    protected override string? Validate() => base.Validate() ?? (Entry is "" ? "its entry has no name" : null);
}

/// <summary>Sets the digest in a Helm values file, and the repository and the tag when the chart has them.</summary>
/// <param name="Repository">The address of the repository.</param>
/// <param name="Path">The values file.</param>
/// <param name="DigestKey">The key of the value that holds the digest, with '.' as separator: <c>image.digest</c>,
/// <c>containers[0].digest</c>.</param>
public sealed record HelmValuesCommitDeployment(string Repository, string Path, string DigestKey) : GitCommitDeployment(Repository, Path)
{
    /// <summary>
    /// The key of the value that holds the image's name with its registry: <c>image.repository</c>; when null, that value is not changed.
    /// </summary>
    public string? RepositoryKey { get; init; }

    /// <summary>The key of the value that holds the tag: <c>image.tag</c>; when null, that value is not changed.</summary>
    public string? TagKey { get; init; }

    /// <inheritdoc/>
    protected override string? Validate() => base.Validate() ?? ValidateKeys();

    private string? ValidateKeys()
    {
        foreach (var key in new[] { DigestKey, RepositoryKey, TagKey })
        {
            if (key is not null && !ValueKey.TryParse(key, out _))
                return $"'{key}' is not the key of a value";
        }

        return null;
    }
}
