using System.Net.Http.Headers;
using System.Text;
using Gantry.Http;

namespace Gantry.Environments;

/// <summary>
/// Validates the addresses and headers of webhooks and health checks, formats them without secrets, and creates requests.
/// </summary>
internal static class HookAddress
{
    private const string HeaderSymbols = "!#$%&'*+-.^_`|~";

    /// <summary>Returns the reason why this is not a valid address; null when it is valid, or when a variable holds all of it.</summary>
    public static string? Validate(string url, bool plainHttp)
    {
        if (url.StartsWith("$(", StringComparison.Ordinal) && VariableExpander.HasVariables(url))
            return null;
        if (!Uri.TryCreate(VariableExpander.ExpandWithPlaceholders(url), UriKind.Absolute, out var uri)
            || uri.Scheme is not ("https" or "http"))
            return $"'{Describe(url)}' is not an https address";
        if (uri.UserInfo.Length > 0 && !VariableExpander.HasVariables(url))
            return "credentials do not belong in a declaration: keep the address in a variable and write $(VARIABLE)";
        return uri is { Scheme: "http", IsLoopback: false } && !plainHttp ? $"'{Describe(url)}' is not an https address" : null;
    }

    /// <summary>Returns the reason why these are not valid headers; null when they are.</summary>
    public static string? ValidateHeaders(IReadOnlyDictionary<string, string> headers)
    {
        foreach (var (name, value) in headers)
        {
            if (!IsHeaderName(name) || value.AsSpan().ContainsAny('\r', '\n'))
                return $"'{name}' is not a header";
            if (IsCredential(name) && !VariableExpander.HasVariables(value))
                return $"the value of '{name}' is not written into the declaration, but taken from a variable: $(VARIABLE)";
        }

        return null;
    }

    /// <summary>Returns true when this is a valid header name (RFC 9110, 5.6.2).</summary>
    public static bool IsHeaderName(string name) =>
        name.Length > 0
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || HeaderSymbols.Contains(letter, StringComparison.Ordinal));

    /// <summary>Returns the declared address without its query and credentials. Variables are shown by name.</summary>
    public static string Describe(string url)
    {
        var question = url.IndexOf('?', StringComparison.Ordinal);
        var shown = question < 0 ? url : url[..question];
        return !VariableExpander.HasVariables(shown) && Uri.TryCreate(shown, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0
            ? uri.WithoutSecrets()
            : shown;
    }

    /// <summary>Returns true when an address is on this machine; false when one of its variables is not set.</summary>
    public static bool IsOnThisMachine(string url, Func<string, string?> variable) =>
        VariableExpander.FindMissing(VariableExpander.FindNames([url]), variable) is null
        && Uri.TryCreate(VariableExpander.Expand(url, Describe(url), variable), UriKind.Absolute, out var uri)
        && uri.IsLoopback;

    /// <summary>
    /// Creates the request for an address with the values of its variables. User name and password in the address become basic credentials.
    /// Throws <c>GAN4073</c> when a variable is missing, <c>GAN4074</c> when the values form no valid address or header.
    /// </summary>
    public static HttpRequestMessage CreateRequest(
        HttpMethod method, string url, IReadOnlyDictionary<string, string> headers, string what, Func<string, string?> variable)
    {
        var address = VariableExpander.Expand(url, what, variable);
        if (HttpAddress.TryParse(address) is not { } uri
            || !(uri.Scheme == "https" || (uri.Scheme == "http" && (uri.IsLoopback || address == url))))
            throw EnvironmentErrors.VariableUnusable(Describe(url), what, "not an https address");

        var request = new HttpRequestMessage(method, HttpAddress.OnHost(uri.PathAndQuery, uri));

        // The path of a webhook is often its secret.
        request.Options.Set(DiagnosticHandler.ShownAddress, $"{uri.Scheme}://{uri.Authority}/…");
        if (uri.UserInfo.Length > 0)
        {
            var credentials = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri.UserInfo));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials));
        }

        foreach (var (name, value) in headers)
        {
            var expanded = VariableExpander.Expand(value, what, variable);
            if (expanded.AsSpan().ContainsAny('\r', '\n'))
                throw EnvironmentErrors.VariableUnusable(value, what, "more than one line");
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, expanded);
        }

        return request;
    }

    private static bool IsCredential(string header) =>
        header.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || header.Equals("Cookie", StringComparison.OrdinalIgnoreCase);
}
