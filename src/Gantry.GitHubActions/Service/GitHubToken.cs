using System.Net.Http.Headers;

namespace Gantry.GitHubActions.Service;

/// <summary>A token for GitHub: of the running job, of an app, or of a person.</summary>
public sealed class GitHubToken
{
    private readonly string _secret;

    private GitHubToken(string secret, string origin)
    {
        _secret = secret;
        Origin = origin;
    }

    /// <summary>The origin of the token, for the log; never the token itself: <c>GITHUB_TOKEN</c>.</summary>
    public string Origin { get; }

    internal AuthenticationHeaderValue Header => new("Bearer", _secret);

    /// <summary>
    /// Finds the token: the specified one, else that of the variable <c>GH_TOKEN</c> or <c>GITHUB_TOKEN</c>. Throws <c>GAN9102</c> when
    /// there is none.
    /// </summary>
    /// <param name="named">The specified token, or null.</param>
    /// <param name="variables">The environment variables.</param>
    public static GitHubToken Find(string? named, IReadOnlyDictionary<string, string> variables)
    {
        if (!string.IsNullOrEmpty(named))
            return new(named, "the token of --github-token");
        foreach (var name in (string[])["GH_TOKEN", "GITHUB_TOKEN"])
        {
            if (variables.GetValueOrDefault(name) is { Length: > 0 } token)
                return new(token, name);
        }

        throw ServiceErrors.NoToken();
    }

    /// <summary>Returns the token of the running job. Returns null without one.</summary>
    /// <param name="variables">The environment variables.</param>
    public static GitHubToken? OfJob(IReadOnlyDictionary<string, string> variables) =>
        variables.GetValueOrDefault("GITHUB_TOKEN") is { Length: > 0 } token ? new(token, "the token of this job") : null;

    /// <summary>Adds the token to a mask, so that a server that repeats it does not bring it into the log.</summary>
    /// <param name="mask">The mask.</param>
    public void AddTo(SecretMask mask) => mask.Add(_secret);

    /// <inheritdoc/>
    public override string ToString() => Origin;
}
