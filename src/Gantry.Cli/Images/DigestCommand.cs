using System.CommandLine;
using System.Text.Json.Nodes;

namespace Gantry.Cli.Images;

/// <summary><c>gantry digest</c>: writes the digest of an image.</summary>
internal static class DigestCommand
{
    public static Command Create(CommandContext context)
    {
        var image = new ImageArguments("The image whose digest is written.");
        var full = new Option<bool>("--full") { Description = "Write the whole reference: REGISTRY/REPOSITORY@DIGEST." };
        var format = CopyArguments.CreateFormat();
        var command = new Command("digest", "Writes the digest of an image, and nothing else: for scripts.") { full, format };
        image.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = image.Open(context, parsed);
            var found = await image.FindAsync(parsed, session, cancellationToken);
            if (parsed.GetValue(format) == OutputFormat.Json)
                context.Out.WriteJson(new JsonObject
                {
                    ["schema"] = 1,
                    ["location"] = found.Repository.Location,
                    ["tag"] = found.Location.Tag,
                    ["digest"] = found.Digest.ToString(),
                    ["mediaType"] = found.Root.Descriptor.MediaType,
                    ["size"] = found.Root.Descriptor.Size,
                });
            else
                context.Out.WriteLine(parsed.GetValue(full) ? $"{found.Repository.Location}@{found.Digest}" : $"{found.Digest}");
            return ExitCodes.Success;
        });
        return command;
    }
}
