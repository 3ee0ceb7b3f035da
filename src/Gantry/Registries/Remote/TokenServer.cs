using System.Net;
using System.Text.Json;
using Gantry.Http;

namespace Gantry.Registries.Remote;

/// <summary>Requests access tokens from token servers.</summary>
/// <seealso href="https://distribution.github.io/distribution/spec/auth/token/">Token authentication specification</seealso>
/// <seealso href="https://distribution.github.io/distribution/spec/auth/oauth/">OAuth2 token authentication</seealso>
internal sealed class TokenServer(HttpTransport transport, CredentialFinder credentials, RegistrySessionOptions options)
{
    // The default lifetime of the specification.
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    public async Task<AccessToken> RequestAsync(
        string host, Challenge challenge, IReadOnlyList<TokenScope> scopes, CancellationToken cancellationToken)
    {
        if (HttpAddress.TryParse(challenge["realm"] ?? "") is not { } realm)
            throw RegistryErrors.UnexpectedAnswer(host, "a request for a token", "its token server has no usable address");
        // The password for a registry with TLS never leaves without it, not even to this machine.
        if (realm.Scheme == "http" && !(transport.AllowsPlainHttp(host) && transport.AllowsPlainHttp(realm.Authority)))
            throw RegistryErrors.PlainHttp(host, realm.WithoutSecrets());

        var credential = await credentials.FindAsync(host, cancellationToken);
        var (status, body, encoding) = await AskAsync(realm, challenge["service"], scopes, credential, cancellationToken);
        if (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden && credential is not null)
        {
            // A source may have a newer credential than the one found at the beginning of a long session.
            credentials.Forget(host);
            if (await credentials.FindAsync(host, cancellationToken) is { } renewed && renewed != credential)
                (status, body, encoding) = await AskAsync(realm, challenge["service"], scopes, renewed, cancellationToken);
        }

        if (status != HttpStatusCode.OK)
        {
            var who = credential is null ? "no credential is known for it" : $"the {credential} was refused";
            throw RegistryErrors.TokenRefused(host, realm.Authority, $"{who} (status {(int)status})", credentials.Advise(host, scopes));
        }

        var token = Read(host, realm, body, encoding, scopes);
        options.Log?.Invoke($"token of {realm.Authority} for {host}, scope {string.Join(' ', scopes)}, until {Format.Time(token.Expires)}");
        return token;
    }

    private async Task<(HttpStatusCode Status, byte[] Body, string? Encoding)> AskAsync(
        Uri realm, string? service, IReadOnlyList<TokenScope> scopes, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        var parameters = new List<KeyValuePair<string, string>>();
        if (service is not null)
            parameters.Add(new("service", service));
        parameters.AddRange(scopes.Select(scope => new KeyValuePair<string, string>("scope", scope.ToString())));

        var request = new HttpCall
        {
            Method = HttpMethod.Get,
            Uri = parameters.Count == 0 ? realm : HttpAddress.AddQuery(realm, ToQuery(parameters)),
            What = "asking for a token",
            Failed = RegistryErrors.Of,
        };
        if (credential is RefreshTokenCredential refresh)
        {
            // A form has all scopes in one field.
            KeyValuePair<string, string>[] form =
            [
                new("grant_type", "refresh_token"), new("client_id", "gantry"), new("refresh_token", refresh.RefreshToken),
                new("service", service ?? ""), new("scope", string.Join(' ', scopes)),
            ];
            request = request with
            {
                Method = HttpMethod.Post,
                Uri = realm,
                Content = () => new FormUrlEncodedContent(form),
                HoldsSecret = true,
            };
        }
        else if (credential is PasswordCredential password)
        {
            request = request with { Authorization = HostAuthentication.Basic(password) };
        }

        return await transport.SendAsync(
            request,
            async (response, token) =>
            {
                var body = await response.ReadBytesAsync(Limits.AnswerBytes, "the token server's answer", token);
                return (response.StatusCode, body, response.ContentEncoding);
            },
            cancellationToken);
    }

    private AccessToken Read(string host, Uri realm, byte[] body, string? encoding, IReadOnlyList<TokenScope> scopes)
    {
        TokenResponse? answer;
        try
        {
            answer = JsonSerializer.Deserialize(body, RegistryJson.Default.TokenResponse);
        }
        catch (JsonException)
        {
            throw RegistryErrors.TokenRefused(host, realm.Authority, $"its response is not JSON{RegistryErrors.Unasked(encoding)}");
        }

        var value = answer?.Token is { Length: > 0 } token ? token : answer?.AccessToken;
        if (string.IsNullOrEmpty(value) || value.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw RegistryErrors.TokenRefused(host, realm.Authority, "its answer holds no token");

        // Some servers give the lifetime only in the token; with the default, a new one would be requested every minute.
        var said = answer!.ExpiresIn ?? JsonWebToken.FindLifetime(value)?.TotalSeconds;
        var lifetime = said is >= 1 and <= 86400 * 7 ? TimeSpan.FromSeconds(said.Value) : DefaultLifetime;
        var margin = lifetime > Margin * 3 ? Margin : lifetime / 3;
        return new AccessToken(value, scopes, options.TimeProvider.GetUtcNow() + lifetime - margin);
    }

    private static string ToQuery(IEnumerable<KeyValuePair<string, string>> parameters) =>
        string.Join('&', parameters.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
}
