using System.CommandLine;
using Gantry.Display;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Status;
using Gantry.Verification;

namespace Gantry.Cli;

/// <summary><c>gantry audit</c>: shows everything that is known about a digest, in the order of time, verified.</summary>
internal static class AuditCommand
{
    public static Command Create(CommandContext context)
    {
        var image = CopyArguments.Argument<string>(
            "image", "The image with its digest: NAME@DIGEST, by the name in the declaration or as it is in one of its registries.");
        var seeing = new SeeingArguments();
        var command = new Command("audit", "Shows everything that is known about one digest, in the order of time, verified.") { image };
        seeing.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = seeing.Open(context, parsed);
            var policy = await seeing.ReadPolicyAsync(context, parsed, session, cancellationToken);
            var (name, digest) = Find(policy, parsed.GetRequiredValue(image));
            var audit = await new AuditReader(CachedRegistryClient.OfUser(session), policy, context.Time)
                .ReadAsync(name, digest, cancellationToken);
            ReportOutput.Write(context.Report, seeing.Format(parsed), AuditFormatter.Describe(audit), DigestAuditDocument.Of(audit));
            return audit.Problems.Count > 0 ? ExitCodes.Failure : ExitCodes.Success;
        });
        return command;
    }

    private static (string Name, Digest Digest) Find(VerificationPolicy policy, string text)
    {
        var at = text.LastIndexOf('@');
        var digest = at < 0 ? throw CliErrors.NoDigest(text) : Digest.Parse(text[(at + 1)..]);
        if (policy.Images.FirstOrDefault(image => image == text[..at]) is { } declared)
            return (declared, digest);
        var location = ImageText.Parse(text);
        var described = location.Address.Describe(location.Repository);
        return policy.Images.FirstOrDefault(image => policy.Targets.Select(target => target.Address).Append(policy.Base)
            .Any(address => address.Describe(image) == described)) is { } found
            ? (found, digest)
            : throw CliErrors.UnknownImage(described, policy.Images);
    }
}
