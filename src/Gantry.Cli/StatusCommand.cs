using System.CommandLine;
using Gantry.Display;
using Gantry.Formatting;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Status;

namespace Gantry.Cli;

/// <summary><c>gantry status</c>: shows what runs where, as the registries prove it.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandContext context)
    {
        var release = new Option<string?>("--release")
        {
            Description = "Show where this release is, or was, instead of the current ones.",
            HelpName = "version",
        };
        var seeing = new SeeingArguments();
        var command = new Command("status", "Shows which release is in which environment, since when, from which commit and by whom.")
        {
            release,
        };
        seeing.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = seeing.Open(context, parsed);
            var policy = await seeing.ReadPolicyAsync(context, parsed, session, cancellationToken);
            var reader = new StatusReader(CachedRegistryClient.OfUser(session), policy, context.Time)
            {
                Subjects = new GitCommitSubjects("."),
                Sources = [new HoldSource(CachedRegistryClient.OfUser(session), context.Time)],
            };
            var status = await reader.ReadAsync(
                parsed.GetValue(release) is { } version ? ReleaseTag.VersionOf(version) : null, cancellationToken);
            ReportOutput.Write(
                context.Report, seeing.Format(parsed), StatusFormatter.Describe(status), FleetStatusDocument.Of(status));

            // What could not be read, or is not as it was promoted, must not look like success to a script.
            return status.Marks.Any(mark => mark.Error is not null) ? ExitCodes.Failure : ExitCodes.Success;
        });
        return command;
    }
}
