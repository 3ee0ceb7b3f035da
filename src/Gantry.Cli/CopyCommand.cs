using System.CommandLine;
using Gantry.Copying;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Cli;

/// <summary><c>gantry copy</c>: copies an image, or all images of a repository, to one or several targets.</summary>
internal static class CopyCommand
{
    public static Command Create(CommandContext context)
    {
        var source = CopyArguments.Argument<string>(
            "source",
            "The image to copy: registry/repository:tag, ...@sha256:..., oci:folder/repository:tag, oci-archive:file.tar[:tag] or "
                + "docker-archive:file.tar[:name:tag].");
        var targets = CopyArguments.Argument<string[]>(
            "target",
            "The target, in the same forms except docker-archive:; without a tag, that of the source is used. "
                + "Several targets are written at once, and the source is read once.");
        targets.Arity = ArgumentArity.OneOrMore;
        var allTags = new Option<bool>("--all-tags") { Description = "Copy every tag of the repository." };
        var deep = new Option<bool>("--deep")
        {
            Description = "Also check the contents of manifests that exist at the target, and repair what is missing.",
        };
        var platforms = new Option<string[]>("--platform")
        {
            Description = "Only this platform, for example linux/amd64; the copy then has another digest. May be repeated.",
            HelpName = "os/arch",
        };
        var moveTag = new Option<string>("--move-tag")
        {
            Description = "Reason for moving a tag that exists with another digest.",
            HelpName = "reason",
        };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Show what would be copied, and write nothing. Exit code 3 says that something would be.",
        };
        var shared = new CopyArguments();
        var command = new Command("copy", "Copies images by digest, with everything that belongs to them; tags are written last.")
        {
            source, targets, allTags, deep, platforms, moveTag, dryRun,
        };
        shared.AddTo(command);

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = shared.Options(parsed) with
            {
                Deep = parsed.GetValue(deep),
                Platforms = [.. (parsed.GetValue(platforms) ?? []).Select(Platform.Parse)],
            };
            var from = ImageText.Parse(parsed.GetRequiredValue(source));
            var to = parsed.GetRequiredValue(targets).Select(ImageText.Parse).ToList();
            CheckReferences(from, to, parsed.GetRequiredValue(source), parsed.GetRequiredValue(targets), parsed.GetValue(allTags));

            await using var session = context.Open(parsed, shared.PlainHttp(parsed));
            if (!parsed.GetValue(allTags))
                from = await ArchivedImages.ResolveAsync(from, session, cancellationToken);
            var requests = parsed.GetValue(allTags)
                ? await AllTagsAsync(session, from, parsed.GetRequiredValue(source), to, parsed.GetValue(moveTag), cancellationToken)
                : [Request(session.Open(from.Address, from.Repository), session, from.Tag, from.Digest, to, parsed.GetValue(moveTag))];

            if (parsed.GetValue(dryRun))
                return Report(context, await new CopyPlanner(options).PlanAsync(requests, cancellationToken), shared.Format(parsed));
            var progress = new CopyProgress();
            var outcomes = await context.ShowAsync(
                shared.Progress(parsed),
                progress,
                () => new ImageCopier(options, progress).CopyAsync(requests, cancellationToken),
                cancellationToken);
            return Report(context, parsed, outcomes, parsed.GetRequiredValue(targets), shared.Format(parsed));
        });
        return command;
    }

    private static void CheckReferences(
        ImageLocation from, IReadOnlyList<ImageLocation> to, string source, IReadOnlyList<string> targets, bool allTags)
    {
        if (!allTags && from is { Reference: null, Address: not ArchiveAddress })
            throw CliErrors.NoReference(source);
        foreach (var (location, text) in to.Zip(targets).Prepend((from, source)))
        {
            if (allTags && location.Reference is not null)
                throw CliErrors.UnexpectedReference(text);
        }

        if (to
            .Select(location => location.Address)
            .OfType<ArchiveAddress>()
            .GroupBy(address => Path.GetFullPath(address.File))
            .FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
            throw CliErrors.ArchiveTwice(twice.First().ToString());
        foreach (var (location, text) in to.Zip(targets))
        {
            location.EnsureWritable(text);
            if (location.Digest is { } digest && digest != from.Digest)
                throw CliErrors.WrongDigest(text, from.Reference ?? "all tags");
        }
    }

    private static CopyRequest Request(
        IImageRepository source, RegistrySession session, string? tag, Digest? digest, IReadOnlyList<ImageLocation> to,
        string? moveTagReason) => new()
    {
        Source = source,
        Tag = tag,
        Digest = digest,
        Targets =
        [
            .. to.Select(location => new CopyTarget(
                session.Open(location.Address, location.Repository),
                location.Tag ?? (location.Digest is null ? tag : null))
            {
                MoveTagReason = moveTagReason,
            }),
        ],
    };

    private static async Task<IReadOnlyList<CopyRequest>> AllTagsAsync(
        RegistrySession session, ImageLocation from, string text, IReadOnlyList<ImageLocation> to, string? moveTagReason,
        CancellationToken cancellationToken)
    {
        var source = session.Open(from.Address, from.Repository);
        var tags = (await source.ListTagsAsync(cancellationToken)).Where(tag => !DigestTags.IsDigestTag(tag)).ToList();

        // A registry gives the same response for a missing repository as for an empty one.
        return tags.Count > 0
            ? [.. tags.Select(tag => Request(source, session, tag, null, to, moveTagReason))]
            : throw CliErrors.NoTags(text);
    }

    private static int Report(CommandContext context, IReadOnlyList<PlannedCopy> planned, OutputFormat format)
    {
        if (format == OutputFormat.Json)
            context.Out.WriteJson(Documents.Of(planned));
        else if (format != OutputFormat.Text)
            context.WriteChecks(format, CommandChecks.Of(planned));
        foreach (var image in format == OutputFormat.Text ? planned : [])
            context.Out.WriteLine(PromotionFormatter.Describe(image));
        return planned.All(image => image.NothingMoves) ? ExitCodes.Success : ExitCodes.WouldChange;
    }

    private static int Report(
        CommandContext context, ParseResult parsed, IReadOnlyList<CopyOutcome> outcomes, IReadOnlyList<string> targets,
        OutputFormat format)
    {
        if (format == OutputFormat.Json)
            context.Out.WriteJson(Documents.Of(outcomes, targets));
        else if (format != OutputFormat.Text)
            context.WriteChecks(format, CommandChecks.Of(outcomes, targets));
        foreach (var (outcome, target) in outcomes.Zip(targets))
        {
            foreach (var image in format == OutputFormat.Text && !context.IsQuiet ? outcome.Images : [])
                context.Out.WriteLine(PromotionFormatter.Describe(image));
            if (outcome.Error is not { } error)
                continue;
            if (outcomes.Count == 1)
                context.Write(parsed, error, CliRemedies.MessageOf(error));
            else
                context.Write(parsed, error, $"{target} failed: {CliRemedies.MessageOf(error)}");
        }

        return outcomes.All(outcome => outcome.Succeeded) ? ExitCodes.Success : ExitCodes.Failure;
    }
}
