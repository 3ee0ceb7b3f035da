using System.CommandLine;
using Gantry.Display;
using Gantry.Drift;
using Gantry.Registries;
using Gantry.Status;

namespace Gantry.Cli;

/// <summary>
/// <c>gantry verify-environments</c>: compares registries with attestations. Hosts are not read: only the build declares them.
/// </summary>
internal static class VerifyEnvironmentsCommand
{
    public static Command Create(CommandContext context)
    {
        var seeing = SeeingArguments.WithChecks();
        var command = new Command(
            "verify-environments",
            "Verifies that the registries of all environments are as they were promoted. The exit code says what has drifted. "
                + "Hosts are not read, which only the build declares.");
        seeing.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = seeing.Open(context, parsed);
            var policy = await seeing.ReadPolicyAsync(context, parsed, session, cancellationToken);
            var status = await new StatusReader(CachedRegistryClient.OfUser(session), policy, context.Time)
                .ReadAsync(version: null, cancellationToken);
            var report = DriftReport.Of(status, hosts: null);
            ReportOutput.Write(
                context.Report,
                seeing.Format(parsed),
                DriftFormatter.Describe(report),
                DriftDocument.Of(report),
                DriftChecks.Of(report, seeing.FileOf(parsed)));
            return DriftExitCodes.Of(report);
        });
        return command;
    }
}
