using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Gantry.Azure;

/// <summary>How Azure is spoken to in one run.</summary>
public sealed record AzureSessionOptions
{
    /// <summary>The clock, for the expiry of tokens and for waiting.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gives the variables of the environment; null for those that are not set.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Carries the requests; null for the usual one. It must not follow redirects.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>Is told, in one line, as whom somebody signed in.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>
    /// Gives what signs in, for a host that has ways of its own; null: the service connection of the pipeline's task, a service principal
    /// or workload identity of the environment, the machine's managed identity, and whoever is signed in to a developer's tool.
    /// </summary>
    public Func<AzureIdentity, AzureCloud, TokenCredential>? SignIn { get; init; }

    /// <summary>The pause before a failed request is sent again, which doubles with each further one; null: what the library does.</summary>
    internal TimeSpan? RetryDelay { get; init; }

    /// <summary>Lets a client of the Azure libraries send as this says.</summary>
    internal void Configure(ClientOptions options)
    {
        if (Handler is not null)
            options.Transport = new HttpClientTransport(new HttpClient(Handler, disposeHandler: false) { Timeout = System.Threading.Timeout.InfiniteTimeSpan });
        if (RetryDelay is { } delay)
            options.Retry.Delay = delay;
    }
}

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
