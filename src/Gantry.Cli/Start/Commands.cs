using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Gantry.Cli.Completion;
using Gantry.Cli.Images;
using Gantry.Cli.Init;
using Gantry.Cli.Promoting;
using Gantry.Cli.SignIn;
using Gantry.IO;

namespace Gantry.Cli.Start;

/// <summary>The command line.</summary>
internal static class Commands
{
    /// <summary>The name of the program, whatever file it runs from.</summary>
    public const string Name = "gantry";

    private const string Description = "Copies, inspects and verifies container images by digest, and shows what runs where. "
        + "The exit code is 0 for success, 1 for a failure, 2 for a wrong command line; docs/reference/exit-codes.md lists all of them.";

    // Without response files: "@file" would bring text from elsewhere into messages, and a pipe of that name would block.
    private static readonly ParserConfiguration s_parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs a command line.</summary>
    public static async Task<int> RunAsync(string[] args, CommandContext context, CancellationToken cancellationToken)
    {
        var root = Create(context);
        if (args is [CompleteCommand.Name, .. var words])
            return CompleteCommand.Run(context, root, words);
        var parsed = root.Parse(args, s_parser);

        // The messages about a wrong command line repeat its arguments.
        if (parsed.Errors.Count > 0)
            parsed = root.Parse([.. args.Select(DisplayText.Neutralize)], s_parser);
        try
        {
            if (parsed.CommandResult.Command == root && args.Length == 0)
                return await ShowHelpAsync(root, context, cancellationToken);
            RefuseBlankOptions(parsed);
            if (parsed.Action is ParseErrorAction && UsageCheck.Find(parsed) is { } wrong)
                return Refuse(context, parsed, wrong);
            return await parsed.InvokeAsync(context.Invocation, cancellationToken);
        }
        catch (GantryException exception)
        {
            context.Write(parsed, exception, CliRemedies.MessageOf(exception));
            return ExitCodes.Failure;
        }
        catch (Exception exception) when (ResourceLimits.Find(exception) is not null)
        {
            // In a part that takes no error of the system for its own: a token, a credential helper, a temporary file.
            context.Write(parsed, exception, ResourceLimits.Find(exception)!.Message);
            return ExitCodes.Failure;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            context.WriteWhereItIs();
            context.Error.WriteLine("Stopped. No tag points to an incomplete image; run the same command again to continue.");
            return ExitCodes.Cancelled;
        }
    }

    private static Command Create(CommandContext context)
    {
        // Not a RootCommand: its name is that of the program file.
        var root = new Command(Name, Description)
        {
            InitCommand.Create(context),
            CopyCommand.Create(context),
            SyncCommand.Create(context),
            InspectCommand.Create(context),
            ListCommand.Create(context),
            DigestCommand.Create(context),
            ReferrersCommand.Create(context),
            CatCommand.Create(context),
            TagCommand.Create(context),
            VerifyCommand.Create(context),
            StatusCommand.Create(context),
            HistoryCommand.Create(context),
            AuditCommand.Create(context),
            ReportCommand.Create(context),
            PruneCommand.Create(context),
            GcCommand.Create(context),
            DeleteCommand.Create(context),
            VerifyEnvironmentsCommand.Create(context),
            CheckBaseCommand.Create(context),
            DiffCommand.Create(context),
            PromoteCommand.Create(context),
            LoginCommand.Create(context),
            LogoutCommand.Create(context),
            CompletionCommand.Create(context),
        };
        root.Options.Add(new HelpOption());
        root.Options.Add(new VersionOption());
        foreach (var option in context.Options)
            root.Options.Add(option);
        return root;
    }

    private static async Task<int> ShowHelpAsync(Command root, CommandContext context, CancellationToken cancellationToken)
    {
        await root.Parse(["--help"], s_parser).InvokeAsync(context.InvocationOfError, cancellationToken);
        return ExitCodes.Usage;
    }

    // The error is last and alone; how the command is written is one line before it.
    private static int Refuse(CommandContext context, ParseResult parsed, GantryException error)
    {
        context.Error.WriteLine($"usage: {UsageCheck.UsageOf(parsed.CommandResult)}");
        context.Write(parsed, error, error.Message);
        return ExitCodes.Usage;
    }

    // A blank reason is none, and a blank host or platform is a variable without a value.
    private static void RefuseBlankOptions(ParseResult parsed)
    {
        foreach (var option in parsed.CommandResult.Children.OfType<OptionResult>())
        {
            if (option.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                throw CliErrors.BlankOption(option.Option.Name);
        }
    }
}
