using System.Text.Json.Serialization;

namespace Gantry.Registries.Remote;

/// <summary>An access token for some scopes, with its expiry.</summary>
internal sealed record AccessToken(string Value, IReadOnlyList<TokenScope> Scopes, DateTimeOffset Expires)
{
    /// <summary>Returns a text without the secret.</summary>
    public override string ToString() => "access token";
}

/// <summary>The answer of a token server.</summary>
/// <seealso href="https://distribution.github.io/distribution/spec/auth/token/">Token authentication specification</seealso>
internal sealed record TokenResponse
{
    [JsonPropertyName("token")]
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    [JsonPropertyName("expires_in")]
    public double? ExpiresIn { get; init; }

    public override string ToString() => "token answer";
}
