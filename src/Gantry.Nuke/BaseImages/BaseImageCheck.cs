using Gantry.Images.Checking;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Reporting;
using Gantry.Status;
using Gantry.Verification;

namespace Gantry.Nuke.BaseImages;

/// <summary>Checks the base images of the releases in environments, and shows the result.</summary>
/// <param name="registries">The registries of the build.</param>
/// <param name="options">The options.</param>
internal sealed class BaseImageCheck(RegistrySettings registries, CheckOptions options)
{
    /// <summary>The exit code of a run that found a release on a base image that has moved on.</summary>
    public const int Moved = 8;

    /// <summary>
    /// Reads the registries, and writes the report and the files. Sets the exit code of the build when a base image has moved on. Throws
    /// the first problem after that: what could not be read must not look current to a script.
    /// </summary>
    /// <param name="policy">The environments, their registries and keys.</param>
    /// <param name="writer">Writes the report.</param>
    /// <param name="file">Receives the same as JSON.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task RunAsync(
        VerificationPolicy policy, ReportWriter writer, AbsolutePath file, CancellationToken cancellationToken)
    {
        var status = await new StatusReader(CachedRegistries.Of(registries), policy, TimeProvider.System)
        {
            ClientOf = environment => CachedRegistries.Of(registries, environment),
        }.ReadAsync(version: null, cancellationToken);
        var report = await CreateChecker().CheckAsync(status, cancellationToken);

        var (text, document) = (BaseImageReportFormatter.Describe(report), BaseImageReportDocument.Of(report));
        writer.Write(text, document);
        file.Parent.CreateDirectory();
        await File.WriteAllTextAsync(file, document.ToJsonString() + "\n", cancellationToken);
        RunReport.Current.Write(text);

        if (report.Moved.Count > 0)
            registries.Build.ExitCode = Moved;
        ThrowIfUnknown(report);
    }

    /// <summary>Creates the checker.</summary>
    public BaseImageChecker CreateChecker() => new(CachedRegistries.Of(registries), options)
    {
        Open = (target, image) => CachedRegistries.Of(registries, target.Environment).Open(target.Address, image),
    };

    private static void ThrowIfUnknown(BaseImageReport report)
    {
        if (report.Failures is [var problem, ..])
            throw problem;
        if (report.Unreadable is [var mark, ..])
            throw RebaseRunErrors.Unreadable(mark);
    }
}
