using System.Net;

namespace Gantry.GitHubActions.Service;

/// <summary>GAN9100 to GAN9109: GitHub, its API, and the tokens for it.</summary>
internal static class ServiceErrors
{
    public static GantryException UnknownRepository() => new(
        "GAN9100",
        "it is not known which repository of GitHub is meant",
        "name it with --github-repository owner/name, or host/owner/name on an Enterprise host");

    public static GantryException MalformedRepository(string text) => new(
        "GAN9100", $"{Format.Refused(text)} is not a repository of GitHub", "write owner/name, or host/owner/name on an Enterprise host");

    public static GantryException UnusableApi(string address) => new(
        "GAN9101",
        $"{Format.Refused(address)} cannot be the address of GitHub's API",
        "correct GITHUB_API_URL: an https address without user and query, as https://api.github.com");

    public static GantryException UnusableServer(string address) => new(
        "GAN9101",
        $"{Format.Refused(address)} cannot be the address of GitHub",
        "correct GITHUB_SERVER_URL: an https address without user, path and query, as https://github.com");

    public static GantryException NoToken() => new(
        "GAN9102",
        "there is no token for GitHub",
        "set GH_TOKEN, for example GH_TOKEN=$(gh auth token), or name one with --github-token");

    public static GantryException TokenRefused(GitHubRepository repository, GitHubToken token, string? sentence) => new(
        "GAN9103",
        $"GitHub does not accept {token.Origin} for {repository}{Said(sentence)}",
        "make a new token for this repository");

    public static GantryException Forbidden(GitHubRequest request, GitHubToken token, string? sentence) => new(
        "GAN9104",
        $"{token.Origin} may not {request.Purpose}{Said(sentence)}",
        $"give it the permission '{request.Right}' of the repository")
    {
        Kind = ErrorKind.Unauthorized,
    };

    public static GantryException NotFound(GitHubRequest request, GitHubToken token) => new(
        "GAN9105",
        $"GitHub finds nothing when it has to {request.Purpose}; what {token.Origin} may not see does not exist for it",
        $"check the name, and the permission '{request.Right}' of the token")
    {
        Kind = ErrorKind.NotFound,
    };

    public static GantryException Throttled(GitHubRequest request, TimeSpan? pause) => new(
        "GAN9106",
        $"GitHub has too many requests to {request.Purpose}"
            + (pause is { } wait ? $", and asks for a pause of {Format.Duration(wait)}" : ""),
        "run it again later");

    public static GantryException Unreachable(string host, string reason, Exception inner) => new(
        "GAN9107", $"GitHub cannot be reached at {host}: {reason}", "check the network and GITHUB_API_URL", inner);

    public static GantryException UnexpectedAnswer(GitHubRequest request, string what) => new(
        "GAN9108",
        $"GitHub answers {request} with something unexpected: {what}",
        "check for a proxy in between, and run it again");

    public static GantryException Rejected(GitHubRequest request, string sentence, HttpStatusCode status) => new(
        "GAN9109",
        $"GitHub refuses to {request.Purpose}: {sentence} (HTTP {(int)status})",
        "correct what it says in the declaration");

    private static string Said(string? sentence) => string.IsNullOrEmpty(sentence) ? "" : $": {sentence}";
}
