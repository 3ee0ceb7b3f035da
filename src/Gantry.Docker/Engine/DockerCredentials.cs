using System.Text.Json;
using Docker.DotNet.Models;
using Gantry.Registries;

namespace Gantry.Docker.Engine;

/// <summary>
/// Registry credentials in the forms that an engine accepts. The engine itself, not this process, connects to the registries of base
/// images.
/// </summary>
internal sealed class DockerCredentials
{
    /// <summary>The header that carries the credentials of all registries of a build.</summary>
    public const string Header = "X-Registry-Config";

    // Docker Hub has this key in credentials for historical reasons.
    private const string DockerHubKey = "https://index.docker.io/v1/";

    private readonly Dictionary<string, RegistryAuthentication> _byKey = new(StringComparer.Ordinal);

    /// <summary>Masks these credentials in what the engine reports: it repeats the answers of registries.</summary>
    public SecretMask Secrets { get; } = new();

    /// <summary>Looks up the credentials of these registries.</summary>
    public static async Task<DockerCredentials> FindAsync(
        ICredentialSource? source, IEnumerable<string> hosts, CancellationToken cancellationToken)
    {
        var found = new DockerCredentials();
        foreach (var host in hosts.Distinct(StringComparer.Ordinal))
        {
            if (source is not null && await source.FindAsync(host, cancellationToken) is { } credential)
                found.Add(host, credential);
        }

        return found;
    }

    /// <summary>Returns the value of the header: base64 with the alphabet for URLs, the only one that engines accept.</summary>
    public string ToHeader() =>
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(_byKey, DockerJson.Default.DictionaryStringRegistryAuthentication))
            .Replace('+', '-').Replace('/', '_');

    /// <summary>Returns the credential of a registry for pulling and pushing, or null when there is none.</summary>
    public AuthConfig? For(string host) =>
        _byKey.TryGetValue(Key(host), out var found)
            ? new AuthConfig
            {
                Username = found.UserName,
                Password = found.Password,
                IdentityToken = found.IdentityToken,
                ServerAddress = Key(host),
            }
            : null;

    private void Add(string host, RegistryCredential credential)
    {
        _byKey[Key(host)] = ToAuthentication(credential);
        if (credential is PasswordCredential password)
            Secrets.AddPassword(password.UserName, password.Password);
        else if (credential is RefreshTokenCredential token)
            Secrets.Add(token.RefreshToken);
    }

    private static string Key(string host) => host == "docker.io" ? DockerHubKey : host;

    private static RegistryAuthentication ToAuthentication(RegistryCredential credential) => credential switch
    {
        PasswordCredential password => new() { UserName = password.UserName, Password = password.Password },
        RefreshTokenCredential token => new() { IdentityToken = token.RefreshToken },
        _ => throw new NotSupportedException($"Engines take no {credential}."),
    };
}
