using System.Collections.Concurrent;
using Azure.Core;
using Gantry.Azure.ResourceManager;
using Gantry.Azure.SignIn;

namespace Gantry.Azure;

/// <summary>
/// The connection to Azure in one run: each identity signs in once, for every use. The sign-in libraries are loaded only when they are
/// needed. Safe for concurrent use.
/// </summary>
public sealed class AzureSession(AzureSessionOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<(AzureIdentity, AzureCloud), Lazy<TokenCredential>> _credentials = new();

    /// <summary>Creates a session for this machine.</summary>
    public AzureSession()
        : this(new AzureSessionOptions())
    {
    }

    internal AzureSessionOptions Options => options;

    /// <summary>Returns the credential of an identity.</summary>
    /// <param name="identity">The identity; null for the default sign-in.</param>
    /// <param name="cloud">The cloud, unless the identity specifies one.</param>
    /// <exception cref="GantryException"><c>GAN9008</c>: the task's service connection uses another application than the declared
    /// one.</exception>
    public TokenCredential Credential(AzureIdentity? identity, AzureCloud cloud)
    {
        // The cloud is a separate part of the key, so that an identity with this cloud and one without a cloud share a credential.
        var key = ((identity ?? new AzureIdentity()) with { Cloud = null }, identity?.Cloud ?? cloud);
        return _credentials.GetOrAdd(key, _ => new Lazy<TokenCredential>(() =>
            options.SignIn?.Invoke(key.Item1, key.Item2) ?? new AzureCredential(key.Item1, key.Item2, options))).Value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var credential in _credentials.Values.Where(credential => credential.IsValueCreated))
            (credential.Value as IDisposable)?.Dispose();
    }

    /// <summary>Creates a client of Azure Resource Manager for an identity.</summary>
    internal ArmClient ResourceManager(AzureIdentity? identity, AzureCloud cloud) =>
        new(Credential(identity, cloud), identity?.Cloud ?? cloud, options);
}
