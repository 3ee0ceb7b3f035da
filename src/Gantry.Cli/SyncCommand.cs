using System.CommandLine;
using Gantry.Copying;
using Gantry.Display;
using Gantry.Formatting;
using Gantry.Registries;
using Gantry.Syncing;

namespace Gantry.Cli;

/// <summary><c>gantry sync</c>: copies many images to many places, as a file says.</summary>
internal sealed class SyncCommand
{
    private readonly Argument<string> _file = CopyArguments.Argument<string>(
        "file", "The file with the images, in Gantry's format or that of regsync.");

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Show what would be copied, and write nothing. Exit code 3 says that something would be.",
    };

    private readonly Option<int?> _parallel = new("--parallel")
    {
        Description = "Number of entries of the file to copy at once, instead of that in the file.",
        HelpName = "number",
    };

    private readonly Option<string[]> _plainHttp = CopyArguments.CreatePlainHttp();

    private readonly Option<ProgressStyle> _progress = CopyArguments.CreateProgress();

    private readonly Option<ReportFormat> _format = SeeingArguments.CreateCheckFormat();

    public static Command Create(CommandContext context) => new SyncCommand().CreateCommand(context);

    private Command CreateCommand(CommandContext context)
    {
        CopyArguments.RequireRange(_parallel, 1, 32);
        var command = new Command(
            "sync", "Copies images and repositories as a file says, in one session: what is there is not copied again, tags are last.")
        {
            _file, _dryRun, _parallel, _plainHttp, _progress, _format,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var file = await SyncFile.ReadFileAsync(
            parsed.GetRequiredValue(_file), Environment.GetEnvironmentVariable, cancellationToken);
        if (parsed.GetValue(_parallel) is { } parallel)
            file = file with { Parallel = parallel };
        await using var session = context.Open(
            parsed,
            [.. file.PlainHttpHosts, .. parsed.GetValue(_plainHttp) ?? []],
            [FileCredentials.Of(file), .. file.UsesMachineCredentials ? context.CredentialsOfMachine(parsed) : []]);
        var progress = new CopyProgress();
        var runner = new SyncRunner(session, file, progress);
        var isDry = parsed.GetValue(_dryRun);
        var result = isDry
            ? await runner.PlanAsync(cancellationToken)
            : await context.ShowAsync(
                parsed.GetValue(_progress), progress, () => runner.RunAsync(cancellationToken), cancellationToken);
        foreach (var warning in result.Warnings)
            context.Error.WriteLine($"warning: {warning.Message}");
        ReportOutput.Write(
            context.Report, parsed.GetValue(_format), SyncFormatter.Describe(result), SyncDocument.Of(result), SyncChecks.Of(result));
        return !result.Succeeded ? ExitCodes.Failure : isDry && result.Changes ? ExitCodes.WouldChange : ExitCodes.Success;
    }

    /// <summary>The credentials in a file.</summary>
    private sealed class FileCredentials(IReadOnlyDictionary<string, SyncCredential> byHost) : ICredentialSource
    {
        public static FileCredentials Of(SyncFile file) => new(
            file.Credentials.DistinctBy(each => HostOf(each.Host), StringComparer.OrdinalIgnoreCase)
                .ToDictionary(each => HostOf(each.Host), StringComparer.OrdinalIgnoreCase));

        public ValueTask<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken) =>
            new(byHost.GetValueOrDefault(HostOf(host)) switch
            {
                null => null,
                { UserName: { } user } password => new PasswordCredential(user, password.Secret),
                var token => new RefreshTokenCredential(token.Secret),
            });

        // Docker Hub has several names.
        private static string HostOf(string host) => host is "registry-1.docker.io" or "index.docker.io" ? "docker.io" : host;
    }
}
