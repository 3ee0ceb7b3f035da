using System.Text.RegularExpressions;
using Gantry.Processes;

namespace Gantry.Differences;

/// <summary>The repository that a git remote leads to, as a browser sees it: the same for every clone.</summary>
public sealed partial record RemoteRepository
{
    private RemoteRepository(string url) => Url = url;

    /// <summary>The https URL, without user, password and <c>.git</c>.</summary>
    public string Url { get; }

    /// <summary>
    /// Parses the URL of a remote, with any of the forms that git accepts; returns null when the remote is not on the network.
    /// </summary>
    /// <param name="remote">The URL: <c>https://…</c>, <c>ssh://…</c>, <c>git@github.com:contoso/shop.git</c>.</param>
    public static RemoteRepository? Parse(string remote)
    {
        if (ScpForm().Match(remote) is { Success: true } scp)
            remote = $"ssh://{scp.Groups["host"].Value}/{scp.Groups["path"].Value}";
        if (!Uri.TryCreate(remote, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http" or "ssh" or "git"))
            return null;

        var path = uri.AbsolutePath.TrimEnd('/');
        if (path.EndsWith(".git", StringComparison.Ordinal))
            path = path[..^".git".Length];

        // Azure DevOps has another form for SSH: v3/organisation/project/repository, on a host of its own, or on that of earlier years.
        if (uri.Host is "ssh.dev.azure.com" or "vs-ssh.visualstudio.com"
            && path.Split('/') is ["", "v3", var organisation, var project, var repository])
            return new($"https://dev.azure.com/{organisation}/{project}/_git/{repository}");

        var port = uri.Scheme is "https" or "http" && !uri.IsDefaultPort ? $":{uri.Port}" : "";
        return new($"https://{uri.Host}{port}{path}");
    }

    /// <summary>
    /// Returns the address of a commit in the pages of Azure Repos, GitHub, GitLab or Bitbucket; null when the host is none that is known.
    /// </summary>
    /// <param name="commit">The full hash.</param>
    public string? FindCommitLink(string commit)
    {
        if (!GitClone.IsHash(commit))
            return null;
        var uri = new Uri(Url);
        var (host, path) = (uri.Host, uri.AbsolutePath);
        if (path.Contains("/_git/", StringComparison.Ordinal) || IsOf(host, "github"))
            return $"{Url}/commit/{commit}";
        if (IsOf(host, "gitlab"))
            return $"{Url}/-/commit/{commit}";
        return host == "bitbucket.org" ? $"{Url}/commits/{commit}" : null;
    }

    // The public host, or one of a company: github.com, github.contoso.com, contoso.ghe.com.
    private static bool IsOf(string host, string product) =>
        host == product + ".com" || host.StartsWith(product + ".", StringComparison.Ordinal)
        || (product == "github" && host.EndsWith(".ghe.com", StringComparison.Ordinal));

    [GeneratedRegex(
        @"\A(?:[^@/:]+@)?(?<host>[^/:]{2,}):(?!//)(?<path>[^\\].*)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex ScpForm();
}
