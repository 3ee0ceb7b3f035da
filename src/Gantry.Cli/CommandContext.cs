using System.CommandLine;
using Gantry.Azure.SignIn;
using Gantry.Checks;
using Gantry.Copying;
using Gantry.Display;
using Gantry.Formatting;
using Gantry.Registries;

namespace Gantry.Cli;

/// <summary>The output, clock and registries of a command, passed in for tests.</summary>
/// <param name="output">Receives the results.</param>
/// <param name="error">Receives progress and errors.</param>
internal sealed class CommandContext(TextWriter output, TextWriter error)
{
    private readonly SecretMask _secrets = new();
    private ProgressDisplay? _display;
    private CopyProgress? _progress;

    /// <summary>Receives the results.</summary>
    public TerminalOutput Out => new(output, isTerminal: false) { Secrets = _secrets, IsAscii = TerminalOutput.Out.IsAscii };

    /// <summary>Receives reports: on a terminal they have its width and colours.</summary>
    public TerminalOutput Report => Terminal(TerminalOutput.Out, output);

    /// <summary>Receives progress and errors.</summary>
    public TerminalOutput Error => Terminal(TerminalOutput.Error, error);

    /// <summary>True when nothing but errors, warnings and results is to be shown. Known when a session is open.</summary>
    public bool IsQuiet { get; private set; }

    /// <summary>The configuration that runs a command line.</summary>
    public InvocationConfiguration Invocation => new()
    {
        Output = output,
        Error = error,
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };

    /// <summary>The configuration that writes help to the error output.</summary>
    public InvocationConfiguration InvocationOfError => new() { Output = error, Error = error, EnableDefaultExceptionHandler = false };

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gives the answers of a person.</summary>
    public TextReader In { get => field ??= Console.In; init; }

    /// <summary>True when a person can answer.</summary>
    public bool CanAsk { get; init; } = !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>The options that all commands have.</summary>
    public IReadOnlyList<Option> Options => [Verbose, Quiet, Timeout];

    /// <summary>Writes nothing but errors, warnings and what was asked for.</summary>
    public Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Show no progress and no remarks: only errors, warnings and what was asked for.",
        Recursive = true,
    };

    /// <summary>Shows what happens inside.</summary>
    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Show each request, retry, token and blob, and the causes of an error.",
        Recursive = true,
    };

    /// <summary>The time without progress, which all commands have.</summary>
    public Option<int?> Timeout { get; } = CreateTimeout();

    /// <summary>The file of Docker's configuration; null for that of the user.</summary>
    public string? DockerConfigFile { get; init; }

    /// <summary>Docker's configuration.</summary>
    public DockerConfigCredentials DockerConfig =>
        DockerConfigFile is null ? new DockerConfigCredentials(Time) : new DockerConfigCredentials(DockerConfigFile, Time);

    /// <summary>Opens repositories for the duration of one command.</summary>
    public RegistrySession Open(ParseResult parsed, IReadOnlyList<string> plainHttpHosts) =>
        Open(parsed, plainHttpHosts, CredentialsOfMachine(parsed));

    /// <summary>Returns the credentials of this machine.</summary>
    public IReadOnlyList<ICredentialSource> CredentialsOfMachine(ParseResult parsed) =>
        [.. MachineCredentials.Create(Time), new AzureRegistryCredentials(() => AzureOptions(parsed))];

    /// <summary>Opens repositories for the duration of one command, with other credentials than those of this machine.</summary>
    public RegistrySession Open(ParseResult parsed, IReadOnlyList<string> plainHttpHosts, IReadOnlyList<ICredentialSource> credentials)
    {
        IsQuiet = parsed.GetValue(Quiet);
        var options = RegistryEnvironment.Apply(new RegistrySessionOptions
        {
            Credentials = credentials,
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

    /// <summary>Writes checks in the format for them.</summary>
    public void WriteChecks(OutputFormat format, CheckReport checks) =>
        ReportOutput.WriteChecks(Out, format == OutputFormat.Sarif ? ReportFormat.Sarif : ReportFormat.JUnit, checks);

    /// <summary>Writes an error, with its technical causes when they are wanted.</summary>
    public void Write(ParseResult parsed, Exception error, DisplayText message)
    {
        Error.WriteLine(message);
        foreach (var cause in parsed.GetValue(Verbose) ? Format.Causes(error) : [])
            Error.WriteLine($"  {cause}");
    }

    /// <summary>Opens the standard output for bytes; null to write them as text.</summary>
    public Func<Stream>? OpenBytes { get; init; }

    /// <summary>
    /// Writes a document exactly as it is stored. On a terminal nothing in it can act: it is shown as JSON, and refused when it is none.
    /// </summary>
    /// <param name="content">The document.</param>
    /// <param name="what">Its name in errors.</param>
    /// <param name="endsLine">True to end its last line, before another document.</param>
    public void WriteStored(ReadOnlyMemory<byte> content, string what, bool endsLine)
    {
        if (TerminalOutput.Out.IsScreen)
            Out.WriteJson(StoredText.Parse(content) ?? throw CliErrors.NotForTerminals(what));
        else if (OpenBytes is { } open)
            StoredText.Write(open, content, endsLine);
        else
            WriteText(content, endsLine);
    }

    /// <summary>Writes content exactly as it is stored; a terminal gets none that is not JSON.</summary>
    /// <param name="content">The content.</param>
    /// <param name="what">Its name in errors.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task WriteStoredAsync(Stream content, string what, CancellationToken cancellationToken)
    {
        if (OpenBytes is { } open && !TerminalOutput.Out.IsScreen)
        {
            await using var stream = open();
            await content.CopyToAsync(stream, cancellationToken);
            return;
        }

        WriteStored(await StoredText.ReadAsync(content, what, cancellationToken), what, endsLine: false);
    }

    /// <summary>Runs work and shows its progress.</summary>
    public Task<T> ShowAsync<T>(ProgressStyle style, CopyProgress progress, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        _progress = progress;
        _display = new ProgressDisplay(Error, Time) { Style = IsQuiet ? ProgressStyle.None : style };
        return _display.ShowAsync(progress, work, cancellationToken);
    }

    /// <summary>Writes how far each target of a copy is that was stopped.</summary>
    public void WriteWhereItIs()
    {
        foreach (var line in ProgressDisplay.DescribeTargets(_progress))
            Error.WriteLine(line);
    }

    /// <summary>Writes a remark, beside the result.</summary>
    public void Remark(DisplayText line)
    {
        if (!IsQuiet)
            Error.WriteLine(line);
    }

    private void WriteText(ReadOnlyMemory<byte> content, bool endsLine)
    {
        Out.WriteStored(content);
        if (endsLine)
            Out.WriteLine();
    }

    // The terminal of this process, with the writer of this context.
    private TerminalOutput Terminal(TerminalOutput terminal, TextWriter writer) =>
        new(writer, terminal.IsTerminal)
        {
            Secrets = _secrets,
            IsAscii = terminal.IsAscii,
            IsScreen = terminal.IsScreen,
        };

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
        if (IsQuiet)
            return;
        if (_display is { } display)
            display.WriteNotice(line);
        else
            Error.WriteLine(line);
    }
}
