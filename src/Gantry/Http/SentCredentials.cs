using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Gantry.Http;

/// <summary>Finds the credentials in a request, so that they can be masked: in its headers, its address and its form.</summary>
internal static class SentCredentials
{
    // Parts of the names of query parameters and fields whose values are secret: sig, X-Amz-Signature, refresh_token.
    private static readonly string[] s_names =
        ["auth", "token", "sig", "secret", "key", "pass", "pwd", "credential", "cookie", "assertion", "policy", "state", "code", "verify"];

    private static readonly string[] s_headers = ["proxy-authorization", "cookie", "x-registry-auth", "x-registry-config"];

    // Shorter values in addresses and forms are switches and ordinary words.
    private const int MinimumFieldLength = 12;

    public static async ValueTask AddAsync(SecretMask secrets, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        AddHeader(secrets, request.Headers.Authorization);
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (s_headers.Contains(name, StringComparer.OrdinalIgnoreCase) || name.EndsWith("-key", StringComparison.OrdinalIgnoreCase))
                secrets.Add(values.ToString());
        }

        if (request.RequestUri is { } uri)
            AddAddress(secrets, uri);
        if (request.Content is FormUrlEncodedContent form)
            AddFields(secrets, await form.ReadAsStringAsync(cancellationToken));
    }

    private static void AddHeader(SecretMask secrets, AuthenticationHeaderValue? header)
    {
        if (header?.Parameter is not { } value)
            return;
        secrets.Add(value);
        if (header.Scheme != "Basic")
            return;

        var bytes = new byte[value.Length];
        if (Convert.TryFromBase64String(value, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var user, var password])
            secrets.AddPassword(user, password);
    }

    private static void AddAddress(SecretMask secrets, Uri uri)
    {
        if (Uri.UnescapeDataString(uri.UserInfo).Split(':', 2) is [var user, var password])
            secrets.AddPassword(user, password);
        if (uri.Query.Length > 1)
            AddFields(secrets, uri.Query[1..]);
    }

    private static void AddFields(SecretMask secrets, string fields)
    {
        foreach (var field in fields.Split('&'))
        {
            if (field.Split('=', 2) is [var name, { Length: >= MinimumFieldLength } value] && IsSecret(name))
                secrets.Add(WebUtility.UrlDecode(value));
        }
    }

    private static bool IsSecret(string name) => s_names.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));
}
