using System.ComponentModel;
using System.Diagnostics;

namespace Gantry.Deployments;

/// <summary>Runs a program to its end, without a shell, a terminal or a prompt.</summary>
/// <param name="program">The name or path of the program.</param>
/// <param name="environment">Environment variables to set besides those of this process; null removes one.</param>
internal sealed class ExternalProgram(string program, IReadOnlyDictionary<string, string?> environment)
{
    /// <summary>
    /// Runs the program. Throws <c>GAN4079</c> when it is not installed. When cancelled, kills the program and everything that it started.
    /// </summary>
    public async Task<ProgramResult> RunAsync(
        string folder, IEnumerable<string> arguments, string what, CancellationToken cancellationToken)
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

/// <summary>The result of a program.</summary>
/// <param name="ExitCode">The exit code; 0 is success.</param>
/// <param name="Output">The text that it wrote to standard output.</param>
/// <param name="Errors">The text that it wrote to standard error.</param>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    private const int LongestReason = 300;

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
