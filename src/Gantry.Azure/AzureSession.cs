using System.Collections.Concurrent;
using Azure.Core;
using Gantry.Azure.ResourceManager;
using Gantry.Azure.SignIn;

namespace Gantry.Azure;

/// <summary>
/// Azure in one run: each identity signs in once, for whatever it is needed for. The libraries that sign in are loaded when somebody
/// has to, not before. Safe for concurrent use.
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

    /// <summary>What gives tokens.</summary>
    /// <param name="identity">As whom; null: as whoever is signed in.</param>
    /// <param name="cloud">Where, unless the identity says it itself.</param>
    /// <exception cref="GantryException"><c>GAN9008</c>: the pipeline's task runs under another application than the declared one.</exception>
    public TokenCredential Credential(AzureIdentity? identity, AzureCloud cloud)
    {
        // The cloud is told apart from the identity, so that an identity that names it and one that does not are the same one.
        var key = ((identity ?? new AzureIdentity()) with { Cloud = null }, identity?.Cloud ?? cloud);
        return _credentials.GetOrAdd(key, _ => new Lazy<TokenCredential>(() => options.SignIn?.Invoke(key.Item1, key.Item2) ?? new AzureCredential(key.Item1, key.Item2, options))).Value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var credential in _credentials.Values.Where(credential => credential.IsValueCreated))
            (credential.Value as IDisposable)?.Dispose();
    }

    /// <summary>Azure Resource Manager, as this identity.</summary>
    internal ArmClient ResourceManager(AzureIdentity? identity, AzureCloud cloud) =>
        new(Credential(identity, cloud), identity?.Cloud ?? cloud, options);
}
