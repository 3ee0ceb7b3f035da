namespace Gantry.Registries;

/// <summary>What proves to a registry who is asking. Never printed: <see cref="object.ToString"/> gives the kind only.</summary>
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

/// <summary>A refresh token (Docker calls it identity token) that the registry's token server exchanges for access tokens.</summary>
public sealed record RefreshTokenCredential(string RefreshToken) : RegistryCredential
{
    /// <inheritdoc/>
    public override string ToString() => "refresh token";
}

/// <summary>Finds the credential for a registry: Docker's configuration, Azure.Identity, …</summary>
public interface ICredentialSource
{
    /// <summary>The credential for this host (with port), or null when this source has none; then the next source is asked.</summary>
    ValueTask<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken);

    /// <summary>Tells that a host has refused the credential that this source gave: what is kept of it is worthless.</summary>
    void OnRefused(string host)
    {
    }

    /// <summary>What a person can do when this host does not let the credential do what was asked; null when this source cannot tell.</summary>
    /// <param name="host">The host, with its port.</param>
    /// <param name="scopes">What was asked for, as token servers are asked: <c>repository:team/app:pull,push</c>, separated by spaces.</param>
    /// <seealso href="https://distribution.github.io/distribution/spec/auth/scope/">Token scope documentation</seealso>
    string? Advise(string host, string scopes) => null;
}
