namespace Gantry.Registries;

/// <summary>The credential for a registry. Never printed: <see cref="object.ToString"/> returns only its kind.</summary>
public abstract record RegistryCredential
{
    private protected RegistryCredential()
    {
    }
}

/// <summary>A user name and a password or personal access token.</summary>
public sealed record PasswordCredential(string UserName, string Password) : RegistryCredential
{
    /// <inheritdoc/>
    public override string ToString() => $"password of {UserName}";
}

/// <summary>A refresh token (Docker calls it an identity token), which the registry's token server exchanges for access tokens.</summary>
public sealed record RefreshTokenCredential(string RefreshToken) : RegistryCredential
{
    /// <inheritdoc/>
    public override string ToString() => "refresh token";
}

/// <summary>Finds credentials for registries: in Docker's configuration, with Azure.Identity, …</summary>
public interface ICredentialSource
{
    /// <summary>
    /// Finds the credential for this host (with port); returns null when this source has none, and the next source is asked.
    /// </summary>
    ValueTask<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken);

    /// <summary>Notes that a host has refused the credential of this source, so that a cached one is not used again.</summary>
    void OnRefused(string host)
    {
    }

    /// <summary>Returns advice for a person when this host refuses what was requested; null when this source has none.</summary>
    /// <param name="host">The host, with its port.</param>
    /// <param name="scopes">The requested scopes, in the format of token servers: <c>repository:team/app:pull,push</c>, separated by
    /// spaces.</param>
    /// <seealso href="https://distribution.github.io/distribution/spec/auth/scope/">Token scope documentation</seealso>
    string? Advise(string host, string scopes) => null;
}
