using System.Diagnostics;
using System.Text;
using Gantry.Nuke.Execution;
using Gantry.Releases;

namespace Gantry.Nuke.Rebuilding;

/// <summary>Runs the build of a commit in the folder where it is checked out, with the start script that the commit has.</summary>
/// <param name="release">The release whose commit it is.</param>
/// <param name="folder">The folder.</param>
internal sealed class CheckoutBuild(Release release, string folder)
{
    // Windows starts no script without a shell.
    private static readonly (string Script, string Program, string[] Arguments) Start = OperatingSystem.IsWindows()
        ? ("build.cmd", "cmd", ["/c", "build.cmd"])
        : ("build.sh", "bash", ["build.sh"]);

    /// <summary>
    /// Builds the images into a folder; the output appears in this log. Throws <c>GAN7089</c> without a script, and <c>GAN7090</c> when the
    /// build fails.
    /// </summary>
    /// <param name="store">The folder of the images.</param>
    /// <param name="environment">All variables of the build.</param>
    /// <param name="cancellationToken">Ends the build.</param>
    public async Task RunAsync(string store, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(folder, Start.Script)))
            throw RebuildingErrors.NoBuildScript(release, Start.Script);
        using var process = Process.Start(StartInfo(store, environment))!;
        try
        {
            process.StandardInput.Close();
            await Task.WhenAll(ShowAsync(process.StandardOutput), ShowAsync(process.StandardError));
            await process.WaitForExitAsync(cancellationToken);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        if (process.ExitCode != 0)
            throw RebuildingErrors.BuildFailed(release, process.ExitCode);

        async Task ShowAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.Length > 0)
                    BuildOutput.Information($"  | {line.Replace("\t", "    ", StringComparison.Ordinal)}");
            }
        }
    }

    private ProcessStartInfo StartInfo(string store, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(
            Start.Program,
            [
                .. Start.Arguments, nameof(IBuildImage.BuildImage), "--release-version", release.Version, "--image-store", $"oci:{store}",
                "--image-builder", "oci",
            ])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }
}
