using System.Text.Json.Serialization;

namespace Gantry.Registries.Remote;

/// <summary>A token for some scopes, until it expires.</summary>
internal sealed record AccessToken(string Value, IReadOnlyList<TokenScope> Scopes, DateTimeOffset Expires)
{
    /// <summary>Never printed.</summary>
    public override string ToString() => "access token";
}

/// <summary>What a token server answers.</summary>
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
