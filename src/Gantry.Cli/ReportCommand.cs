using System.CommandLine;
using System.Text.Json.Nodes;
using Gantry.Display.Reports;
using Gantry.Registries;
using Gantry.Status;

namespace Gantry.Cli;

/// <summary><c>gantry report</c>: writes the page about all environments, without the repository of the build.</summary>
internal static class ReportCommand
{
    public static Command Create(CommandContext context)
    {
        var seeing = new SeeingArguments();
        var output = new Option<string>("--output")
        {
            Description = "The folder for the page, index.html.",
            HelpName = "folder",
            DefaultValueFactory = _ => "report",
        };
        var format = CopyArguments.CreateFormat();
        var command = new Command(
            "report", "Reads what runs where from the registries, and writes a page about it: one file that loads nothing.")
        {
            output, format,
        };
        seeing.AddSourcesTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = seeing.Open(context, parsed);
            var policy = await seeing.ReadPolicyAsync(context, parsed, session, cancellationToken);
            var report = await new FleetReportReader(CachedRegistryClient.OfUser(session), policy, context.Time)
                .ReadAsync(cancellationToken);
            var path = await new ReportPage(report) { Secrets = context.Out.Secrets }
                .WriteFileAsync(parsed.GetRequiredValue(output), cancellationToken);
            if (parsed.GetValue(format) == OutputFormat.Json)
                context.Out.WriteJson(new JsonObject
                {
                    ["schema"] = 1,
                    ["file"] = path,
                    ["sentence"] = StatusSentence.Of(report.Status).ToString(),
                });
            else if (!context.IsQuiet)
            {
                context.Out.WriteLine(StatusSentence.Of(report.Status));
                context.Out.WriteLine($"Wrote {path}");
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
