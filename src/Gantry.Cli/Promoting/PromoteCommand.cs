using System.CommandLine;
using Gantry.Azure.Registries;
using Gantry.Display;
using Gantry.Environments;
using Gantry.Formatting;
using Gantry.Notifications;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Promotion.Runs;
using Gantry.Registries;
using Gantry.Releases;

namespace Gantry.Cli.Promoting;

/// <summary><c>gantry promote</c>: promotes a release as the target of the build does, from its declaration file.</summary>
internal sealed class PromoteCommand
{
    private readonly Argument<string> _environment = CopyArguments.Argument<string>("environment", "The environment to promote to.");

    private readonly Option<string?> _release = new("--release") { Description = "The version of the release.", HelpName = "version" };

    private readonly Option<string?> _digest = new("--release-digest")
    {
        Description = "The digest of an image of the release, instead of its version or beside it.",
        HelpName = "digest",
    };

    private readonly Option<string> _environments = CopyArguments.CreateEnvironmentsFile();

    private readonly PromotionReasons _reasons = new();

    private readonly Option<string?> _region = new("--region") { Description = "The only region to promote to.", HelpName = "name" };

    private readonly Option<int?> _wave = new("--wave") { Description = "The only wave of regions to promote to.", HelpName = "number" };

    private readonly Option<string?> _certificate = new("--notation-certificate")
    {
        Description = "The file with the certificates of the signing key, with {environment} for the name, where promotions are also "
            + "signed for the Notary Project.",
        HelpName = "file",
    };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Show the plan, and write nothing. Exit code 3 says that something would change.",
    };

    private readonly Option<bool> _yes = new("--yes") { Description = "Apply the plan without a question. Gates also need --approve." };

    private readonly SignerOption _signer = new("the record of the promotion");

    private readonly Option<string[]> _plainHttp = CopyArguments.CreatePlainHttp();

    private readonly Option<ProgressStyle> _progress = CopyArguments.CreateProgress();

    private readonly Option<ReportFormat> _format = SeeingArguments.CreateCheckFormat();

    public static Command Create(CommandContext context) => new PromoteCommand().CreateCommand(context);

    private Command CreateCommand(CommandContext context)
    {
        var command = new Command(
            "promote",
            "Promotes a release to an environment, as the target of the build does: with the gates, hosts and keys of its declaration. The "
                + "plan is shown first.")
        {
            _environment, _release, _digest, _environments, _region, _wave, _dryRun, _yes, _signer.Option, _certificate,
        };
        _reasons.AddTo(command);
        foreach (var option in new Option[] { _plainHttp, _progress, _format })
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if ((result.GetResult(_release) ?? result.GetResult(_digest)) is null)
                result.AddError("Either --release or --release-digest.");
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var declaration = await Declaration.ReadAsync(parsed.GetRequiredValue(_environments), cancellationToken);
        var environment = declaration.Find(parsed.GetRequiredValue(_environment));
        await using var session = context.Open(parsed, parsed.GetValue(_plainHttp) ?? []);
        var digest = parsed.GetValue(_digest) is { } given ? Digest.Parse(given) : (Digest?)null;
        var release = await new ReleaseFinder(session, context.Time).FindAsync(
            declaration.Policy.Base, declaration.Policy.Images, parsed.GetValue(_release), digest, cancellationToken);
        var view = new PromotionView(context, parsed.GetValue(_format), parsed.GetValue(_progress));
        using var notifier = new Notifier(context.Time, Environment.GetEnvironmentVariable);
        var flow = CreateFlow(context, parsed, declaration, session, view, notifier);
        var request = await CreateRequestAsync(context, parsed, declaration, environment, release, session, cancellationToken);
        try
        {
            var result = await flow.RunAsync(request, cancellationToken);
            return flow.IsDry && result.Changes ? ExitCodes.WouldChange : ExitCodes.Success;
        }
        catch (GantryException error) when (error.Kind == ErrorKind.HeldByGate)
        {
            context.Write(parsed, error, CliRemedies.MessageOf(error));
            return ExitCodes.NotAllowed;
        }
        finally
        {
            Write(context, parsed, view);
        }
    }

    private PromotionFlow CreateFlow(
        CommandContext context, ParseResult parsed, Declaration declaration, RegistrySession session, PromotionView view,
        Notifier notifier)
    {
        var question = new TerminalQuestion(context);
        var planner = new PromotionPlanner(session, context.Time)
        {
            Deployments = Deployers.Planner(context.Time),
            Evaluators = [new NamedGateEvaluator()],
            Keys = declaration.Keys,
        };
        return new PromotionFlow(planner, session, view)
        {
            TargetsOfAsync = (of, _) => Task.FromResult(declaration.TargetsOf(of)),
            KeeperOfAsync = (_, _) => Task.FromResult(new GateKeeper(question) { Approval = _reasons.Approval(parsed) }),
            ConfirmAsync = (plan, token) => ConfirmAsync(parsed, plan, question, token),
            Reading = CachedRegistryClient.OfUser(session),
            Commits = Deployers.FindCommits(),
            Time = context.Time,
            Notifier = notifier,
            IsDry = parsed.GetValue(_dryRun),
        };
    }

    // A person who has answered for the gates has seen the plan.
    private async Task ConfirmAsync(ParseResult parsed, PromotionPlan plan, TerminalQuestion question, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_yes) || _reasons.Approval(parsed) is not null || question.SaidYes || plan.WritesNothing)
            return;
        var (version, environment) = (plan.Request.Release.Version, plan.Request.Environment.DisplayName);
        if (!question.IsInteractive)
            throw PromoteErrors.NobodyToAsk(version, environment);
        if (!await question.ConfirmAsync([], $"Promote {version} to {environment}?", cancellationToken))
            throw PromoteErrors.SaidNo(version, environment);
    }

    private async Task<PromotionRequest> CreateRequestAsync(
        CommandContext context, ParseResult parsed, Declaration declaration, PromotionEnvironment environment, Release release,
        RegistrySession session, CancellationToken cancellationToken)
    {
        var all = declaration.TargetsOf(environment);
        IReadOnlyList<PromotionTarget> targets =
        [
            .. RegionChoice.Of(
                    environment, [.. all.Select(target => target.Address)], parsed.GetValue(_region), parsed.GetValue(_wave), isGoal: true)
                .Select(target => target with { Trust = all[0].Trust }),
        ];
        var request = new PromotionRequest
        {
            Release = release,
            Base = declaration.Policy.Base,
            BaseTrust = declaration.Policy.BaseTrust,
            Targets = targets,
            EarlierWaves = RegionChoice.EarlierWavesOf(targets, all),
            ReturnsEarlierWaves = parsed.GetValue(_region) is null,
            Before = environment.After is { } before ? declaration.TargetsOf(before) : [],
            Signer = Declaration.SignerOf(all, _signer.Open(context, parsed)),
            ExtraSignatures = await declaration.ExtraSignaturesAsync(all, parsed.GetValue(_certificate), cancellationToken),
            Policy = declaration.Source,
            IsNamed = TerminalQuestion.IsPersonal,
            Locks = new AcrLocks(session),
        };
        return _reasons.Apply(parsed, request);
    }

    private void Write(CommandContext context, ParseResult parsed, PromotionView view)
    {
        var format = parsed.GetValue(_format);
        if (format == ReportFormat.Table || view.Reported.Count == 0)
            return;
        ReportOutput.Write(
            context.Out,
            format,
            PromotionRunReport.Describe(view.Reported),
            PromotionRunDocument.Of(view.Reported, parsed.GetValue(_dryRun)),
            PromotionChecks.Of(view.Reported, parsed.GetRequiredValue(_environments)));
    }
}
