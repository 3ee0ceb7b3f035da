using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Gantry.Processes;

/// <summary>Runs a program to its end, without a shell, a terminal or a prompt.</summary>
/// <param name="program">The name or path of the program.</param>
/// <param name="environment">Environment variables to set besides those of this process; null removes one.</param>
internal sealed class ExternalProgram(string program, IReadOnlyDictionary<string, string?> environment)
{
    /// <summary>The text for the standard input of the program, which is closed after it.</summary>
    public string Input { get; init; } = "";

    /// <summary>
    /// The maximum number of characters of each output that are kept; the program is killed when it writes more to standard output. Of
    /// standard error, the last ones are kept. Null for no limit.
    /// </summary>
    public int? OutputLimit { get; init; }

    /// <summary>The encoding of its outputs; that of the console when null.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>
    /// Runs the program. Throws <c>GAN4079</c> when it cannot be started. When cancelled, kills the program and everything that it started.
    /// </summary>
    public async Task<ProgramResult> RunAsync(
        string folder, IEnumerable<string> arguments, string what, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = StartInfo(folder, arguments) };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw ProcessErrors.NotStarted(program, what, exception);
        }

        try
        {
            var output = ReadAsync(process, cancellationToken);
            var errors = ReadErrorsAsync(process.StandardError, cancellationToken);
            await WriteAsync(process.StandardInput, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new ProgramResult(process.ExitCode, await output ?? "", await errors) { IsTooLong = await output is null };
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private async Task WriteAsync(StreamWriter input, CancellationToken cancellationToken)
    {
        try
        {
            await input.WriteAsync(Input.AsMemory(), cancellationToken);
            input.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input; the exit code shows whether that is an error.
        }
    }

    // Null when there is more than the limit.
    private async Task<string?> ReadAsync(Process process, CancellationToken cancellationToken)
    {
        if (OutputLimit is not { } limit)
            return await process.StandardOutput.ReadToEndAsync(cancellationToken);
        var buffer = new char[limit + 1];
        var length = await process.StandardOutput.ReadBlockAsync(buffer, cancellationToken);
        if (length <= limit)
            return new string(buffer, 0, length);
        process.Kill(entireProcessTree: true);
        return null;
    }

    private async Task<string> ReadErrorsAsync(StreamReader errors, CancellationToken cancellationToken)
    {
        if (OutputLimit is not { } limit)
            return await errors.ReadToEndAsync(cancellationToken);
        var kept = new StringBuilder();
        var buffer = new char[4096];
        while (await errors.ReadAsync(buffer, cancellationToken) is > 0 and var length)
        {
            kept.Append(buffer, 0, length);
            if (kept.Length > limit)
                kept.Remove(0, kept.Length - limit);
        }

        return kept.ToString();
    }

    private ProcessStartInfo StartInfo(string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding,
            StandardErrorEncoding = Encoding,
        };
        foreach (var (name, value) in environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }

        return start;
    }
}

/// <summary>The result of a program.</summary>
/// <param name="ExitCode">The exit code; 0 is success.</param>
/// <param name="Output">The text that it wrote to standard output.</param>
/// <param name="Errors">The text that it wrote to standard error.</param>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    private const int LongestReason = 300;

    /// <summary>True when the program was killed because it wrote more to standard output than the limit; the output is lost.</summary>
    public bool IsTooLong { get; init; }

    /// <summary>
    /// Returns the line of the error output that explains the failure: the first one that begins with a marker, or else the last one.
    /// </summary>
    public string Reason(params ReadOnlySpan<string> markers)
    {
        var lines = Errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var reason = lines.LastOrDefault() ?? $"it ended with code {ExitCode}";
        foreach (var marker in markers)
        {
            if (lines.FirstOrDefault(line => line.StartsWith(marker, StringComparison.OrdinalIgnoreCase)) is { } found)
            {
                reason = found[marker.Length..].Trim();
                break;
            }
        }

        reason = reason.TrimEnd('.');
        return reason.Length <= LongestReason ? reason : reason[..LongestReason] + "…";
    }
}
