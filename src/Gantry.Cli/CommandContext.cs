using System.CommandLine;
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

    /// <summary>The option that all commands have.</summary>
    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Show each request, retry, token and blob, and the causes of an error.",
        Recursive = true,
    };

    /// <summary>Opens repositories for the duration of one command.</summary>
    public RegistrySession Open(ParseResult parsed, IReadOnlyList<string> plainHttpHosts) =>
        new(RegistryEnvironment.Apply(new RegistrySessionOptions
        {
            Credentials = [new DockerConfigCredentials(Time)],
            PlainHttpHosts = plainHttpHosts.ToHashSet(StringComparer.OrdinalIgnoreCase),
            TimeProvider = Time,
            Log = parsed.GetValue(Verbose) ? Error.WriteLine : null,
        }));

    /// <summary>Writes an error, with its technical causes when they are wanted.</summary>
    public async Task WriteAsync(ParseResult parsed, Exception error, string message)
    {
        await Error.WriteLineAsync(message);
        foreach (var cause in parsed.GetValue(Verbose) ? Format.Causes(error) : [])
            await Error.WriteLineAsync($"  {cause}");
    }

    /// <summary>Runs work and shows its progress.</summary>
    public Task<T> ShowAsync<T>(ProgressStyle style, CopyProgress progress, Func<Task<T>> work, CancellationToken cancellationToken) =>
        new ProgressDisplay(new TerminalOutput(Error, TerminalOutput.Error.IsTerminal), Time) { Style = style }.ShowAsync(
            progress, work, cancellationToken);
}
