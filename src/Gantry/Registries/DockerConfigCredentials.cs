using System.Text;
using System.Text.Json;
using Gantry.IO;

namespace Gantry.Registries;

/// <summary>
/// Finds credentials in Docker's configuration: <c>config.json</c> with entries, credential helpers, a credential store and identity
/// tokens. It includes those that <c>docker login</c> and <c>az acr login</c> have stored.
/// </summary>
/// <remarks>
/// The folder is the one in <c>DOCKER_CONFIG</c>, or <c>.docker</c> in the user's home. If it has no <c>config.json</c>, the file of podman
/// and skopeo is used (<c>REGISTRY_AUTH_FILE</c>, or <c>containers/auth.json</c> in <c>XDG_RUNTIME_DIR</c>). It is read again for every
/// registry, so that a sign-in during a long build is noticed.
/// </remarks>
/// <seealso href="https://docs.docker.com/reference/cli/docker/login/#credential-stores">docker login, credential stores</seealso>
public sealed class DockerConfigCredentials : ICredentialSource
{
    // The entry of Docker Hub still has its first address.
    private const string DockerHub = "https://index.docker.io/v1/";
    private const string DockerHubHost = "docker.io";

    private readonly TimeProvider _time;
    private readonly string? _file;
    private readonly CredentialHelper _helper;

    /// <summary>Uses the configuration of the current user.</summary>
    /// <param name="timeProvider">The clock for the time limit of credential helpers.</param>
    public DockerConfigCredentials(TimeProvider? timeProvider = null)
        : this(DefaultFile(Environment.GetEnvironmentVariable), timeProvider)
    {
    }

    /// <summary>Uses a configuration file.</summary>
    /// <param name="file">The full path of a <c>config.json</c>; a file that does not exist holds no credentials.</param>
    /// <param name="timeProvider">The clock for the time limit of credential helpers.</param>
    public DockerConfigCredentials(string? file, TimeProvider? timeProvider = null)
    {
        _file = file;
        _time = timeProvider ?? TimeProvider.System;
        _helper = new CredentialHelper(_time);
    }

