using System.CommandLine;
using Gantry.Copying;
using Gantry.Oci;
using Gantry.Registries;

namespace Gantry.Cli;

/// <summary><c>gantry verify</c>: reads every byte of an image and verifies it against its digests, or verifies what is signed.</summary>
internal static class VerifyCommand
{
    public static Command Create(CommandContext context)
    {
        var image = CopyArguments.Argument<string>("image", "The image to verify; with a digest, no tag is trusted.");
        var platform = new Option<string?>("--platform")
        {
            Description = "Verify only the image of this platform, for example linux/amd64.",
            HelpName = "os/arch",
        };
        var shared = new CopyArguments();
        var proof = new ProofVerification();
        var command = new Command(
            "verify",
            "Reads an image and everything that belongs to it, and verifies every byte against digests and sizes; with --policy or --key, "
                + "verifies what is signed instead.") { image, platform };
        shared.AddTo(command);
        proof.AddTo(command);

        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = context.Open(parsed, shared.PlainHttp(parsed));
            var location = await ArchivedImages.ResolveAsync(
                ImageText.Parse(parsed.GetRequiredValue(image)), session, cancellationToken);
            if (parsed.GetValue(platform) is { } wanted)
                location = await SelectAsync(session, location, Platform.Parse(wanted), cancellationToken);
            if (proof.IsAsked(parsed))
                return await proof.RunAsync(context, parsed, shared.Format(parsed), session, location, cancellationToken);
            var repository = session.Open(location.Address, location.Repository);
            var progress = new CopyProgress();
            var verifier = new ImageVerifier(shared.Options(parsed), progress);
            var report = await context.ShowAsync(
                shared.Progress(parsed),
                progress,
                () => location.Digest is { } digest
                    ? verifier.VerifyAsync(repository, digest, cancellationToken)
                    : verifier.VerifyAsync(
                        repository, location.Tag ?? throw CliErrors.NoReference(parsed.GetRequiredValue(image)), cancellationToken),
                cancellationToken);

            foreach (var fault in report.Faults)
                context.Error.WriteLine($"{fault.Kind} {fault.Digest}: {fault.Reason}");
            switch (shared.Format(parsed))
            {
                case OutputFormat.Json:
                    context.Out.WriteJson(Documents.Of(report, repository.Location));
                    break;
                case OutputFormat.Text:
                    context.Out.WriteLine(Describe(report, repository.Location));
                    break;
                default:
                    context.WriteChecks(shared.Format(parsed), CommandChecks.Of(report, repository.Location));
                    break;
            }

            return report.Faults.Count == 0 ? ExitCodes.Success : ExitCodes.Failure;
        });
        return command;
    }

    private static async Task<ImageLocation> SelectAsync(
        RegistrySession session, ImageLocation location, Platform platform, CancellationToken cancellationToken)
    {
        var repository = session.Open(location.Address, location.Repository);
        var root = (location.Digest is { } digest
            ? await repository.FindManifestAsync(digest, cancellationToken)
            : await repository.FindManifestAsync(location.Tag ?? "", cancellationToken))
            ?? throw CliErrors.NoSuchImage(repository.Location, location.Reference ?? "");
        var chosen = await ImagePlatform.SelectAsync(repository, root, platform, cancellationToken);
        return location.With(chosen.Descriptor.Digest);
    }

    private static DisplayText Describe(VerificationReport report, string location)
    {
        var faults = report.Faults.Count == 0 ? "no faults" : Format.Count(report.Faults.Count, "fault");
        return $"{location}@{report.Root.Digest}: {Format.Count(report.Manifests, "manifest")}, {Format.Count(report.Blobs, "blob")}, "
            + $"{Format.Bytes(report.Bytes)}, {Format.Count(report.Attachments, "attachment")}; {faults}";
    }
}
