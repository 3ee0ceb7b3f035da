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

    private readonly PruningArguments _pruning = new();

    public static Command Create(CommandContext context) => new DeleteCommand().CreateCommand(context);

    private Command CreateCommand(CommandContext context)
    {
        _images.Arity = ArgumentArity.OneOrMore;
        var command = new Command(
            "delete",
            "Deletes images with everything that belongs to them. What an environment, its rollback, a hold, a host or a lock needs is "
                + "refused. The list is shown first.")
        {
            _images, _apply, _withoutEnvironments,
        };
        _pruning.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var named = parsed.GetRequiredValue(_images).Select(text => (Text: text, Location: ImageLocation.Parse(text))).ToList();
        if (named.Find(each => each.Location.Reference is null).Text is { } unnamed)
            throw CliErrors.NothingNamed(unnamed);
        await using var session = _pruning.Open(context, parsed);
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
            _pruning.Write(context, parsed, DeletionFormatter.Describe(plan), PruningDocument.Of(plan));
            if (!await IsConfirmedAsync(context, parsed, plan, cancellationToken))
                return ExitCodes.WouldChange;
        }

        var outcome = await _pruning.ApplyAsync(context, parsed, request, plan, cancellationToken);
        return outcome is { Succeeded: true, Kept.Count: 0 } ? ExitCodes.Success : ExitCodes.Failure;
    }

    // Two documents would be in the output of a program.
    private async Task<bool> IsConfirmedAsync(
        CommandContext context, ParseResult parsed, PruningPlan plan, CancellationToken cancellationToken)
    {
        var question = new TerminalQuestion(context);
        return _pruning.Format(parsed) == ReportFormat.Table && question.IsInteractive
            && await question.ConfirmAsync([], $"Apply {Format.Count(plan.Items.Count, "deletion")}?", cancellationToken);
    }

    private async Task<PruningRequest> CreateRequestAsync(
        CommandContext context, ParseResult parsed, RegistrySession session, RegistryAddress registry,
        IEnumerable<(string Text, ImageLocation Location)> named, CancellationToken cancellationToken)
    {
        var rules = new PruningRules { MayBeEmpty = _pruning.MayBeEmpty(parsed) };
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
        return await _pruning.ReadRequestAsync(context, parsed, session, rules, cancellationToken);
    }
}
