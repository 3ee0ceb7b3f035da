using Azure.Core;
using Azure.Core.Pipeline;

namespace Gantry.Azure.SignIn;

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
