using System.Buffers.Text;
using System.Text.Json;

namespace Gantry.Registries.Remote;

/// <summary>
/// Looks into tokens for what helps to cache and to explain. Nothing is trusted because of it: who signed a token does not matter
/// to the one who only carries it.
/// </summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc7519">RFC 7519, JSON Web Token</seealso>
internal static class JsonWebToken
{
    /// <summary>The value of a claim, or null when there is none or the token is not a JSON Web Token.</summary>
    public static string? FindText(string token, string claim) =>
        Find(token, claim) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>When the token ends, or null when it does not say so.</summary>
    public static DateTimeOffset? FindExpiry(string token) => FindTime(token, "exp");

    /// <summary>
    /// How long the token is valid from when it was issued, or null when it does not say so. Unlike its end this does not depend on
    /// whether the clocks of this machine and of whoever issued it agree.
    /// </summary>
    public static TimeSpan? FindLifetime(string token) => FindTime(token, "exp") - FindTime(token, "iat");

    private static DateTimeOffset? FindTime(string token, string claim) =>
        Find(token, claim) is { ValueKind: JsonValueKind.Number } value
        && value.TryGetInt64(out var seconds)
        && seconds is > 0 and < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static JsonElement? Find(string token, string claim)
    {
        if (token.Split('.') is not [_, var payload, _])
            return null;
        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(claim, out var value)
                ? value.Clone()
                : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }
}
