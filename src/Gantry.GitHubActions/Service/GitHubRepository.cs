namespace Gantry.GitHubActions.Service;

/// <summary>A repository of GitHub, and the address of the API that knows it.</summary>
public sealed record GitHubRepository
{
    private const string PublicHost = "github.com";
    private static readonly Uri PublicApi = new("https://api.github.com/");

    private GitHubRepository(Uri api, string owner, string name)
    {
        Api = api;
        Owner = owner;
        Name = name;
    }

    /// <summary>The base address of the API, which ends with a slash.</summary>
    public Uri Api { get; }

    /// <summary>The user or organization that owns the repository.</summary>
    public string Owner { get; }

    /// <summary>The name of the repository.</summary>
    public string Name { get; }

    /// <summary>
    /// Finds the repository: the specified one, else that of the running job, else that of a clone. The API is that of the specified host,
    /// else that of the running job, else GitHub's own: a token never goes to a host only because a clone has a remote there. Throws
    /// <c>GAN9100</c> when there is no repository, and <c>GAN9101</c> for an API without TLS.
    /// </summary>
    /// <param name="named">The specified repository as <c>owner/name</c>, or <c>host/owner/name</c> on an Enterprise host; or null.</param>
    /// <param name="variables">The environment variables.</param>
    /// <param name="remote">The address of the clone's repository for a browser, or null.</param>
    public static GitHubRepository Find(string? named, IReadOnlyDictionary<string, string> variables, string? remote)
    {
        var text = NullIfEmpty(named) ?? NullIfEmpty(variables.GetValueOrDefault("GITHUB_REPOSITORY")) ?? PathOf(remote, variables);
        if (text is null)
            throw ServiceErrors.UnknownRepository();
        var parts = text.Split('/');
        if (parts is not [.. { Length: <= 1 } hosts, var owner, var name] || !IsName(owner) || !IsName(name) || !hosts.All(IsHost))
            throw ServiceErrors.MalformedRepository(text);
        return new(hosts is [var host] ? ApiOf(host) : ApiOf(variables), owner, name);
    }

    /// <summary>Returns the repository as people write it: <c>contoso/shop</c>, with the host of an API that is not GitHub's own.</summary>
    public override string ToString() => Api == PublicApi ? $"{Owner}/{Name}" : $"{Owner}/{Name} ({Api.Authority})";

    // Also without TLS on this machine: there nothing listens in.
    private static Uri ApiOf(IReadOnlyDictionary<string, string> variables)
    {
        if (NullIfEmpty(variables.GetValueOrDefault("GITHUB_API_URL")) is { } given)
        {
            return Uri.TryCreate(given.TrimEnd('/') + "/", UriKind.Absolute, out var api)
                && (api.Scheme == "https" || (api.Scheme == "http" && api.IsLoopback))
                && api.UserInfo.Length + api.Query.Length + api.Fragment.Length == 0
                ? api
                : throw ServiceErrors.UnusableApi(given);
        }

        return ServerOf(variables) is { } server ? ApiOf(server.Authority) : PublicApi;
    }

    // GitHub with data residency has its API on a host of its own.
    private static Uri ApiOf(string host) =>
        host.Equals(PublicHost, StringComparison.OrdinalIgnoreCase) ? PublicApi
        : host.EndsWith(".ghe.com", StringComparison.OrdinalIgnoreCase) ? new($"https://api.{host}/")
        : new($"https://{host}/api/v3/");

    private static Uri? ServerOf(IReadOnlyDictionary<string, string> variables)
    {
        if (NullIfEmpty(variables.GetValueOrDefault("GITHUB_SERVER_URL")) is not { } given)
            return null;
        return Uri.TryCreate(given, UriKind.Absolute, out var server)
            && server.Scheme == "https"
            && (server.UserInfo + server.Query + server.Fragment + server.AbsolutePath) == "/"
            ? server
            : throw ServiceErrors.UnusableServer(given);
    }

    // A clone of another service has no repository of GitHub.
    private static string? PathOf(string? remote, IReadOnlyDictionary<string, string> variables)
    {
        if (!Uri.TryCreate(remote, UriKind.Absolute, out var origin)
            || (origin.Host is not (PublicHost or "ssh.github.com") && origin.Host != ServerOf(variables)?.Host))
            return null;
        return origin.AbsolutePath.Trim('/') is { Length: > 0 } path && path.Split('/').Length == 2
            ? path.EndsWith(".git", StringComparison.Ordinal) ? path[..^4] : path
            : null;
    }

    private static bool IsHost(string text) =>
        text.Contains('.', StringComparison.Ordinal) && IsName(text) && Uri.CheckHostName(text) == UriHostNameType.Dns;

    private static bool IsName(string text) =>
        text.Length is > 0 and <= 100 && text is not ("." or "..") && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