    /// <inheritdoc/>
    /// <exception cref="GantryException"><c>GAN2018</c>: a helper fails; <c>GAN2019</c>: the file cannot be read.</exception>
    public async ValueTask<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken)
    {
        if (await ReadAsync(cancellationToken) is not { } config)
            return null;

        if (HelperOf(config, host) is { } helper
            && await _helper.GetAsync(helper, ServerOf(host), cancellationToken) is { } credential)
            return credential;

        return Find(config.Entries, host) is { } entry ? Read(entry, host) : null;
    }

    /// <summary>
    /// Stores a credential where <see cref="FindAsync"/> finds it: with the credential helper of the host or the credential store of the
    /// configuration, or else in the file. Everything else in the file stays as it is; only its owner can read it.
    /// </summary>
    /// <param name="host">The host, with its port.</param>
    /// <param name="credential">The credential, which is not verified.</param>
    /// <param name="cancellationToken">Cancels the operation; the file is then unchanged.</param>
    /// <returns>The file, or the name of the helper's program.</returns>
    /// <exception cref="GantryException">
    /// <c>GAN2018</c>: the helper fails; <c>GAN2019</c>: the file cannot be read; <c>GAN2051</c>: it cannot be written.
    /// </exception>
    public async Task<string> StoreAsync(string host, PasswordCredential credential, CancellationToken cancellationToken)
    {
        if (HelperOf(await ReadAsync(cancellationToken), host) is { } helper)
        {
            await _helper.StoreAsync(helper, ServerOf(host), credential, cancellationToken);
            return $"docker-credential-{helper}";
        }

        var editor = new DockerConfigEditor(_file ?? throw RegistryErrors.NoDockerConfig(), _time);
        await editor.SetAsync(ServerOf(host), credential, cancellationToken);
        return _file;
    }

    /// <summary>Removes the credential for a host from the helper, the store and the file. Returns false when there was none.</summary>
    /// <param name="host">The host, with its port.</param>
    /// <param name="cancellationToken">Cancels the operation; the file is then unchanged.</param>
    /// <exception cref="GantryException">
    /// <c>GAN2018</c>: the helper fails; <c>GAN2019</c>: the file cannot be read; <c>GAN2051</c>: it cannot be written.
    /// </exception>
    public async Task<bool> EraseAsync(string host, CancellationToken cancellationToken)
    {
        var config = await ReadAsync(cancellationToken);
        var wasStored = HelperOf(config, host) is { } helper && await _helper.EraseAsync(helper, ServerOf(host), cancellationToken);
        var keys = (config?.Entries?.Keys ?? []).Where(key => HostOf(key).Equals(host, StringComparison.OrdinalIgnoreCase)).ToList();
        if (keys.Count > 0)
            await new DockerConfigEditor(_file!, _time).RemoveAsync(keys, cancellationToken);
        return wasStored || keys.Count > 0;
    }

    /// <summary>Returns the file that holds the credentials, or would: Docker's, unless only another one exists.</summary>
    internal static string? DefaultFile(Func<string, string?> environment)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var folder = environment("DOCKER_CONFIG") is { Length: > 0 } named ? named : home.Length > 0 ? Path.Combine(home, ".docker") : null;
        string?[] candidates =
        [
            folder is null ? null : Path.Combine(folder, "config.json"),
            environment("REGISTRY_AUTH_FILE"),
            environment("XDG_RUNTIME_DIR") is { Length: > 0 } runtime ? Path.Combine(runtime, "containers", "auth.json") : null,
        ];
        return candidates.FirstOrDefault(File.Exists) ?? candidates[0];
    }

    private static string? HelperOf(DockerConfig? config, string host) =>
        Find(config?.CredentialHelpers, host) is { Length: > 0 } own ? own
        : config?.CredentialStore is { Length: > 0 } store ? store
        : null;

    private static string ServerOf(string host) => host == DockerHubHost ? DockerHub : host;

    private async Task<DockerConfig?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_file is null || !File.Exists(_file))
                return null;
            if (new FileInfo(_file).Length > Limits.DockerConfigBytes)
                throw RegistryErrors.CredentialFile(_file, $"it is larger than {Format.Bytes(Limits.DockerConfigBytes)}");
            return DockerConfig.Parse(await RegularFile.ReadAllTextAsync(_file, cancellationToken));
        }
        catch (JsonException)
        {
            // The exception of the parser may quote the malformed text, which could be a password.
            throw RegistryErrors.CredentialFile(_file!, "it is not the JSON that Docker writes");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw RegistryErrors.CredentialFile(_file!, exception.Message.TrimEnd('.'));
        }
    }

    private RegistryCredential? Read(DockerConfigEntry entry, string host)
    {
        if (!string.IsNullOrEmpty(entry.IdentityToken))
            return new RefreshTokenCredential(entry.IdentityToken);
        if (!string.IsNullOrEmpty(entry.UserName) && entry.Password is not null)
            return new PasswordCredential(entry.UserName, entry.Password);
        if (string.IsNullOrEmpty(entry.Auth))
            return null;

        // Some files pad the pair with zeros.
        var buffer = new byte[entry.Auth.Length];
        var text = Convert.TryFromBase64String(entry.Auth, buffer, out var length)
            ? Encoding.UTF8.GetString(buffer, 0, length).TrimEnd('\0')
            : "";
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? new PasswordCredential(text[..colon], text[(colon + 1)..])
            : throw RegistryErrors.CredentialFile(_file!, $"its entry for {host} is not a user name and a password in base64");
    }

    private static T? Find<T>(IReadOnlyDictionary<string, T?>? entries, string host)
        where T : class
    {
        if (entries is null)
            return null;
        foreach (var (key, value) in entries)
        {
            if (HostOf(key).Equals(host, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        return null;
    }

    /// <summary>Returns the host of an entry: keys are hosts, or addresses that older versions wrote.</summary>
    private static string HostOf(string key)
    {
        var scheme = key.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? key : key[(scheme + 3)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? rest : rest[..slash];
        return host is "index.docker.io" or "registry-1.docker.io" ? DockerHubHost : host;
    }
}
