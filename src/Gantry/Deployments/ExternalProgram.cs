using System.ComponentModel;
using System.Diagnostics;

namespace Gantry.Deployments;

/// <summary>A program that is run to its end without a shell, a terminal or a question to a person.</summary>
/// <param name="program">Its name or path.</param>
/// <param name="environment">Variables beside those of this process; null removes one.</param>
internal sealed class ExternalProgram(string program, IReadOnlyDictionary<string, string?> environment)
{
    /// <summary>Runs it. <c>GAN4079</c> when there is none; ended with all that it started when this is cancelled.</summary>
    public async Task<ProgramResult> RunAsync(string folder, IEnumerable<string> arguments, string what, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = StartInfo(folder, arguments) };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            throw DeploymentErrors.ProgramMissing(program, what);
        }

        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new ProgramResult(process.ExitCode, await output, await errors);
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

    private ProcessStartInfo StartInfo(string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
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

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">0 when it went well.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Errors">What it complained about.</param>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    private const int LongestReason = 300;

    /// <summary>The line that says what went wrong: the first one that a marker begins, or the last one.</summary>
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
