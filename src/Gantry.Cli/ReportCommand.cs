using System.CommandLine;
using Gantry.Display.Reports;
using Gantry.Registries;
using Gantry.Status;
using Gantry.Verification;

namespace Gantry.Cli;

/// <summary><c>gantry report</c>: writes the page about all environments, without the repository of the build.</summary>
internal static class ReportCommand
{
    public static Command Create(CommandContext context)
    {
        var environments = CopyArguments.CreateEnvironmentsFile();
        var output = new Option<string>("--output")
        {
            Description = "The folder for the page, index.html.",
            HelpName = "folder",
            DefaultValueFactory = _ => "report",
        };
        var plainHttp = CopyArguments.CreatePlainHttp();
        var command = new Command(
            "report", "Reads what runs where from the registries, and writes a page about it: one file that loads nothing.")
        {
            environments,
            output,
            plainHttp,
        };

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var file = parsed.GetRequiredValue(environments);
            var policy = (await PolicyDocument.ReadFileAsync(file, cancellationToken)).ToPolicy(file);
            await using var session = context.Open(parsed, parsed.GetValue(plainHttp) ?? []);
            var report = await new FleetReportReader(CachedRegistryClient.OfUser(session), policy, context.Time)
                .ReadAsync(cancellationToken);
            var path = await new ReportPage(report) { Secrets = context.Out.Secrets }
                .WriteFileAsync(parsed.GetRequiredValue(output), cancellationToken);
            context.Out.WriteLine(StatusSentence.Of(report.Status));
            context.Out.WriteLine($"Wrote {path}");
            return Commands.Success;
        });
        return command;
    }
}
