using System.Buffers.Text;
using System.Text.Json;

namespace Gantry.Http;

/// <summary>
/// Reads claims of tokens for caching and messages. Nothing is trusted because of them: the client that only forwards a token need not
/// verify its signature.
/// </summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc7519">RFC 7519, JSON Web Token</seealso>
public static class JsonWebToken
{
    /// <summary>Returns the value of a claim; null when there is none or the token is not a JSON Web Token.</summary>
    public static string? FindText(string token, string claim)
    {
        try
        {
            return Find(token, claim) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Its bytes, or what it escapes, are no text.
            return null;
        }
    }

    /// <summary>Returns the expiry of the token; null when it does not contain one.</summary>
    public static DateTimeOffset? FindExpiry(string token) => FindTime(token, "exp");

    /// <summary>
    /// Returns the time from issue to expiry of the token; null when it does not contain them. Unlike the expiry, it does not depend on the
    /// clocks of this machine and of the issuer being in sync.
    /// </summary>
    internal static TimeSpan? FindLifetime(string token) => FindTime(token, "exp") - FindTime(token, "iat");

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
