using System.CommandLine;
using Gantry.Differences;
using Gantry.Display;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Status;
using Gantry.Verification;

namespace Gantry.Cli;

/// <summary><c>gantry history</c>: shows what happened in an environment, or the way of an image from build to prod.</summary>
internal sealed class HistoryCommand
{
    private readonly Argument<string?> _environment = new("environment")
    {
        Description = "The environment whose history is shown.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _image = new("--image")
    {
        Description = "An image: alone, its part of the history of the environment; with --release or --digest, its whole way.",
        HelpName = "name",
    };

    private readonly Option<string?> _release = new("--release") { Description = "The release of the image.", HelpName = "version" };

    private readonly Option<string?> _digest = new("--digest") { Description = "The digest of the image.", HelpName = "digest" };

    private readonly Option<bool> _changes = new("--changes")
    {
        Description = "Also show what changed from one release to the next: commits, from the clone in this folder, and packages.",
    };

    private readonly SeeingArguments _seeing = new();

    public static Command Create(CommandContext context) => new HistoryCommand().CreateCommand(context);

    private Command CreateCommand(CommandContext context)
    {
        var command = new Command(
            "history", "Shows every promotion, return, bypass and hold of an environment, or the way of an image from build to prod.")
        {
            _environment, _image, _release, _digest, _changes,
        };
        _seeing.AddTo(command);
        command.Validators.Add(result =>
        {
            var isWay = (result.GetResult(_release) ?? result.GetResult(_digest)) is not null;
            if (isWay && result.GetResult(_image) is null)
                result.AddError("--release and --digest belong to --image.");
            if (result.GetResult(_environment)?.Tokens.Count > 0 == isWay)
                result.AddError("Either an environment, or --image with --release or --digest.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = _seeing.Open(context, parsed);
            var policy = await _seeing.ReadPolicyAsync(context, parsed, session, cancellationToken);
            var client = CachedRegistryClient.OfUser(session);
            if (parsed.GetValue(_image) is { } image && !policy.Images.Contains(image))
                throw CliErrors.UnknownImage(image, policy.Images);
            return parsed.GetValue(_environment) is { } environment
                ? await ShowEnvironmentAsync(context, parsed, policy.For(environment), client, environment, cancellationToken)
                : await ShowWayAsync(context, parsed, policy, client, cancellationToken);
        });
        return command;
    }

    private async Task<int> ShowEnvironmentAsync(
        CommandContext context, ParseResult parsed, VerificationPolicy policy, IRegistryClient client, string environment,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<string> images = parsed.GetValue(_image) is { } image ? [image] : policy.Images;
        var reader = new EnvironmentHistoryReader(client, context.Time)
        {
            Base = new BaseReleases(client, policy.Base, policy.Images, context.Time),
            Differences = parsed.GetValue(_changes) ? new ReleaseDifferenceReader { Commits = new GitCommitLog(".") } : null,
        };
        var histories = new List<EnvironmentHistory>();
        foreach (var target in policy.Targets.Where(target => IsNamed(target.Environment, environment)))
            histories.Add(await reader.ReadAsync(target, images, cancellationToken));
        ReportOutput.Write(
            context.Report,
            _seeing.Format(parsed),
            HistoryFormatter.Describe(histories[0].Target.Environment.DisplayName, histories),
            EnvironmentHistoryDocument.Of(histories));
        return histories.Exists(history => history.Problems.Count > 0) ? ExitCodes.Failure : ExitCodes.Success;
    }

    private async Task<int> ShowWayAsync(
        CommandContext context, ParseResult parsed, VerificationPolicy policy, IRegistryClient client, CancellationToken cancellationToken)
    {
        var image = parsed.GetValue(_image)!;
        var digest = parsed.GetValue(_digest) is { } given
            ? Digest.Parse(given)
            : (await new BaseReleases(client, policy.Base, policy.Images, context.Time)
                .FindAsync(ReleaseTag.VersionOf(parsed.GetRequiredValue(_release)!), cancellationToken))
                .Images.FirstOrDefault(each => each.Name == image)?.Digest
                ?? throw CliErrors.UnknownImage(image, policy.Images);
        var audit = await new AuditReader(client, policy, context.Time).ReadAsync(image, digest, cancellationToken);
        ReportOutput.Write(
            context.Report, _seeing.Format(parsed), HistoryFormatter.DescribeWay(audit), DigestAuditDocument.Of(audit.WayOnly()));
        return audit.Problems.Count > 0 ? ExitCodes.Failure : ExitCodes.Success;
    }

    private static bool IsNamed(PromotionEnvironment environment, string name) =>
        environment.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
