using System.Text.RegularExpressions;

namespace Gantry.Nuke.Versioning;

/// <summary>Converts the URL of a git remote into one for a browser, which is the same for every clone.</summary>
internal static partial class RemoteUrl
{
    /// <summary>Returns the https URL without user, password and <c>.git</c>, or null when the remote is not on the network.</summary>
    public static string? Browsable(string remote)
    {
        if (ScpForm().Match(remote) is { Success: true } scp)
            remote = $"ssh://{scp.Groups["host"].Value}/{scp.Groups["path"].Value}";
        if (!Uri.TryCreate(remote, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http" or "ssh" or "git"))
            return null;

        var path = uri.AbsolutePath.TrimEnd('/');
        if (path.EndsWith(".git", StringComparison.Ordinal))
            path = path[..^".git".Length];

        // Azure DevOps has another form for SSH: v3/organisation/project/repository.
        if (uri.Host == "ssh.dev.azure.com" && path.Split('/') is ["", "v3", var organisation, var project, var repository])
            return $"https://dev.azure.com/{organisation}/{project}/_git/{repository}";

        var port = uri.Scheme is "https" or "http" && !uri.IsDefaultPort ? $":{uri.Port}" : "";
        return $"https://{uri.Host}{port}{path}";
    }

    [GeneratedRegex(
        @"\A(?:[^@/:]+@)?(?<host>[^/:]{2,}):(?!//)(?<path>[^\\].*)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex ScpForm();
}
