using System.CommandLine;
using Gantry.Copying;
using Gantry.Display;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Cli;

/// <summary><c>gantry inspect</c>: shows an image and its referrers.</summary>
internal static class InspectCommand
{
    public static Command Create(CommandContext context)
    {
        var image = CopyArguments.Argument<string>("image", "The image to show.");
        var raw = new Option<bool>("--raw") { Description = "Write the manifest exactly as it is stored, and nothing else." };
        var plainHttp = CopyArguments.CreatePlainHttp();
        var format = CopyArguments.CreateFormat();
        var command = new Command("inspect", "Shows digest, platforms, sizes, annotations and referrers of an image.")
        {
            image,
            raw,
            format,
            plainHttp,
        };

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var text = parsed.GetRequiredValue(image);
            await using var session = context.Open(parsed, parsed.GetValue(plainHttp) ?? []);
            var location = await ArchivedImages.ResolveAsync(ImageLocation.Parse(text), session, cancellationToken);
            var repository = session.Open(location.Address, location.Repository);
            var inspection = await ImageInspection.ReadAsync(repository, location.Tag, location.Digest, cancellationToken);
            if (parsed.GetValue(raw))
                context.Out.WriteStored(inspection.Root.Bytes);
            else if (parsed.GetValue(format) == OutputFormat.Json)
                context.Out.WriteJson(Documents.Of(inspection));
            else
                Describe(context.Out, inspection);
            return Commands.Success;
        });
        return command;
    }

    private static void Describe(TerminalOutput output, ImageInspection inspection)
    {
        var root = inspection.Root.Descriptor;
        output.WriteLine($"{inspection.Location}@{root.Digest}");
        output.WriteLine($"  {root.MediaType}, {Format.Count(root.Size, "byte")}");
        foreach (var manifest in inspection.Manifests)
        {
            var content = $"{Format.Count(manifest.Layers, "layer")}, {Format.Bytes(manifest.Bytes)}";
            output.WriteLine($"  {manifest.Name}: {manifest.Descriptor.Digest}, {content}");
        }

        foreach (var (key, value) in inspection.Annotations)
            output.WriteLine($"  {key}: {value}");
        foreach (var referrer in inspection.Referrers)
            output.WriteLine($"  referrer {referrer.Digest}: {referrer.ArtifactType ?? referrer.MediaType}");
    }
}
