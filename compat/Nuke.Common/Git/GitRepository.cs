using System.Text.RegularExpressions;
using Nuke.Common.CI;
using Nuke.Common.IO;
using Nuke.Common.Utilities;

namespace Nuke.Common.Git;

public enum GitProtocol
{
    Https,
    Ssh
}

/// <summary>What is checked out, and where it comes from.</summary>
public partial class GitRepository
{
    public GitRepository(
        GitProtocol? protocol,
        string endpoint,
        string identifier,
        string branch,
        AbsolutePath localDirectory,
        string head,
        string commit,
        IReadOnlyCollection<string> tags,
        string remoteName,
        string remoteBranch)
    {
        Protocol = protocol;
        Endpoint = endpoint;
        Identifier = identifier;
        Branch = branch;
        LocalDirectory = localDirectory;
        Head = head;
        Commit = commit;
        Tags = tags;
        RemoteName = remoteName;
        RemoteBranch = remoteBranch;
    }

    public GitProtocol? Protocol { get; }
    public string Endpoint { get; }
    public string Identifier { get; }
    public string Branch { get; }
    public AbsolutePath LocalDirectory { get; }
    public string Head { get; }
    public string Commit { get; }
    public IReadOnlyCollection<string> Tags { get; }
    public string RemoteName { get; }
    public string RemoteBranch { get; }

    public string HttpsUrl => Endpoint != null ? $"https://{Endpoint}/{Identifier}.git" : null;
    public string SshUrl => Endpoint != null ? $"git@{Endpoint}:{Identifier}.git" : null;

    public override string ToString()
        => ((Protocol == GitProtocol.Ssh ? SshUrl : HttpsUrl) ?? LocalDirectory ?? string.Empty).TrimEnd(".git");

    public static GitRepository FromUrl(string url, string branch = null)
    {
        var (protocol, endpoint, identifier) = ParseUrl(url);
        return new GitRepository(protocol, endpoint, identifier, branch, null, null, null, [], null, null);
    }

    public static GitRepository FromLocalDirectory(AbsolutePath directory)
    {
        var git = new GitCommand(directory);
        var root = git.TryRead("rev-parse", "--show-toplevel").NotNull($"No parent Git directory for '{directory}'");
        var host = Host.Instance as IBuildServer;
        var head = git.TryRead("symbolic-ref", "HEAD") ?? git.TryRead("rev-parse", "HEAD");
        var branch = (host?.Branch ?? (head?.StartsWith("refs/heads/", StringComparison.Ordinal) == true ? head : null))
            ?.TrimStart("refs/heads/").TrimStart("origin/");
        var commit = host?.Commit ?? git.TryRead("rev-parse", "HEAD");
        var tags = commit == null
            ? []
            : git.TryRead("tag", "--points-at", commit)?.SplitLineBreaks(StringSplitOptions.RemoveEmptyEntries) ?? [];

        var remoteName = branch == null ? null : git.TryRead("config", $"branch.{branch}.remote");
        var remoteBranch = remoteName == null ? null : git.TryRead("config", $"branch.{branch}.merge")?.TrimStart("refs/heads/");
        var url = git.TryRead("config", $"remote.{remoteName ?? "origin"}.url");
        var (protocol, endpoint, identifier) = url == null ? (null, null, null) : ParseUrl(url);
        return new GitRepository(protocol, endpoint, identifier, branch, root, head, commit, tags, remoteName, remoteBranch);
    }

    // A remote that is a folder has no server, and thus no URL to show.
    private static (GitProtocol? Protocol, string Endpoint, string Identifier) ParseUrl(string url)
    {
        var match = UrlPattern().Match(url);
        if (!match.Success)
            return (null, null, null);

        var protocol = match.Groups["protocol"].Value.StartsWithOrdinalIgnoreCase("http") ? GitProtocol.Https : GitProtocol.Ssh;
        return (protocol, match.Groups["endpoint"].Value, match.Groups["identifier"].Value);
    }

    [GeneratedRegex(@"^((?<protocol>https?|ssh)://)?([^@/]+@)?(?<endpoint>[^/:@]+\.?[^/:@]*)(:\d+(?=/))?[/:](?<identifier>.+?)/?(\.git)?$")]
    private static partial Regex UrlPattern();
}
