using System.CommandLine;
using System.Text.Json.Nodes;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Pruning;
using Gantry.Registries;

namespace Gantry.Cli;

/// <summary><c>gantry gc</c>: removes from folders what no image in them needs.</summary>
internal static class GcCommand
{
    public static Command Create(CommandContext context)
    {
        var folder = CopyArguments.Argument<string>("folder", "The folder with one or several OCI layouts: oci:PATH.");
        var apply = new Option<bool>("--apply") { Description = "Remove it. Without this option, it is only listed." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only list what would be removed; this is the default." };
        var format = CopyArguments.CreateFormat();
        var command = new Command(
            "gc",
            "Removes from OCI layouts in a folder the blobs that no image needs, and files that killed processes have left half written.")
        {
            folder, apply, dryRun, format,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(apply) && result.GetValue(dryRun))
                result.AddError("Either --apply or --dry-run.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var text = parsed.GetRequiredValue(folder);
            var address = RegistryAddress.Parse(text) as LayoutAddress ?? throw CliErrors.NotAFolder(text);
            var removes = parsed.GetValue(apply);
            var cleaner = new LayoutCleaner(new RegistrySessionOptions { TimeProvider = context.Time });
            var layouts = await cleaner.CleanAsync(address, removes, cancellationToken);
            if (parsed.GetValue(format) == OutputFormat.Json)
                context.Out.WriteJson(Describe(layouts, removes));
            else
                foreach (var layout in layouts)
                    context.Out.WriteLine(PruningFormatter.Describe(layout, removes));
            return removes || layouts.All(layout => layout.Bytes == 0 && layout.Blobs.Count + layout.Partials.Count == 0)
                ? ExitCodes.Success
                : ExitCodes.WouldChange;
        });
        return command;
    }

    private static JsonObject Describe(IReadOnlyList<CleanedLayout> layouts, bool removed) => new()
    {
        ["schema"] = 1,
        ["removed"] = removed,
        ["layouts"] = new JsonArray([.. layouts.Select(layout => (JsonNode?)new JsonObject
        {
            ["location"] = layout.Location,
            ["bytes"] = layout.Bytes,
            ["blobs"] = Names(layout.Blobs.Select(file => file.Name)),
            ["partials"] = Names(layout.Partials.Select(file => file.Name)),
            ["needed"] = layout.Used,
            ["tooYoung"] = layout.Young,
        })]),
    };

    private static JsonArray Names(IEnumerable<string> files) => new([.. files.Select(file => (JsonNode?)file)]);
}
