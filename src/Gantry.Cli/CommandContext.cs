using Gantry.Copying;
using Gantry.Display;
using Gantry.Registries;
using Gantry.Registries.Remote;

namespace Gantry.Cli;

/// <summary>What a command talks to: passed in, so that tests can look.</summary>
internal sealed record CommandContext
{
    /// <summary>Where results go.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Where progress and errors go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Opens repositories for the duration of one command.</summary>
    public RegistrySession Open(IReadOnlyList<string> plainHttpHosts) =>
        new(RegistryEnvironment.Apply(new RegistrySessionOptions
        {
            Credentials = [new DockerConfigCredentials(Time)],
            PlainHttpHosts = plainHttpHosts.ToHashSet(StringComparer.OrdinalIgnoreCase),
            TimeProvider = Time,
        }));

    /// <summary>Does something that takes a while and shows how far it is.</summary>
    public Task<T> ShowAsync<T>(ProgressStyle style, CopyProgress progress, Func<Task<T>> work, CancellationToken cancellationToken) =>
        new ProgressDisplay(TerminalOutput.Error with { Writer = Error }, Time) { Style = style }.ShowAsync(progress, work, cancellationToken);
}
