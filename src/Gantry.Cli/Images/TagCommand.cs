using System.CommandLine;
using System.Text.Json.Nodes;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Cli.Images;

/// <summary><c>gantry tag</c>: gives an image further tags in its repository.</summary>
internal sealed class TagCommand
{
    private readonly ImageArguments _image = new("The image, by its digest or another tag.");
    private readonly Argument<string[]> _tags = CopyArguments.Argument<string[]>("tag", "The tags to write.");
    private readonly Option<string?> _moveTag = new("--move-tag")
    {
        Description = "Reason for moving a tag that exists with another digest.",
        HelpName = "reason",
    };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Show which tags would be written, and write nothing. Exit code 3 says that one would be.",
    };

    private readonly Option<OutputFormat> _format = CopyArguments.CreateFormat();

    public static Command Create(CommandContext context) => new TagCommand().CreateCommand(context);

    private Command CreateCommand(CommandContext context)
    {
        _tags.Arity = ArgumentArity.OneOrMore;
        var command = new Command("tag", "Gives an image further tags in its repository. A tag of another image is not moved.")
        {
            _tags, _moveTag, _dryRun, _format,
        };
        _image.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var tags = parsed.GetRequiredValue(_tags).Distinct(StringComparer.Ordinal).ToList();
        foreach (var tag in tags)
            _ = ImageReference.Parse($"localhost/x:{tag}");
        await using var session = _image.Open(context, parsed);
        var found = await _image.FindAsync(parsed, session, cancellationToken);
        found.Location.EnsureWritable(_image.Text(parsed));

        // All tags are checked before the first one is written.
        var targets = tags
            .Select(tag => new CopyTarget(found.Repository, tag) { MoveTagReason = parsed.GetValue(_moveTag) })
            .ToList();
        var before = new List<Digest?>();
        foreach (var target in targets)
            before.Add((await target.FindTagAsync(found.Digest, cancellationToken))?.Digest);
        var isDry = parsed.GetValue(_dryRun);
        for (var at = 0; at < targets.Count && !isDry; at++)
        {
            if (before[at] != found.Digest)
                await WriteAsync(found, tags[at], cancellationToken);
        }

        if (!isDry)
            await found.Repository.CompleteAsync(cancellationToken);
        Report(context, parsed, found, tags, before);
        return isDry && before.Exists(digest => digest != found.Digest) ? ExitCodes.WouldChange : ExitCodes.Success;
    }

    private static async Task WriteAsync(FoundImage found, string tag, CancellationToken cancellationToken)
    {
        await found.Repository.PutTagAsync(tag, found.Root, cancellationToken);
        if ((await found.Repository.FindManifestAsync(tag, cancellationToken))?.Descriptor.Digest != found.Digest)
            throw CliErrors.TagNotWritten(found.Repository.Location, tag);
    }

    private void Report(CommandContext context, ParseResult parsed, FoundImage found, List<string> tags, List<Digest?> before)
    {
        var isDry = parsed.GetValue(_dryRun);
        if (parsed.GetValue(_format) == OutputFormat.Json)
        {
            context.Out.WriteJson(new JsonObject
            {
                ["schema"] = 1,
                ["location"] = found.Repository.Location,
                ["digest"] = found.Digest.ToString(),
                ["dryRun"] = isDry,
                ["tags"] = new JsonArray(
                [
                    .. tags.Zip(before, (tag, digest) => (JsonNode)new JsonObject
                    {
                        ["tag"] = tag,
                        ["before"] = digest?.ToString(),
                        ["changes"] = digest != found.Digest,
                    }),
                ]),
            });
            return;
        }

        if (context.IsQuiet)
            return;
        foreach (var (tag, digest) in tags.Zip(before))
        {
            var moved = digest is null || digest == found.Digest ? "" : $" (before: {digest})";
            context.Out.WriteLine($"{found.Repository.Location}:{tag} {Describe(found, digest, isDry)} {found.Digest}{moved}");
        }
    }

    private static string Describe(FoundImage found, Digest? before, bool isDry) =>
        before == found.Digest ? "is there as"
        : isDry ? "would be written to"
        : "points to";
}
