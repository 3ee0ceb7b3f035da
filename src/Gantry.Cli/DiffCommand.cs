using System.CommandLine;
using Gantry.Copying;
using Gantry.Differences;
using Gantry.Differences.Selection;
using Gantry.Display;
using Gantry.Formatting;
using Gantry.Images.Differences;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Verification;

namespace Gantry.Cli;

/// <summary><c>gantry diff</c>: shows what differs between two images, or between two environments or releases.</summary>
internal sealed class DiffCommand
{
    private const string Revision = "org.opencontainers.image.revision";

    private readonly Argument<string> _from = CopyArguments.Argument<string>(
        "from", "The image that is compared from; with --environments an environment, a version or a digest.");

    private readonly Argument<string> _to = CopyArguments.Argument<string>("to", "The same for what is compared to.");

    private readonly Option<bool> _files = new("--files")
    {
        Description = "Compare the files of the layers that differ, too, for which these layers are read completely.",
    };

    private readonly Option<string?> _clone = new("--clone")
    {
        Description = "A folder of the clone that knows the commits [default: the current one, with --environments].",
        HelpName = "folder",
    };

    private readonly Option<bool> _exitCode = new("--exit-code")
    {
        Description = "End with 3 when something differs, or could not be compared.",
    };

    private readonly SeeingArguments _seeing = SeeingArguments.Optional("Compare environments and releases instead of images.");

    private DiffCommand()
    {
    }

    public static Command Create(CommandContext context)
    {
        var diff = new DiffCommand();
        var command = new Command(
            "diff",
            "Shows what differs between two images: packages, base image, layers, files, settings and size; with --environments, between "
                + "two environments or releases, with their commits.")
        {
            diff._from, diff._to, diff._files, diff._clone, diff._exitCode,
        };
        diff._seeing.AddTo(command);
        command.SetAction((parsed, cancellationToken) => diff.RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var session = _seeing.Open(context, parsed);
        var client = CachedRegistryClient.OfUser(session);
        var policy = await _seeing.FindPolicyAsync(context, parsed, session, cancellationToken);
        var selector = policy is null ? null : new ReleaseSelector(client, policy.Base, policy.Images, policy.Targets, context.Time);
        var before = await SelectAsync(context, selector, session, client, parsed.GetRequiredValue(_from), cancellationToken);
        var after = await SelectAsync(context, selector, session, client, parsed.GetRequiredValue(_to), cancellationToken);
        var clone = parsed.GetValue(_clone) ?? (policy is null ? null : ".");

        // Two images have one thing to compare, whatever their names are.
        if (selector is null)
            before = before with
            {
                Commit = clone is null ? null : before.Commit,
                Images = [before.Images[0] with { Name = after.Images[0].Name }],
            };
        var reader = new ReleaseDifferenceReader
        {
            Commits = clone is null ? null : new GitCommitLog(clone),
            Files = new LayerFileDifferences(),
            Parts = parsed.GetValue(_files) ? DifferenceParts.All | DifferenceParts.Files : DifferenceParts.All,
        };
        var difference = await reader.ReadAsync(before, after, cancellationToken);
        ReportOutput.Write(
            context.Out,
            _seeing.Format(parsed),
            ReleaseDifferenceFormatter.Describe(difference),
            ReleaseDifferenceDocument.Of(difference));
        return parsed.GetValue(_exitCode) && ReleaseDifferenceFormatter.MayDiffer(difference) ? ExitCodes.WouldChange : ExitCodes.Success;
    }

    private static async Task<ReleaseToCompare> SelectAsync(
        CommandContext context, ReleaseSelector? selector, RegistrySession session, IRegistryClient client, string text,
        CancellationToken cancellationToken)
    {
        if (selector is null)
            return await FindImageAsync(session, client, text, cancellationToken);
        var selected = await selector.SelectAsync(text, cancellationToken);
        if (selected.Remark is { } remark)
            context.Remark($"note: {remark}");
        return selected.Release;
    }

    private static async Task<ReleaseToCompare> FindImageAsync(
        RegistrySession session, IRegistryClient client, string text, CancellationToken cancellationToken)
    {
        var location = await ArchivedImages.ResolveAsync(ImageText.Parse(text), session, cancellationToken);
        if (location.Reference is null)
            throw CliErrors.NoReference(text);
        var repository = client.Open(location.Address, location.Repository);
        var root = (location.Digest is { } digest
            ? await repository.FindManifestAsync(digest, cancellationToken)
            : await repository.FindManifestAsync(location.Tag!, cancellationToken))
            ?? throw CliErrors.NoSuchTag(repository.Location, location.Reference);
        var annotations = root.IsIndex ? root.ReadIndex().Annotations : root.ReadManifest().Annotations;
        return new ReleaseToCompare
        {
            Name = text,
            Commit = annotations?.GetValueOrDefault(Revision),
            Images = [new ImageToCompare(location.Repository.Length == 0 ? text : location.Repository, repository, root.Descriptor.Digest)],
        };
    }
}
