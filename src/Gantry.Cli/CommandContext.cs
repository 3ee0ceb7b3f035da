using System.CommandLine;
using Gantry.Azure.SignIn;
using Gantry.Copying;
using Gantry.Display;
using Gantry.Registries;

namespace Gantry.Cli;

/// <summary>The output, clock and registries of a command, passed in for tests.</summary>
/// <param name="output">Receives the results.</param>
/// <param name="error">Receives progress and errors.</param>
internal sealed class CommandContext(TextWriter output, TextWriter error)
{
    private readonly SecretMask _secrets = new();
    private ProgressDisplay? _display;

    /// <summary>Receives the results.</summary>
    public TerminalOutput Out => new(output, isTerminal: false) { Secrets = _secrets };

    /// <summary>Receives reports: on a terminal they have its width and colours.</summary>
    public TerminalOutput Report => new(output, TerminalOutput.Out.IsTerminal) { Secrets = _secrets };

    /// <summary>Receives progress and errors.</summary>
    public TerminalOutput Error => new(error, TerminalOutput.Error.IsTerminal) { Secrets = _secrets };

    /// <summary>The configuration that runs a command line.</summary>
    public InvocationConfiguration Invocation => new()
    {
        Output = output,
        Error = error,
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gives the answers of a person.</summary>
    public TextReader In { get; init; } = Console.In;

    /// <summary>True when a person can answer.</summary>
    public bool CanAsk { get; init; } = !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>The option that all commands have.</summary>
    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Show each request, retry, token and blob, and the causes of an error.",
        Recursive = true,
    };

    /// <summary>The time without progress, which all commands have.</summary>
    public Option<int?> Timeout { get; } = CreateTimeout();

    /// <summary>Opens repositories for the duration of one command.</summary>
    public RegistrySession Open(ParseResult parsed, IReadOnlyList<string> plainHttpHosts)
    {
        var options = RegistryEnvironment.Apply(new RegistrySessionOptions
        {
            Credentials = [new DockerConfigCredentials(Time), new AzureRegistryCredentials(() => AzureOptions(parsed))],
            PlainHttpHosts = plainHttpHosts.ToHashSet(StringComparer.OrdinalIgnoreCase),
            TimeProvider = Time,
            Secrets = _secrets,
            Log = parsed.GetValue(Verbose) ? line => Error.WriteLine(line) : null,
            Notice = WriteNotice,
            Warn = warning => Error.WriteLine($"warning: {CliRemedies.MessageOf(warning)}"),
        });
        return new RegistrySession(
            parsed.GetValue(Timeout) is { } seconds ? options with { NoProgressTimeout = TimeSpan.FromSeconds(seconds) } : options);
    }

    /// <summary>Returns the options of the sign-in to Azure. Results go to the output alone, so its line is beside the progress.</summary>
    public AzureSessionOptions AzureOptions(ParseResult parsed) => new()
    {
        TimeProvider = Time,
        Secrets = _secrets,
        Notice = line => Error.WriteLine(line),
        Log = parsed.GetValue(Verbose) ? line => Error.WriteLine(line) : null,
    };

    /// <summary>Writes an error, with its technical causes when they are wanted.</summary>
    public void Write(ParseResult parsed, Exception error, DisplayText message)
    {
        Error.WriteLine(message);
        foreach (var cause in parsed.GetValue(Verbose) ? Format.Causes(error) : [])
            Error.WriteLine($"  {cause}");
    }

    /// <summary>Runs work and shows its progress.</summary>
    public Task<T> ShowAsync<T>(ProgressStyle style, CopyProgress progress, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        _display = new ProgressDisplay(Error, Time) { Style = style };
        return _display.ShowAsync(progress, work, cancellationToken);
    }

    private static Option<int?> CreateTimeout()
    {
        var timeout = new Option<int?>("--timeout")
        {
            Description = $"Seconds without progress after which the command fails [default: {Limits.NoProgress.TotalSeconds:0}].",
            HelpName = "seconds",
            Recursive = true,
        };
        CopyArguments.RequireRange(timeout, 1, 86400);
        return timeout;
    }

    // Bars would overwrite what is written beside them.
    private void WriteNotice(string line)
    {
        if (_display is { } display)
            display.WriteNotice(line);
        else
            Error.WriteLine(line);
    }
}
