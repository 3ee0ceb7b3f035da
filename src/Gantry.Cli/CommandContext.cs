using Gantry.Copying;
using Gantry.Display;
using Gantry.Registries;

namespace Gantry.Cli;

/// <summary>The output, clock and registries of a command, passed in for tests.</summary>
internal sealed record CommandContext
{
    /// <summary>Receives the results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Receives progress and errors.</summary>
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

    /// <summary>Runs work and shows its progress.</summary>
    public Task<T> ShowAsync<T>(ProgressStyle style, CopyProgress progress, Func<Task<T>> work, CancellationToken cancellationToken) =>
        new ProgressDisplay(new TerminalOutput(Error, TerminalOutput.Error.IsTerminal), Time) { Style = style }.ShowAsync(progress, work, cancellationToken);
}
