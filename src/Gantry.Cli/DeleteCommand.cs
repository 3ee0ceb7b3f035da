using System.CommandLine;
using Gantry.Azure.Registries;
using Gantry.Display;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Pruning;
using Gantry.Registries;

namespace Gantry.Cli;

/// <summary><c>gantry delete</c>: deletes named images, unless something needs them.</summary>
internal sealed class DeleteCommand
{
    private readonly Argument<string[]> _images = CopyArguments.Argument<string[]>(
        "image",
        "The image: with a digest, all of it with every tag; with a tag, the image if it has no other tag, and otherwise the tag alone.");

    private readonly Option<string?> _apply = new("--apply")
    {
        Description = "Delete what is in the list with this digest, if it is still the same. Without it, you are asked at a terminal, and "
            + "elsewhere nothing is deleted.",
        HelpName = "digest",
    };

    private readonly Option<bool> _withoutEnvironments = new("--without-environments")
    {
        Description = "Delete from a registry that no environment has: no declaration is read. Images that a promotion records are still "
            + "refused.",
    };

    private readonly Option<string[]> _mayBeEmpty = new("--may-be-empty")
    {
        Description = "An environment to which nothing may have been promoted yet.",
        HelpName = "environment",
    };

    private readonly Option<bool> _ignoreHosts = new("--ignore-hosts")
    {
        Description = "Let the records alone say what hosts run, which only the build can ask.",
    };

    private readonly SignerOption _signer = new("the records of deletions");

    private readonly SeeingArguments _seeing = new();

    public static Command Create(CommandContext context) => new DeleteCommand().CreateCommand(context);

    private Command CreateCommand(CommandContext context)
    {
        _images.Arity = ArgumentArity.OneOrMore;
        var command = new Command(
            "delete",
            "Deletes images with everything that belongs to them. What an environment, its rollback, a hold, a host or a lock needs is "
                + "refused. The list is shown first.")
        {
            _images, _apply, _withoutEnvironments, _mayBeEmpty, _ignoreHosts, _signer.Option,
        };
        _seeing.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var named = parsed.GetRequiredValue(_images).Select(text => (Text: text, Location: ImageLocation.Parse(text))).ToList();
        if (named.Find(each => each.Location.Reference is null).Text is { } unnamed)
            throw CliErrors.NothingNamed(unnamed);
        await using var session = _seeing.Open(context, parsed);
        var request = await CreateRequestAsync(context, parsed, session, named[0].Location.Address, named, cancellationToken);
        var images = named.Select(each => new NamedImage(
            session.Open(each.Location.Address, each.Location.Repository).Location,
            each.Location.Digest is null ? each.Location.Tag : null,
            each.Location.Digest));
        var plan = await new DeletionPlanner(session, context.Time).PlanAsync(request, [.. images], cancellationToken);
        if (parsed.GetValue(_apply) is { } digest)
        {
            plan.Require(digest);
        }
        else
        {
            Write(context, parsed, DeletionFormatter.Describe(plan), PruningDocument.Of(plan));
            if (!await IsConfirmedAsync(context, parsed, plan, cancellationToken))
                return ExitCodes.WouldChange;
        }

        var outcome = await ApplyAsync(context, parsed, request, plan, cancellationToken);
        Write(context, parsed, PruningFormatter.Describe(outcome), PruningDocument.Of(outcome));
        return outcome is { Succeeded: true, Kept.Count: 0 } ? ExitCodes.Success : ExitCodes.Failure;
    }

    // Two documents would be in the output of a program.
    private async Task<bool> IsConfirmedAsync(
        CommandContext context, ParseResult parsed, PruningPlan plan, CancellationToken cancellationToken)
    {
        var question = new TerminalQuestion(context);
        return _seeing.Format(parsed) == ReportFormat.Table && question.IsInteractive
            && await question.ConfirmAsync([], $"Apply {Format.Count(plan.Items.Count, "deletion")}?", cancellationToken);
    }

    private Task<PruningOutcome> ApplyAsync(
        CommandContext context, ParseResult parsed, PruningRequest request, PruningPlan plan, CancellationToken cancellationToken)
    {
        var pruner = new Pruner
        {
            Time = context.Time,
            SignerOf = _signer.Open(context, parsed),
            Deleting = item => context.Remark(
                $"deleting {string.Join(", ", item.Tags)} ({item.Digest.Short}) from {item.Location}"),
        };
        return pruner.ApplyAsync(request, plan, cancellationToken);
    }

    private async Task<PruningRequest> CreateRequestAsync(
        CommandContext context, ParseResult parsed, RegistrySession session, RegistryAddress registry,
        IEnumerable<(string Text, ImageLocation Location)> named, CancellationToken cancellationToken)
    {
        var rules = new PruningRules { MayBeEmpty = parsed.GetValue(_mayBeEmpty) ?? [] };
        if (parsed.GetValue(_withoutEnvironments))
            return new PruningRequest
            {
                Base = registry,
                Images = [.. named.Select(each => each.Location).Where(each => each.Address == registry)
                    .Select(each => each.Repository).Distinct()],
                Targets = [],
                Rules = rules,
                Catalog = new AcrCatalog(session),
            };
        var (document, policy) = await _seeing.ReadDocumentAsync(context, parsed, session, cancellationToken);
        if (!parsed.GetValue(_ignoreHosts) && document.Environments.FirstOrDefault(each => each.Hosts?.Count > 0) is { } unasked)
            throw CliErrors.UnaskedHosts(unasked.Name, unasked.Hosts!);
        return new PruningRequest
        {
            Base = policy.Base,
            BaseTrust = policy.BaseTrust,
            Images = policy.Images,
            Targets = policy.Targets,
            Rules = rules,
            Catalog = new AcrCatalog(session),
        };
    }

    private void Write(CommandContext context, ParseResult parsed, TextReport report, PruningDocument document) =>
        ReportOutput.Write(context.Report, _seeing.Format(parsed), report, document.ToNode());
}
